import type { Segment } from '../../decode/segment.js';
import { isBefore } from '../../decode/sequence.js';
import { Ranges } from './ranges.js';

/**
 * Sequence numbers that were used only by segments whose timestamp was older than those before. A receiver throws them away (PAWS,
 * RFC 7323 section 5), and they need not come from the end whose address they carry: what that end sends there later, with a
 * timestamp of its own clock, is not sent again.
 */
export class Strangers {
  private readonly ranges: Ranges = new Ranges();

  /** The segment goes on where the last one of its end stopped, although its timestamp is older than `newest`. */
  doubt({ seq, end, hasTimestamps, tsval }: Segment, newest: number): void {
    if (hasTimestamps && isBefore(tsval, newest)) this.ranges.add(seq, end);
  }

  /** Whether the segment is the first at its numbers that the receiver can have taken. */
  precededOnly({ seq, end, hasTimestamps, tsval }: Segment, newest: number): boolean {
    return !this.ranges.isEmpty && hasTimestamps && !isBefore(tsval, newest) && this.ranges.covers(seq, end);
  }
}
