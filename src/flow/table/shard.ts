import type { Segment } from '../../decode/segment.js';
import { hashOf } from './hash.js';

/** One of several parts of the work on a capture: it analyses the conversations whose hash falls to it, and knows little of the others. */
export interface Shard {
  /** 0-based. */
  readonly index: number;
  readonly count: number;
}

export const WHOLE: Shard = { index: 0, count: 1 };

/** Whether the conversation of a segment falls to the shard. */
export function fallsTo(segment: Segment, { index, count }: Shard): boolean {
  return count === 1 || spread(segment) % count === index;
}

/** Which of `count` threads analyses the conversation of a segment. */
export function threadOf(segment: Segment, count: number): number {
  return count === 1 ? 0 : Math.floor(spread(segment) / FINE) % count; // other bits than those of the shard
}

const FINE = 1 << 8;

/** 24 bits, the same in all processes: the low bits of a hash alone are too much alike. */
function spread(segment: Segment): number {
  const hash = hashOf(segment, 0);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 8;
}
