/**
 * Sequence numbers: modulo-2³² numbers kept as int32, because V8 keeps these unboxed and as unsigned numbers
 * every second one would be an allocated double. RFC 9293 section 3.4 defines the comparisons.
 */
export type Seq = number;

/** How far `a` lies after `b`: negative when it lies before. */
export function distance(a: Seq, b: Seq): number {
  return (a - b) | 0;
}

export function isBefore(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) < 0;
}

export function isAfter(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) > 0;
}

export function advance(a: Seq, bytes: number): Seq {
  return (a + bytes) | 0;
}

/** As people read it: 0 to 4294967295. */
export function unsigned(a: Seq): number {
  return a >>> 0;
}
