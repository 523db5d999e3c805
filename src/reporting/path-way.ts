import type { WayReport } from '../path-report.js';
import type { Outcome } from '../vantages/differences.js';
import { DUPLICATED, type Fate, INJECTED, LOST, UNCAPTURED, UNKNOWN } from '../vantages/fates.js';
import { hopsOf } from '../vantages/rewritten.js';

/** The sums of one direction (0 towards the server, 1 towards the client) over all conversations. */
export function wayReport(crossings: readonly (readonly [Outcome, Outcome])[], k: 0 | 1): WayReport {
  const outcomes = crossings.map((crossing) => crossing[k]);
  const delays = delaysOf(outcomes);
  const sent = (fate: Fate): number => outcomes.reduce((sum, { fates }) => sum + count(fates.sent, fate), 0);
  const came = (fate: Fate): number => outcomes.reduce((sum, { fates }) => sum + count(fates.came, fate), 0);
  const hops = outcomes.map(hopsOf).find((each) => each !== undefined);
  return {
    direction: k === 0 ? 'to server' : 'to client',
    sent: outcomes.reduce((sum, { way }) => sum + way.passage.ups.length, 0),
    arrived: outcomes.reduce((sum, { arrived }) => sum + arrived.length, 0),
    lost: sent(LOST) + outcomes.reduce((sum, { way }) => sum + new Set(way.matching.missing.map(({ position }) => position)).size, 0),
    lostBytes: outcomes.reduce((sum, outcome) => sum + lostBytes(outcome), 0),
    duplicated: came(DUPLICATED),
    reordered: outcomes.reduce((sum, { reordered }) => sum + reordered.length, 0),
    delayed: outcomes.reduce((sum, outcome) => sum + delayedOf(outcome).length, 0),
    injected: came(INJECTED),
    uncaptured: sent(UNCAPTURED) + came(UNCAPTURED),
    unknown: sent(UNKNOWN) + came(UNKNOWN),
    delay:
      delays.length === 0
        ? null
        : {
            shortest: seconds(delays[0] as number),
            median: seconds(delays[delays.length >> 1] as number),
            longest: seconds(delays.at(-1) as number),
          },
    hops: hops ?? null,
  };
}

/** Nanoseconds: a segment is called delayed when it took so much longer than the fastest, and several times as much longer as is usual. */
const DELAY = 5e6;
const MUCH_LONGER = 3;

/** Positions in `arrived` of segments that were held up although most others were not. */
export function delayedOf({ delays }: Outcome): number[] {
  if (delays.length < 4) return [];
  const sorted = delays.toSorted();
  const shortest = sorted[0] as number;
  const limit = Math.max(DELAY, ((sorted[sorted.length >> 1] as number) - shortest) * MUCH_LONGER);
  return Array.from(delays.keys()).filter((k) => (delays[k] as number) - shortest > limit);
}

function delaysOf(outcomes: readonly Outcome[]): Float64Array {
  const all = new Float64Array(outcomes.reduce((sum, { delays }) => sum + delays.length, 0));
  let next = 0;
  for (const { delays } of outcomes) {
    all.set(delays, next);
    next += delays.length;
  }
  return all.sort();
}

function count(fates: Uint8Array, wanted: Fate): number {
  return fates.reduce((sum, fate) => sum + (fate === wanted ? 1 : 0), 0);
}

function lostBytes({ way, fates }: Outcome): number {
  const { up, ups } = way.passage;
  const whole = ups.reduce((sum, record, i) => sum + (fates.sent[i] === LOST ? (up.length[record] as number) : 0), 0);
  return whole + way.matching.missing.reduce((sum, { range }) => sum + range.to - range.from, 0);
}

function seconds(nanoseconds: number): number {
  return Math.round(nanoseconds / 1e3) / 1e6;
}
