import type { ReportedMoment } from '../report.js';

/** A segment to be shown, or how many were left out in its place, and whether they are like the ones around them. */
export type Row = { readonly moment: ReportedMoment } | { readonly folded: number; readonly alike: boolean };

/** Of alike segments in a row so many are shown at the beginning and at the end. */
const ALIKE_FIRST = 2;
const ALIKE_LAST = 1;

/** The segments that matter, in the order of the capture: those of `frames`, and those that open, close, abort or repeat. */
export function packetsThatMatter(moments: readonly ReportedMoment[], frames: ReadonlySet<number>, most: number): Row[] {
  const sorted = moments.toSorted((a, b) => a.at - b.at || a.frame - b.frame);
  const mattering = sorted.flatMap((moment, i) => (frames.has(moment.frame) || saysByItself(moment) ? [i] : []));
  const rows: Row[] = [];
  let next = 0; // the first that has neither been shown nor folded
  const show = (i: number, alike: boolean): void => {
    const between = sorted.slice(next, i);
    if (between.length === 1 && !alike) rows.push(...between.map((moment) => ({ moment })));
    else if (between.length > 0) rows.push({ folded: between.length, alike });
    rows.push(...sorted.slice(i, i + 1).map((moment) => ({ moment })));
    next = i + 1;
  };
  for (const run of runs(mattering, (a, b) => kindOf(sorted[a]) === kindOf(sorted[b]))) {
    const isFolded = run.length > ALIKE_FIRST + ALIKE_LAST + 1;
    const shown = isFolded ? [...run.slice(0, ALIKE_FIRST), ...run.slice(-ALIKE_LAST)] : run;
    for (const [n, i] of shown.entries()) show(i, isFolded && n >= ALIKE_FIRST);
  }
  const rest = sorted.length - next;
  if (rest > 0) rows.push({ folded: rest, alike: false });
  return shortened(rows, most);
}

/** Only the segments of `frames`. */
export function packetsOf(moments: readonly ReportedMoment[], frames: ReadonlySet<number>, most: number): Row[] {
  return packetsThatMatter(
    moments.filter(({ frame }) => frames.has(frame)),
    frames,
    most,
  );
}

function saysByItself({ segment, verdict }: ReportedMoment): boolean {
  return verdict !== '-' || /^[^ ]*[SFR]/.test(segment);
}

/** What a segment is, without its numbers. */
function kindOf(moment: ReportedMoment | undefined): string {
  return moment === undefined ? '' : [moment.side, moment.segment.split(' ')[0], moment.verdict, ...moment.flags].join(' ');
}

/** Neighbours that are alike, together. */
function runs<Item>(items: readonly Item[], areAlike: (a: Item, b: Item) => boolean): Item[][] {
  const found: Item[][] = [];
  for (const item of items) {
    const last = found.at(-1);
    const before = last?.at(-1);
    if (last !== undefined && before !== undefined && areAlike(before, item)) last.push(item);
    else found.push([item]);
  }
  return found;
}

/** Two thirds of what there is room for from the beginning, the rest from the end. */
function shortened(rows: readonly Row[], most: number): Row[] {
  if (rows.length <= most) return [...rows];
  const first = Math.ceil((most * 2) / 3);
  const last = most - first;
  const middle = rows.slice(first, rows.length - last);
  const folded = middle.reduce((sum, row) => sum + ('moment' in row ? 1 : row.folded), 0);
  return [...rows.slice(0, first), { folded, alike: false }, ...rows.slice(rows.length - last)];
}
