/** Words of an entry; the last two are a double. */
export const WORDS = 10;
export const DOUBLES: number = WORDS / 2;
/** There was no room. */
export const NONE = -1;

/** So many entries are kept for all flows together, 40 bytes each. */
const MOST_OF_ALL = 1 << 24;

/**
 * Room for the segments that the endpoints of all flows remember: blocks of a power of two of entries in one buffer, so that
 * a segment is one line of the processor's cache, and nothing of it concerns the garbage collector.
 */
export class Slab {
  words: Int32Array;
  /** The same buffer. */
  doubles: Float64Array;
  private used = 0;
  /** Blocks that were in use before, by the logarithm of their size. */
  private readonly free: number[][] = [];

  constructor(entries: number = FIRST_SIZE) {
    this.words = new Int32Array(entries * WORDS);
    this.doubles = new Float64Array(this.words.buffer);
  }

  /** The first entry of a block, or NONE. */
  take(size: number): number {
    const block = this.free[Math.log2(size)]?.pop();
    if (block !== undefined) return block;
    const first = this.used;
    if (first + size > MOST_OF_ALL) return NONE;
    this.used += size;
    while (this.used * WORDS > this.words.length) this.grow();
    return first;
  }

  give(first: number, size: number): void {
    const kind = Math.log2(size);
    while (this.free.length <= kind) this.free.push([]);
    this.free[kind]?.push(first);
  }

  /** Copies the entries of the positions [oldest, end), which `mask` and `toMask` fold into rings that begin at `first` and `toFirst`. */
  copy(first: number, mask: number, oldest: number, end: number, to: Slab, toFirst: number, toMask: number): void {
    for (let position = oldest; position < end; position++) {
      const from = (first + (position & mask)) * WORDS;
      const at = (toFirst + (position & toMask)) * WORDS;
      for (let word = 0; word < WORDS; word++) to.words[at + word] = this.words[from + word] as number;
    }
  }

  private grow(): void {
    const { words } = this;
    this.words = new Int32Array(words.length * 2);
    this.words.set(words);
    this.doubles = new Float64Array(this.words.buffer);
  }
}

const FIRST_SIZE = 1024;
