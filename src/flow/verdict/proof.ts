/** What a verdict rests on. */
export type Basis =
  | 'nothing'
  /** Its timestamp against that of the segment in `frame`. */
  | 'timestamp'
  /** Its IP ID against that of the segment in `frame`. */
  | 'ip-id'
  /** The time since the segment in `frame`, against a round trip. */
  | 'timing'
  /** The same packet as in `frame`: every field and the IP ID, or too soon to have been sent again. */
  | 'same-packet'
  /** The receiver had no room when it was sent. */
  | 'window'
  /** Nothing was outstanding when it was sent. */
  | 'idle'
  /** What used its sequence numbers before carried the timestamp of another clock. */
  | 'other-clock'
  /** It lies before the SYN. */
  | 'before-syn'
  /** Every byte that the segment acknowledges was captured before. */
  | 'captured'
  /** Its bytes had been acknowledged, or reported by SACK. */
  | 'acknowledged'
  | 'sacked'
  /** The acknowledgment in `frame` reports its bytes as received twice, or echoes a timestamp older than its own. */
  | 'd-sack'
  | 'echo'
  /** Its first copy, which it had overtaken, came after all, in `frame`. */
  | 'first-copy'
  /** After it was acknowledged the acknowledgment in `frame` goes on to what was never sent again (F-RTO, RFC 5682). */
  | 'further-ack'
  /** The acknowledgment in `frame` came sooner after it than any round trip has taken (RFC 8985 section 6.2). */
  | 'too-soon';

/** What a verdict rests on, and the other segment that shows it; 0 without one. */
export interface Proof {
  readonly by: Basis;
  readonly frame: number;
}

/** The proof of the verdict on the current segment: refilled, like the segment. */
export class Judgement {
  by: Basis = 'nothing';
  frame = 0;
  needless: Basis = 'nothing';

  reset(): void {
    this.by = 'nothing';
    this.frame = 0;
    this.needless = 'nothing';
  }

  rests(by: Basis, frame = 0): void {
    this.by = by;
    this.frame = frame;
  }
}
