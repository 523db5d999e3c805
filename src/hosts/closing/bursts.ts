import type { Aborted } from './aborts.js';

/** Nanoseconds: one call of the kernel closes them all. */
export const TOGETHER = 20e6;

/** Bursts that a capture would show without any reason: from so many on, one says nothing. */
const NO_WONDER = 0.1;

/** Resets of one host that follow one another without a pause. */
export function bursts(all: readonly Aborted[]): Aborted[][] {
  const found: Aborted[][] = [];
  for (const one of all.toSorted((a, b) => a.time - b.time)) {
    const last = found.at(-1)?.at(-1);
    if (last !== undefined && one.time - last.time < TOGETHER) found.at(-1)?.push(one);
    else found.push([one]);
  }
  return found;
}

/**
 * Whether so many resets of a host, of all its bursts, may have fallen together without a reason. The other moments at which it resets say how often:
 * each of them begins a burst of that size by chance as often as the next ones follow in time (a Poisson process of their rate).
 */
export function isByChance(size: number, all: readonly (readonly Aborted[])[]): boolean {
  const others = all.length - 1;
  if (others < 1) return false;
  const span = (all.at(-1)?.[0]?.time ?? 0) - (all[0]?.[0]?.time ?? 0);
  return others * ((others / span) * TOGETHER) ** (size - 1) > NO_WONDER;
}
