import type { Segment } from '../decode/segment.js';
import { isBefore } from '../decode/sequence.js';
import { FAST_RETRANSMISSION } from '../flow/seen.js';
import type { WiresharkDirection } from '../flow/wireshark/direction.js';
import { SUPPRESSED } from '../flow/wireshark/direction.js';
import { acksUnseen } from '../flow/wireshark.js';
import type { Observation } from './observation.js';
import { isWithin } from './within.js';

/** Nanoseconds since the last ACK. */
const AT_ONCE = 20_000_000;

export const fastRetransmission: Observation = {
  id: 'fast_retransmission',
  title: 'Fast retransmission',
  bit: FAST_RETRANSMISSION,
  about: 'The sender repeats a segment as soon as duplicate ACKs ask for it, without waiting for its timer.',
  doubt: `Two duplicate ACKs and 20 ms decide, on the segment that is asked for; the other holes that the same SACKs
    show are called retransmission or out_of_order.`,
  example: `
    0.000 > .  1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 500
    0.011 > .  1100:1200(100) ack 5000 win 500
    0.012 > .  1200:1300(100) ack 5000 win 500
    0.013 > .  1300:1400(100) ack 5000 win 500
    0.022 < .  5000:5000(0)   ack 1100 win 500    # duplicate_ack
    0.023 < .  5000:5000(0)   ack 1100 win 500    # duplicate_ack
    0.024 > .  1100:1200(100) ack 5000 win 500    # retransmission fast_retransmission
  `,
  isSeen: (segment, { wireshark: forward }, { wireshark: reverse }) =>
    forward.nextSeq !== 0 &&
    isBefore(segment.seq, forward.nextSeq) &&
    reverse.lastAck === segment.seq &&
    countsTwo(segment, reverse) &&
    isWithin(AT_ONCE, reverse.lastAckTime, segment.time),
};

/** Wireshark compares without sign, so its suppressed counter (2³²-1) passes for "two or more". */
function countsTwo(segment: Segment, reverse: WiresharkDirection): boolean {
  const suppressesNow = acksUnseen(segment, reverse) && !isBefore(reverse.maxSeqToBeAcked, reverse.nextSeq);
  return suppressesNow || reverse.duplicateAcks >= 2 || reverse.duplicateAcks === SUPPRESSED;
}
