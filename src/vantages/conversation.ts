import type { Flow } from '../flow/flow.js';
import { unmistakable } from './match.js';
import type { Pairing } from './pairing.js';
import type { Passage } from './passage.js';
import type { Recorded } from './recorded.js';

/** A conversation as two captures show it. */
export interface Conversation {
  readonly pairing: Pairing;
  /** What the one's first endpoint sent and what its second sent, each as if it went from the one capture to the other. */
  readonly sides: readonly [Passage, Passage];
  /** Of either side the times, in the one and in the other capture, of segments that cannot be mistaken for another. */
  readonly certain: readonly [readonly Times[], readonly Times[]];
}

export interface Times {
  readonly one: number;
  readonly other: number;
}

export function conversationOf(pairing: Pairing, one: Recorded, other: Recorded): Conversation {
  const sides: [Passage, Passage] = [sideOf(pairing, 0, one, other), sideOf(pairing, 1, one, other)];
  const times = (passage: Passage): Times[] =>
    unmistakable(passage).map(({ up, down }) => ({ one: one.trace.time[up] as number, other: other.trace.time[down] as number }));
  return { pairing, sides, certain: [times(sides[0]), times(sides[1])] };
}

function sideOf(pairing: Pairing, side: 0 | 1, one: Recorded, other: Recorded): Passage {
  const { isCrossed, shifts } = pairing;
  return {
    up: one.trace,
    down: other.trace,
    ups: recordsOf(one, [pairing.one, ...pairing.alsoOne], side),
    downs: recordsOf(other, [pairing.other, ...pairing.alsoOther], isCrossed ? opposite(side) : side),
    seqShift: shifts[side],
    ackShift: shifts[opposite(side)],
  };
}

/** What the endpoint that is the first stream's `side` sent, in the order of the capture. */
function recordsOf({ trace, lanes }: Recorded, [stream = 0, ...others]: readonly number[], side: 0 | 1): Int32Array {
  const own = lanes.of(stream * 2 + side);
  if (others.length === 0) return own;
  const { first, second } = trace.flows[stream] as Flow;
  const rest = others.flatMap((each) => {
    const flow = trace.flows[each] as Flow;
    return [...lanes.of(each * 2 + flow.twinOf(side === 0 ? first : second).side)];
  });
  return Int32Array.from([...own, ...rest]).sort();
}

export function opposite(side: 0 | 1): 0 | 1 {
  return side === 0 ? 1 : 0;
}

/** The same direction, taken to go the other way. */
export function reversed({ up, down, ups, downs, seqShift, ackShift }: Passage): Passage {
  return { up: down, down: up, ups: downs, downs: ups, seqShift: -seqShift | 0, ackShift: -ackShift | 0 };
}

/**
 * Which endpoint of the one's flow (0 or 1) sends from the one capture towards the other. Its segments are later at the other than those that come
 * back, whatever the clocks say; without both, TTLs that have become smaller on the way tell. Undefined when nothing tells.
 */
export function awaySide({ sides, certain }: Conversation): 0 | 1 | undefined {
  const later = certain.map((times) => median(times.map(({ one, other }) => other - one)));
  const [first, second] = later;
  if (first !== undefined && second !== undefined && Math.abs(first - second) > INDISTINCT) return first > second ? 0 : 1;
  const hops = sides.map(({ up, ups, down, downs }) => (up.ttl[ups[0] ?? -1] ?? 0) - (down.ttl[downs[0] ?? -1] ?? 0));
  for (const [side, { ups, downs }] of sides.entries()) {
    const lost = hops[side] as number;
    if (ups.length > 0 && downs.length > 0 && lost !== 0) return (lost > 0 ? side : 1 - side) as 0 | 1;
  }
  return undefined;
}

/** How many more segments of its first endpoint than of its second are missing in the other capture: what got lost is missing behind the loss. */
export function missing({ sides: [first, second] }: Conversation): number {
  return first.ups.length - first.downs.length - (second.ups.length - second.downs.length);
}

/** Nanoseconds: points nearer to each other than this are not told apart by time. */
const INDISTINCT = 2e3;

function median(values: number[]): number | undefined {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
