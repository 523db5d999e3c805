import type { Part } from '../part.js';

/** When an end was heard last, nanoseconds: at all, or before a moment after which it may have come back. */
export function lastHeard({ endpoint, moments }: Part, before?: { readonly time: number }): number {
  const { transmissions, lastTime } = endpoint;
  if (before === undefined || lastTime < before.time) return lastTime;
  const last = transmissions.findLast((position) => transmissions.timeOf(position) < before.time);
  if (last !== undefined) return transmissions.timeOf(last);
  const remembered = moments.flatMap(({ time, lastTime }) => [time, lastTime]).filter((time) => time < before.time);
  return Math.max(Number.NEGATIVE_INFINITY, ...remembered);
}
