import { RST, SYN } from '../decode/flags.js';
import { isBefore } from '../decode/sequence.js';
import { OLD_TIMESTAMP } from '../flow/seen.js';
import type { Observation } from './observation.js';

export const oldTimestamp: Observation = {
  id: 'old_timestamp',
  title: 'Timestamp older than before',
  bit: OLD_TIMESTAMP,
  about: `The segment continues the stream but its timestamp is older than that of a segment before it: the receiver will take it for a leftover
    of another connection (PAWS, RFC 7323 section 5). Wireshark has no flag for it.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 5000 ecr 900>
    0.100 > P. 1100:1200(100) ack 5000 win 500 <nop,nop,TS val 2000 ecr 910>    # old_timestamp
  `,
  isSeen: (segment, sender) =>
    segment.hasTimestamps &&
    sender.hasTimestamps &&
    segment.length > 0 &&
    isBefore(segment.tsval, sender.lastTsval) &&
    !isBefore(segment.seq, sender.sndNxt) &&
    (segment.flags & (SYN | RST)) === 0,
};
