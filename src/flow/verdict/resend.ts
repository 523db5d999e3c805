import type { Seq } from '../../decode/sequence.js';
import { isAfter, isBefore } from '../../decode/sequence.js';
import type { Moment } from '../timeline.js';
import { SPURIOUS } from '../verdict.js';

/** A segment that was sent again: what comes later can prove that it was needless. */
export interface Resend {
  readonly seq: Seq;
  readonly end: Seq;
  /** Undefined when the flow has no timestamps. */
  readonly tsval: number | undefined;
  /** Holds the verdict that is to be corrected. */
  readonly moment: Moment;
}

/** So many are kept until something proves them; D-SACKs come within a round trip. */
const MOST = 64;

/** The segments that one end has sent again of late, oldest first. */
export class Resends {
  private readonly list: Resend[] = [];

  add(resend: Resend): void {
    this.list.push(resend);
    if (this.list.length > MOST) this.list.shift();
  }

  /** The receiver says that [from, to) arrived twice (RFC 2883). Returns the resend that was needless, if it was one. */
  arrivedTwice(from: Seq, to: Seq): Moment | undefined {
    const found = this.list.findLast((resend) => isBefore(resend.seq, to) && isAfter(resend.end, from) && !(resend.moment.verdict & SPURIOUS));
    return found?.moment;
  }

  /**
   * `una` was the first unacknowledged byte; now an acknowledgment beyond it echoes `tsecr`. An echo that is older than
   * the resend answers the original (Eifel, RFC 3522).
   */
  answered(una: Seq, tsecr: number): Moment | undefined {
    const found = this.list.find((resend) => resend.seq === una && resend.tsval !== undefined && isBefore(tsecr, resend.tsval));
    return found !== undefined && !(found.moment.verdict & SPURIOUS) ? found.moment : undefined;
  }
}
