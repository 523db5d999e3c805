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
