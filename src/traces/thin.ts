import type { Columns } from './columns.js';

/** Rows that a bucket of time keeps of either end: the last one, most under way, least room, longest round trip. */
const KEPT_OF_A_BUCKET = 4;

/**
 * Leaves about `limit` of the rows that are not marked: of each bucket of time and each end those that make the outline of a graph.
 * Marked rows stay, and so does the first. Returns how many rows are left.
 */
export function thin(columns: Columns, rows: number, limit: number): number {
  const buckets = Math.max(1, Math.floor(limit / (2 * KEPT_OF_A_BUCKET)));
  const time = columns.time.subarray(0, rows);
  const first = time[0] as number;
  const width = (time.reduce((latest, at) => Math.max(latest, at), first) - first) / buckets + 1;
  const keeps = new Uint8Array(rows);
  keeps[0] = 1;
  let end = first;
  for (let from = 0; from < rows; ) {
    end += width * (Math.floor(((time[from] as number) - end) / width) + 1);
    let to = from + 1;
    while (to < rows && (time[to] as number) < end) to++; // what goes back in time as well, so that there are never more buckets
    keepOutline(columns, from, to, 0, keeps);
    keepOutline(columns, from, to, 1, keeps);
    from = to;
  }
  let left = 0;
  for (let row = 0; row < rows; row++) {
    if (keeps[row] === 0 && columns.isMarked[row] === 0) continue;
    if (left !== row) columns.move(row, left);
    left++;
  }
  return left;
}

function keepOutline({ side, flight, room, roundTrip }: Columns, from: number, to: number, wanted: number, keeps: Uint8Array): void {
  let last = -1;
  let fullest = -1;
  let tightest = -1;
  let slowest = -1;
  for (let row = from; row < to; row++) {
    if (side[row] !== wanted) continue;
    last = row;
    if (fullest < 0 || (flight[row] as number) > (flight[fullest] as number)) fullest = row;
    if (tightest < 0 || (room[row] as number) < (room[tightest] as number)) tightest = row;
    if (slowest < 0 || (roundTrip[row] as number) > (roundTrip[slowest] as number)) slowest = row;
  }
  if (last < 0) return;
  keeps[last] = keeps[fullest] = keeps[tightest] = keeps[slowest] = 1;
}
