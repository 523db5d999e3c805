import type { Segment } from '../../decode/segment.js';
import { distance, isBefore } from '../../decode/sequence.js';
import { Ranges } from './ranges.js';

/** Ticks, of a millisecond on most systems: what is older than this was not overtaken, its clock is another one. */
const TOO_OLD = 2000;

/**
 * Sequence numbers that were used only by segments whose timestamp was much older than those before. A receiver throws them away (PAWS,
 * RFC 7323 section 5), and they need not come from the end whose address they carry: what that end sends there later, with a
 * timestamp of its own clock, is not sent again.
 */
export class Strangers {
  private readonly ranges: Ranges = new Ranges();

  /** These, and the segment. */
  with({ seq, end }: Segment): this {
    this.ranges.add(seq, end);
    return this;
  }

  /** Whether the segment is the first at its numbers that the receiver can have taken. */
  precededOnly({ seq, end, hasTimestamps, tsval }: Segment, newest: number): boolean {
    return hasTimestamps && !isBefore(tsval, newest) && this.ranges.covers(seq, end);
  }
}

/** The segment's timestamp is much older than `newest`, the newest that its end has sent. */
export function isOfOtherClock({ hasTimestamps, tsval }: Segment, newest: number): boolean {
  return hasTimestamps && distance(newest, tsval) > TOO_OLD;
}
