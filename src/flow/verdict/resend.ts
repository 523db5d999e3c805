import type { Segment } from '../../decode/segment.js';
import type { Seq } from '../../decode/sequence.js';
import { isAfter, isBefore } from '../../decode/sequence.js';
import { NOTHING } from '../listed.js';
import type { Moment } from '../timeline.js';
import { SPURIOUS } from '../verdict.js';
import { Ranges } from './ranges.js';

/** A segment that was sent again: what comes later can prove that it was needless. */
interface Resend {
  readonly seq: Seq;
  readonly end: Seq;
  /** Undefined when the flow has no timestamps. */
  readonly tsval: number | undefined;
  /** Holds the verdict that is to be corrected. */
  readonly moment: Moment;
  /** What of it was reported as received twice. */
  reported: Ranges | undefined;
}

/** Sooner than the shortest round trip, by more than it varies. */
const CLEARLY = 0.8;

/** So many are kept until something proves them; D-SACKs come within a round trip. */
const MOST = 64;

/** The segments that one end has sent again of late, oldest first. */
export class Resends {
  /** Shared by all ends that sent nothing again yet. */
  static readonly NONE: Resends = new Resends();

  private readonly list: Resend[] = [];

  /** To be written to: the shared one is not. */
  own(): Resends {
    return this === Resends.NONE ? new Resends() : this;
  }

  add({ seq, end, hasTimestamps, tsval }: Segment, moment: Moment): void {
    this.list.push({ seq, end, tsval: hasTimestamps ? tsval : undefined, moment, reported: undefined });
    if (this.list.length > MOST) this.list.shift();
  }

  /** The last one, unless it was proven needless already. */
  last(): readonly Moment[] {
    const moment = this.list.at(-1)?.moment;
    return moment === undefined || moment.verdict & SPURIOUS ? NOTHING : [moment];
  }

  /** `una` was the first unacknowledged byte, and is acknowledged sooner after it was sent again than any round trip has taken (RFC 8985 section 6.2). */
  answeredTooSoon(una: Seq, time: number, shortest: number): readonly Moment[] {
    const resend = this.list.findLast(({ seq }) => seq === una);
    if (resend === undefined || resend.moment.verdict & SPURIOUS || time - resend.moment.lastTime >= shortest * CLEARLY) return NOTHING;
    return [resend.moment];
  }

  /**
   * The receiver says that [from, to) arrived twice (RFC 2883). Returns the resends that are proven needless by that: all of
   * their bytes were there, as one block tells or several. Of two resends of the same bytes the later one was needless first.
   */
  arrivedTwice(from: Seq, to: Seq): Moment[] {
    const needless: Moment[] = [];
    const told = new Ranges();
    for (const resend of this.list.toReversed()) {
      const first = isAfter(resend.seq, from) ? resend.seq : from;
      const last = isBefore(resend.end, to) ? resend.end : to;
      if (!isBefore(first, last) || told.covers(first, last) || resend.reported?.covers(first, last)) continue;
      told.add(first, last);
      resend.reported ??= new Ranges();
      resend.reported.add(first, last);
      const by = resend.moment.needless?.by;
      const isProven = resend.moment.verdict & SPURIOUS && by !== 'further-ack' && by !== 'too-soon'; // what is reported proves more
      if (!isProven && resend.reported.covers(resend.seq, resend.end)) needless.push(resend.moment);
    }
    return needless;
  }

  /**
   * `una` was the first unacknowledged byte; now an acknowledgment beyond it echoes `tsecr`. An echo that is older than
   * a resend answers what was sent before it (Eifel, RFC 3522).
   */
  answered(una: Seq, tsecr: number): readonly Moment[] {
    let needless: readonly Moment[] = NOTHING;
    for (const { seq, tsval, moment } of this.list) {
      if (seq === una && tsval !== undefined && isBefore(tsecr, tsval) && !(moment.verdict & SPURIOUS)) needless = [...needless, moment];
    }
    return needless;
  }
}
