import { isBefore } from '../decode/sequence.js';
import { ACK_LOST_SEGMENT } from '../flow/seen.js';
import { acksUnseen } from '../flow/wireshark.js';
import type { Observation } from './observation.js';

export const ackLostSegment: Observation = {
  id: 'ack_lost_segment',
  title: 'ACKed unseen segment',
  bit: ACK_LOST_SEGMENT,
  about: 'Bytes are acknowledged that are not in the capture: they reached the receiver, so it is the capture that misses them.',
  doubt: 'It is said once, until the acknowledgments change; behind a hole it can be said without anything missing.',
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1400 win 500    # ack_lost_segment
  `,
  isSeen: (segment, _, { wireshark: reverse }) =>
    acksUnseen(segment, reverse) && (isBefore(reverse.maxSeqToBeAcked, reverse.nextSeq) || reverse.duplicateAcks === 0),
};
