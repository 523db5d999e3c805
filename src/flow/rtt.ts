/** How long a peer takes to answer, seen from the point of capture: nanoseconds from a segment to its first acknowledgment. */
export class RoundTrips {
  count = 0;
  latest = 0;
  shortest = 0;
  longest = 0;
  /** Smoothed, RFC 6298. */
  smoothed = 0;
  /** The highest that the smoothed value has been. */
  swollen = 0;
  swollenFrame = 0;
  /** The most by which one was longer than the one before it; of the first, all of it. */
  leap = 0;

  add(span: number, frame: number): void {
    if (span < 0) return;
    this.count++;
    if (span - this.latest > this.leap && this.count > 1) this.leap = span - this.latest;
    this.latest = span;
    if (this.count === 1) {
      this.shortest = this.longest = this.smoothed = this.swollen = this.leap = span;
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

  /** Nothing can be learnt from what was sent again: the next one does not follow the one before. */
  skip(): void {
    this.latest = Number.POSITIVE_INFINITY;
  }
}
