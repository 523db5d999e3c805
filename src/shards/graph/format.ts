/** What the next value of a packed graph is: one byte. */
export const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  /** Its sign is the lowest bit of a count. */
  integer: 4,
  double: 5,
  text: 6,
  /** An object that came before: which. */
  known: 7,
  list: 8,
  map: 9,
  set: 10,
  /** A typed array: of which kind, at which byte it begins, how many; then its bytes, unless the one before has the same. */
  view: 11,
  /** An object, of a class or a plain one: the shape, then what is in its fields. */
  object: 12,
  /** From here on: the numbers from 0. */
  number: 16,
} as const;

/** By their numbers in a packed graph. */
export const KINDS: readonly Kind[] = [Uint8Array, Uint16Array, Int32Array, Float64Array];

interface Kind {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): ArrayBufferView;
}

/** Bytes: a typed array begins at a multiple of it, so that it can be used where it is. */
export const ALIGNMENT = 8;

/** Objects of a class that have the same fields in the same order. */
export interface Shape {
  /** undefined: of no class. */
  readonly prototype: object | undefined;
  readonly fields: readonly string[];
}
