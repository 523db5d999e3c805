/** Rows as lines of tab-separated values under a header, as `flags` and `states` print them. */
export function* tabSeparated<Row extends object>(columns: readonly (keyof Row & string)[], rows: Iterable<Row>): Generator<string> {
  yield columns.join('\t');
  for (const row of rows) yield columns.map((column) => String(row[column])).join('\t');
}
