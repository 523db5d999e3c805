import { type RecordClass, recordOf } from './memory/record.js';

/** Nanoseconds. */
export interface RoundTripNumbers {
  count: number;
  latest: number;
  shortest: number;
  longest: number;
  /** Smoothed, RFC 6298. */
  smoothed: number;
  /** The highest that the smoothed value has been. */
  swollen: number;
  swollenFrame: number;
}

const RoundTripRecord: RecordClass<RoundTripNumbers> = recordOf<RoundTripNumbers>({
  count: 'int',
  latest: 'real',
  shortest: 'real',
  longest: 'real',
  smoothed: 'real',
  swollen: 'real',
  swollenFrame: 'int',
});

/** How long a peer takes to answer, seen from the point of capture: nanoseconds from a segment to its first acknowledgment. */
export class RoundTrips extends RoundTripRecord {
  add(span: number, frame: number): void {
    if (span < 0) return;
    this.count++;
    this.latest = span;
    if (this.count === 1) {
      this.shortest = this.longest = this.smoothed = this.swollen = span;
      this.swollenFrame = frame;
      return;
    }
    if (span < this.shortest) this.shortest = span;
    if (span > this.longest) this.longest = span;
    this.smoothed += (span - this.smoothed) / 8;
    if (this.smoothed > this.swollen) {
      this.swollen = this.smoothed;
      this.swollenFrame = frame;
    }
  }
}
