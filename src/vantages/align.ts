/** Nanoseconds that a segment may seem to arrive too early, as far as the clocks are known. */
const SLACK = 1e6;
/** Longer than this no segment is under way. */
const LONGEST = 600e9;
/** A pair is given up rather than believed when it took so much longer than usual; nanoseconds. */
const LEFT_ALONE = 1e9;
/** More alike segments than this are taken in order. */
const MOST_WEIGHED = 64;

/**
 * Which of several alike segments is which: sent at `sent`, arrived at `arrived` (both rising, on the same clock), usually under way for `usual`.
 * The order is kept, nothing arrives before it was sent, as many as possible find their place, and they take as little beyond the usual time
 * as possible. Returns for each one that was sent the position of its arrival, or -1.
 */
export function align(sent: readonly number[], arrived: readonly number[], usual: number, earliest: number): number[] {
  const cost = (i: number, j: number): number => {
    const delay = (arrived[j] as number) - (sent[i] as number);
    return delay < earliest - SLACK || delay > LONGEST ? Number.POSITIVE_INFINITY : Math.abs(delay - usual);
  };
  if (sent.length === 1 && arrived.length === 1) return [Number.isFinite(cost(0, 0)) ? 0 : -1];
  return sent.length > MOST_WEIGHED || arrived.length > MOST_WEIGHED ? inOrder(sent, arrived, cost) : weighed(sent, arrived, cost);
}

function weighed(sent: readonly number[], arrived: readonly number[], cost: (i: number, j: number) => number): number[] {
  const width = arrived.length + 1;
  const best = new Float64Array((sent.length + 1) * width);
  for (let i = 1; i <= sent.length; i++) best[i * width] = i * LEFT_ALONE;
  for (let j = 1; j < width; j++) best[j] = j * LEFT_ALONE;
  const of = (i: number, j: number): number => best[i * width + j] as number;
  const together = (i: number, j: number): number => of(i - 1, j - 1) + cost(i - 1, j - 1);
  for (let i = 1; i <= sent.length; i++)
    for (let j = 1; j < width; j++) best[i * width + j] = Math.min(together(i, j), of(i - 1, j) + LEFT_ALONE, of(i, j - 1) + LEFT_ALONE);
  const places: number[] = new Array(sent.length).fill(-1);
  for (let i = sent.length, j = arrived.length; i > 0 && j > 0; ) {
    if (of(i, j) === of(i, j - 1) + LEFT_ALONE) j--;
    else if (of(i, j) === of(i - 1, j) + LEFT_ALONE) i--;
    else places[--i] = --j;
  }
  return places;
}

function inOrder(sent: readonly number[], arrived: readonly number[], cost: (i: number, j: number) => number): number[] {
  let next = 0;
  return sent.map((_, i) => {
    for (let j = next; j < arrived.length; j++) {
      if (!Number.isFinite(cost(i, j))) continue;
      next = j + 1;
      return j;
    }
    return -1;
  });
}
