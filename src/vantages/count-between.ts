/** How many of these rising numbers are at least `from` and less than `to`. */
export function countBetween(rising: ArrayLike<number>, from: number, to: number): number {
  return Math.max(0, firstFrom(rising, to) - firstFrom(rising, from));
}

/** The position of the first that is not below `limit`. */
export function firstFrom(rising: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
