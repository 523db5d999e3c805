/** More rows than there are. */
const ROWS = 2 ** 22;
/** So few are sorted sooner by comparing them. */
const FEW = 64;

/** Rows by an int32 of each; equals stay in their order. A flood of them is sorted as numbers, each of which tells the row as well. */
export function sortedBy(rows: readonly number[], numberOf: (row: number) => number): number[] {
  if (rows.length < FEW) return rows.toSorted((a, b) => numberOf(a) - numberOf(b));
  const keys = new Float64Array(rows.length);
  for (let i = 0; i < keys.length; i++) keys[i] = numberOf(rows[i] as number) * ROWS + i;
  const sorted: number[] = [];
  for (const key of keys.sort()) sorted.push(rows[key - Math.floor(key / ROWS) * ROWS] as number);
  return sorted;
}
