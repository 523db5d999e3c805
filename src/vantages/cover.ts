import { distance } from '../decode/sequence.js';
import type { Found, Passage } from './passage.js';
import { hasTimestamps } from './trace.js';

/** Bytes from the first sequence number up to the second, as the sender numbers them, counted from its first segment here. */
export interface Range {
  from: number;
  to: number;
}

interface Sent {
  readonly position: number;
  readonly range: Range;
  readonly tsval: number;
  readonly time: number;
  /** What of it has not been found at the second point yet. */
  open: Range[];
}

/** Times of both points on one clock. */
export interface CommonTime {
  sent(time: number): number;
  arrived(time: number): number;
}

/**
 * Segments that offload has cut or joined between the two points: what arrived is laid over what was sent, byte by byte, and over the
 * transmission that left last among those that could have got there. Fills in `found`; returns what did not arrive of segments that did in part.
 */
export function coverRanges(passage: Passage, found: Found, time: CommonTime, earliest: number): { position: number; range: Range }[] {
  const { up, down, ups, downs, seqShift } = passage;
  const base = up.seq[ups[0] ?? 0] ?? 0;
  const sent = openTransmissions(passage, found, base, time);
  if (sent.length === 0) return [];
  const longest = sent.reduce((most, { range }) => Math.max(most, range.to - range.from), 0);
  for (let j = 0; j < downs.length; j++) {
    const record = downs[j] as number;
    const length = down.length[record] as number;
    if ((found.origins[j] as number) >= 0 || (found.copies[j] as number) >= 0 || length === 0) continue;
    const from = distance(((down.seq[record] as number) - seqShift) | 0, base);
    const candidates = overlapping(sent, from, from + length, longest)
      .filter((one) => time.arrived(down.time[record] as number) - one.time >= earliest - SLACK && one.tsval === stampOf(down, record))
      .sort((a, b) => b.time - a.time);
    lay({ from, to: from + length }, candidates, j, found);
  }
  return sent
    .filter(({ position }) => (found.arrivals[position] as number) >= 0)
    .flatMap(({ position, open }) => open.map((range) => ({ position, range })));
}

/** Nanoseconds that a segment may seem to arrive too early. */
const SLACK = 1e6;

function openTransmissions({ up, ups }: Passage, { arrivals }: Found, base: number, time: CommonTime): Sent[] {
  const sent: Sent[] = [];
  for (let position = 0; position < ups.length; position++) {
    const record = ups[position] as number;
    const length = up.length[record] as number;
    if ((arrivals[position] as number) >= 0 || length === 0) continue;
    const from = distance(up.seq[record] as number, base);
    const range = { from, to: from + length };
    sent.push({ position, range, tsval: stampOf(up, record), time: time.sent(up.time[record] as number), open: [range] });
  }
  return sent.sort((a, b) => a.range.from - b.range.from || a.position - b.position);
}

function stampOf(trace: { options: Int32Array; tsval: Int32Array }, record: number): number {
  return hasTimestamps(trace.options[record] as number) ? (trace.tsval[record] as number) : 0;
}

/** `sent` is sorted by its first byte, and none is longer than `longest`. */
function overlapping(sent: readonly Sent[], from: number, to: number, longest: number): Sent[] {
  let low = 0;
  let high = sent.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sent[middle] as Sent).range.from <= from - longest) low = middle + 1;
    else high = middle;
  }
  const found: Sent[] = [];
  for (let i = low; i < sent.length && (sent[i] as Sent).range.from < to; i++) if ((sent[i] as Sent).range.to > from) found.push(sent[i] as Sent);
  return found;
}

function lay(range: Range, candidates: readonly Sent[], j: number, { arrivals, origins, copies }: Found): void {
  let rest = [range];
  for (const one of candidates) {
    const taken = rest.flatMap((piece) => one.open.map((open) => intersection(piece, open))).filter(({ from, to }) => from < to);
    if (taken.length === 0) continue;
    if ((arrivals[one.position] as number) < 0) arrivals[one.position] = j;
    if ((origins[j] as number) < 0) origins[j] = one.position;
    one.open = less(one.open, taken);
    rest = less(rest, taken);
  }
  const [last] = candidates;
  if ((origins[j] as number) < 0 && last !== undefined) copies[j] = last.position; // all its bytes have arrived before
}

function intersection(a: Range, b: Range): Range {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

function less(ranges: readonly Range[], taken: readonly Range[]): Range[] {
  return taken.reduce<Range[]>(
    (left, { from, to }) =>
      left.flatMap((one) =>
        [
          { from: one.from, to: Math.min(one.to, from) },
          { from: Math.max(one.from, to), to: one.to },
        ].filter((piece) => piece.from < piece.to),
      ),
    [...ranges],
  );
}
