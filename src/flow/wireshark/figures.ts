import type { Segment } from '../../decode/segment.js';
import type { WiresharkConversation } from '../wireshark.js';
import type { WiresharkDirection } from './direction.js';
import { NONE, type Unacked } from './unacked.js';

/** Numbers that Wireshark 4.0 shows beside a segment's flags; 0 where it shows none. Refilled with each segment. Spans in nanoseconds. */
export class WiresharkFigures {
  /** tcp.completeness: before the segment. */
  completeness = 0;
  /** tcp.analysis.duplicate_ack_num and _frame. */
  duplicateAckNumber = 0;
  duplicateAckFrame = 0;
  /** tcp.analysis.rto and rto_frame: since the oldest segment that is not acknowledged, whichever was sent again. */
  rto = 0;
  rtoFrame = 0;
  /** tcp.analysis.acks_frame and ack_rtt. */
  acksFrame = 0;
  ackRtt = 0;

  begin({ completeness }: WiresharkConversation): void {
    this.completeness = completeness;
    this.duplicateAckNumber = this.duplicateAckFrame = 0;
    this.rto = this.rtoFrame = 0;
    this.acksFrame = this.ackRtt = 0;
  }

  duplicateAck({ duplicateAcks, lastNonDuplicateAck }: WiresharkDirection): void {
    this.duplicateAckNumber = duplicateAcks;
    this.duplicateAckFrame = lastNonDuplicateAck;
  }

  acknowledges(frame: number, span: number): void {
    this.acksFrame = frame;
    this.ackRtt = span;
  }

  resent(segment: Segment, { oldest, nextSeqFrame, nextSeqTime }: WiresharkDirection, unacked: Unacked): void {
    this.rtoFrame = oldest === NONE ? nextSeqFrame : (unacked.frame[oldest] as number);
    this.rto = segment.time - (oldest === NONE ? nextSeqTime : (unacked.time[oldest] as number));
  }
}

/** tcp.analysis.bytes_in_flight with a segment, after it was counted; 0 where Wireshark does not believe its own sum, undefined where it has none. */
export function bytesInFlight(
  { length, flags }: Segment,
  forward: WiresharkDirection,
  reverse: WiresharkDirection,
  unacked: Unacked,
): number | undefined {
  if (length <= 0 || !forward.isGapless || forward.oldest === NONE) return undefined;
  const bytes = unacked.span(forward) - reverse.sackedBytes;
  return bytes > 0 && bytes < MOST_BELIEVED ? bytes - (flags & 3 ? 1 : 0) : 0;
}

const MOST_BELIEVED = 2_000_000_000;
