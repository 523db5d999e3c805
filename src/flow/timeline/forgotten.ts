import { NONE, type Verdict } from '../verdict.js';
import type { Moment, Side } from './moment.js';

/** Segments of one side with one verdict. */
interface Tally {
  readonly side: Side;
  readonly verdict: Verdict;
  segments: number;
  /** Nanoseconds: the longest time between one of them and the earlier transmission of its bytes. */
  wait: number;
}

/** What is left of the judged moments that a long timeline forgets: how many segments of which side had which verdict. */
export class Forgotten {
  private tallies: Tally[] = [];
  /** The last ones: what comes next can still correct the verdict on them. */
  private recent: readonly Moment[] = [];

  add(moments: readonly Moment[]): void {
    settle(this.recent, this.tallies);
    this.recent = moments;
  }

  /** A verdict proves wrong. */
  takeBack(verdict: Verdict): void {
    this.tallies = this.tallies.filter((tally) => tally.verdict !== verdict);
    this.recent = this.recent.filter((moment) => moment.verdict !== verdict);
  }

  /** How many segments of a side have such a verdict, and the longest that one of them had waited. */
  judged(side: Side, isMeant: (verdict: Verdict) => boolean): { readonly segments: number; readonly wait: number } {
    const tallies = this.tallies.map((tally) => ({ ...tally }));
    settle(this.recent, tallies);
    const meant = tallies.filter((tally) => tally.side === side && isMeant(tally.verdict));
    return { segments: meant.reduce((sum, { segments }) => sum + segments, 0), wait: Math.max(0, ...meant.map(({ wait }) => wait)) };
  }
}

function settle(moments: readonly Moment[], tallies: Tally[]): void {
  for (const { side, verdict, count, time, earlier } of moments) {
    if (verdict === NONE) continue;
    const wait = time - (earlier?.time ?? time);
    const tally = tallies.find((one) => one.side === side && one.verdict === verdict);
    if (tally === undefined) tallies.push({ side, verdict, segments: count, wait });
    else {
      tally.segments += count;
      tally.wait = Math.max(tally.wait, wait);
    }
  }
}
