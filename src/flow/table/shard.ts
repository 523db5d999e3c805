/** One of several parts of the work on a capture: it analyses the flows whose hash falls to it, and knows little of the others. */
export interface Shard {
  /** 0-based. */
  readonly index: number;
  readonly count: number;
}

export const WHOLE: Shard = { index: 0, count: 1 };

/** Whether a flow of this hash falls to the shard. */
export function fallsTo(hash: number, { index, count }: Shard): boolean {
  return count === 1 || spread(hash) % count === index;
}

/** Which of `count` threads analyses the flows of this hash. */
export function threadOf(hash: number, count: number): number {
  return count === 1 ? 0 : Math.floor(spread(hash) / FINE) % count; // other bits than those of the shard
}

const FINE = 1 << 8;

/** 24 bits: the low bits of a hash alone are too much alike. */
function spread(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 8;
}
