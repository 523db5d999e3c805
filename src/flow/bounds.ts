/** What may be kept at a time of the conversations that go on. */
export interface Bounds {
  /** So many of them. */
  readonly flows: number;
  /** So many bytes in each of the slabs that they share. */
  readonly slabBytes: number;
}

const MIB = 1024 * 1024;

/** Unless the reader says otherwise. */
const USUAL: Bounds = { flows: 200_000, slabBytes: 640 * MIB };

/** What the program takes before the first packet, and what is bounded anyway: hosts, and conversations to be told of. Bytes. */
const FIXED = 172 * MIB;
/** What one conversation takes beside the slabs, as long as the collector leaves what is no longer used. Bytes. */
const EACH = 6500;
/** Slabs that can fill up, and how much one takes of its bytes while it grows. */
const SLABS = 5;
const GROWING = 1.5;

/** What conversations and slabs get although others have taken more than was left. Bytes. */
const LEAST_FREE = 12 * MIB;

/** No report can be made with less. Bytes. */
export const LEAST_MEMORY: number = 250 * MIB;

/** What the reader says about it: so many conversations, and so many bytes for the whole process, at least LEAST_MEMORY. */
export interface BoundsAsked {
  readonly maxFlows?: number;
  readonly maxMemory?: number;
}

export function boundsOf({ maxFlows, maxMemory }: BoundsAsked): Bounds {
  const bounds = maxMemory === undefined ? USUAL : within(maxMemory);
  if (maxFlows === undefined) return bounds;
  if (maxMemory !== undefined) return { ...bounds, flows: Math.min(maxFlows, bounds.flows) };
  return { flows: maxFlows, slabBytes: USUAL.slabBytes * Math.max(1, maxFlows / USUAL.flows) };
}

/** A half each for the conversations and for the slabs. */
function within(memory: number): Bounds {
  const half = Math.max(memory - FIXED, LEAST_FREE) / 2;
  return {
    flows: Math.min(USUAL.flows, Math.floor(half / EACH)),
    slabBytes: Math.min(USUAL.slabBytes, Math.floor(half / SLABS / GROWING)),
  };
}
