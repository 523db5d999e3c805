/** Of things in the order of their times the longest run whose first and last were there together; of several such runs the first. */
export function longestRun<Item>(sorted: readonly Item[], areTogether: (first: Item, last: Item) => boolean): readonly Item[] {
  let best: readonly [number, number] = [0, 0];
  let from = 0;
  for (const [i, last] of sorted.entries()) {
    while (from < i && !areTogether(sorted[from] as Item, last)) from++;
    if (i + 1 - from > best[1] - best[0]) best = [from, i + 1];
  }
  return sorted.slice(...best);
}
