import { align } from './align.js';
import { type CommonTime, coverRanges, type Range } from './cover.js';
import { type Alike, alikes, type Passage } from './passage.js';
import { matchReacknowledged } from './reacknowledged.js';
import { matchRenumbered } from './renumbered.js';

/** What became of the segments of one direction. Positions are those in the passage's `ups` and `downs`; -1 means none. */
export interface Matching {
  /** Where each one that passed the first point (or the first part of it) passed the second. */
  readonly arrivals: Int32Array;
  /** What each one that passed the second point (or the first part of it) was at the first. */
  readonly origins: Int32Array;
  /** Of what each one is a further copy. */
  readonly copies: Int32Array;
  /** Bytes of a segment of which other parts arrived. */
  readonly missing: readonly { readonly position: number; readonly range: Range }[];
}

/**
 * Segments of which there is only one of a kind at both points: nothing but the segment itself is needed to know where it went. Where everything is
 * doubled on the way, those of which one point has a single one, and what came first of them at the other. Records.
 */
export function unmistakable(passage: Passage): { up: number; down: number }[] {
  const { ups, downs } = passage;
  const groups = alikes(passage);
  const single = groups.filter(isOne);
  const known = single.length > 0 ? single : groups.filter(isOnceAtLeast);
  return known.map((alike) => ({ up: ups[alike.ups[0] as number] as number, down: downs[alike.downs[0] as number] as number }));
}

/** Finds every segment again. `earliest`: nanoseconds that the way takes at least. */
export function match(passage: Passage, time: CommonTime, earliest: number): Matching {
  const { up, down, ups, downs } = passage;
  const arrivals = new Int32Array(ups.length).fill(-1);
  const origins = new Int32Array(downs.length).fill(-1);
  const copies = new Int32Array(downs.length).fill(-1);
  const sent = (i: number): number => time.sent(up.time[ups[i] as number] as number);
  const arrived = (j: number): number => time.arrived(down.time[downs[j] as number] as number);
  const groups = alikes(passage);
  const usual = usualDelay(groups, (i, j) => arrived(j) - sent(i), earliest);
  for (const { ups: mine, downs: theirs } of groups) {
    if (theirs.length === 0) continue;
    const [left, came] = [mine.map(sent), theirs.map(arrived)];
    const places = firstCopies(align(left, came, usual, earliest), left, came, earliest);
    for (const [k, place] of places.entries()) {
      if (place < 0) continue;
      arrivals[mine[k] as number] = theirs[place] as number;
      origins[theirs[place] as number] = mine[k] as number;
    }
    for (const [place, j] of theirs.entries()) {
      const original = originalOf(places, place);
      if ((origins[j] as number) < 0 && original >= 0) copies[j] = mine[original] as number;
    }
  }
  matchRenumbered(passage, { arrivals, origins, copies }, time);
  matchReacknowledged(passage, { arrivals, origins, copies }, time);
  const missing = coverRanges(passage, { arrivals, origins, copies }, time, earliest);
  return { arrivals, origins, copies, missing };
}

/** Of copies the one that arrived first counts as the segment itself, although another may have taken a more usual time. */
function firstCopies(places: readonly number[], sent: readonly number[], arrived: readonly number[], earliest: number): number[] {
  let next = 0;
  return places.map((place, i) => {
    if (place < 0) return -1;
    let first = place;
    while (first > next && (arrived[first - 1] as number) - (sent[i] as number) >= earliest) first--;
    next = place + 1;
    return first;
  });
}

/** The one that arrived last before this place, or else the first that arrived. */
function originalOf(places: readonly number[], place: number): number {
  const before = places.findLastIndex((taken) => taken >= 0 && taken < place);
  return before >= 0 ? before : places.findIndex((taken) => taken >= 0);
}

/** The median of those that cannot be mistaken. */
function usualDelay(groups: readonly Alike[], delay: (i: number, j: number) => number, earliest: number): number {
  const delays = groups.filter(isOne).map(({ ups, downs }) => delay(ups[0] as number, downs[0] as number));
  const median = delays.sort((a, b) => a - b)[delays.length >> 1];
  return Math.max(median ?? earliest, earliest);
}

function isOne({ ups, downs }: Alike): boolean {
  return ups.length === 1 && downs.length === 1;
}

function isOnceAtLeast({ ups, downs }: Alike): boolean {
  return Math.min(ups.length, downs.length) === 1;
}
