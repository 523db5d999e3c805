/** There was no room. */
export const NONE = -1;

const FIRST_ROWS = 1024;

/**
 * Room for rows of numbers that all flows share: blocks of a power of two of rows in one buffer, so that a row is a line or two of
 * the processor's cache, and nothing of it concerns the garbage collector.
 */
export class Slab {
  words: Int32Array;
  /** The same buffer. */
  doubles: Float64Array;
  private used = 0;
  /** Rows. */
  private readonly most: number;
  /** Blocks that were in use before, by the logarithm of their size. */
  private readonly free: number[][] = [];

  constructor(
    /** Words of a row: an even number, so that rows can hold doubles. */
    readonly width: number,
    rows: number = FIRST_ROWS,
    /** Bytes. */
    most: number = Number.POSITIVE_INFINITY,
  ) {
    this.most = Math.floor(most / (width * 4));
    this.words = new Int32Array(Math.max(rows, 1) * width); // it grows by doubling
    this.doubles = new Float64Array(this.words.buffer);
  }

  /** The first row of a block of `size` rows, or NONE. */
  take(size: number): number {
    const block = this.free[logarithm(size)]?.pop();
    if (block !== undefined) return block;
    const first = this.used;
    if (first + size > this.most) return NONE;
    this.used += size;
    while (this.used * this.width > this.words.length) this.grow();
    return first;
  }

  give(first: number, size: number): void {
    const kind = logarithm(size);
    while (this.free.length <= kind) this.free.push([]);
    this.free[kind]?.push(first);
  }

  /** Copies the rows of the positions [oldest, end), which `mask` and `toMask` fold into rings that begin at `first` and `toFirst`. */
  copy(first: number, mask: number, oldest: number, end: number, to: Slab, toFirst: number, toMask: number): void {
    const { width, words } = this;
    for (let position = oldest; position < end; position++) {
      const from = (first + (position & mask)) * width;
      const at = (toFirst + (position & toMask)) * width;
      for (let word = 0; word < width; word++) to.words[at + word] = words[from + word] as number;
    }
  }

  private grow(): void {
    const { words } = this;
    this.words = new Int32Array(words.length * 2);
    this.words.set(words);
    this.doubles = new Float64Array(this.words.buffer);
  }
}

/** Of a power of two. */
function logarithm(size: number): number {
  return 31 - Math.clz32(size);
}
