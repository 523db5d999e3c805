import { FIN, SYN } from '../decode/flags.js';
import { OUT_OF_ORDER } from '../flow/seen.js';
import type { Observation } from './observation.js';
import { isWithin } from './within.js';

/** Nanoseconds that are allowed while the initial round trip time is unknown. */
const WITHOUT_RTT = 3_000_000;

export const outOfOrder: Observation = {
  id: 'out_of_order',
  title: 'Out of order',
  bit: OUT_OF_ORDER,
  about: 'A segment arrives after one that continues behind it, so soon that it can hardly have been sent again.',
  doubt: `It is a guess by time alone: the segment came within the initial round trip time, or 3 ms where that is unknown, after the
    newest one. In a transfer that goes on while a hole is filled every resend does, so that fast retransmissions are often called out
    of order; and a segment that was overtaken by more than that is called a retransmission. Do not believe it where the peer had asked
    for the segment by SACK or duplicate ACKs, where its TSval or IP ID is newer than those of the segments that continue behind it, or
    where the same bytes were captured before: that is the verdict resent-fast, or a copy. Believe it where TSval or IP ID is the older
    one: that is the verdict reordered.`,
  example: `
    0.000 > . 1000:1100(100) ack 5000 win 500
    0.001 > . 1200:1300(100) ack 5000 win 500    # lost_segment
    0.002 > . 1100:1200(100) ack 5000 win 500    # out_of_order
  `,
  isSeen: (segment, { wireshark: forward }, _, { wireshark: conversation }) =>
    isWithin(conversation.initialRtt || WITHOUT_RTT, forward.nextSeqTime, segment.time) &&
    forward.nextSeq !== ((segment.seq + segment.length + (segment.flags & (SYN | FIN) ? 1 : 0)) | 0),
};
