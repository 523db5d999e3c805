/** There was no room. */
export const NONE = -1;

const FIRST_ROWS = 1024;
/** A buffer that has become too small is followed by one of so many times its size: buffers that grow step by step leave holes behind. */
const RESERVED = 4;

/**
 * Room for rows of numbers that all flows share: blocks of a power of two of rows in one buffer, so that a row is a line or two of
 * the processor's cache, and nothing of it concerns the garbage collector.
 */
export class Slab {
  words: Int32Array = NO_WORDS;
  /** The same buffer. */
  doubles: Float64Array = NO_DOUBLES;
  /** Rows: those that were in use at some time, and those that are. */
  private used = 0;
  private taken = 0;
  private readonly most: number;
  /** Blocks that were in use before, by the logarithm of their size. */
  private free: number[][] = [];

  constructor(
    /** Words of a row: an even number, so that rows can hold doubles. */
    readonly width: number,
    rows: number = FIRST_ROWS,
    /** Bytes. */
    most: number = Number.POSITIVE_INFINITY,
  ) {
    this.most = Math.floor(most / (width * 4));
    this.begin(Math.max(rows, 1));
  }

  /** The first row of a block of `size` rows, or NONE. */
  take(size: number): number {
    const block = this.free[logarithm(size)]?.pop();
    const first = block ?? this.used;
    if (block === undefined && first + size > this.most) return NONE;
    this.taken += size;
    if (block !== undefined) return block;
    this.used += size;
    while (this.used * this.width > this.words.length) this.grow();
    return first;
  }

  /** Once nothing is in use any more, it needs no more room than at first. */
  give(first: number, size: number): void {
    this.taken -= size;
    if (this.taken === 0 && this.used > FIRST_ROWS) {
      this.begin(FIRST_ROWS);
      return;
    }
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

  private begin(rows: number): void {
    const words = rows * this.width;
    this.lieIn(new ArrayBuffer(words * 4), words);
    this.used = 0;
    this.free = [];
  }

  /** By doubling, within the buffer as long as it goes: what lies behind in it takes no memory, as nobody has written to it yet. */
  private grow(): void {
    const { words } = this;
    const { buffer, byteOffset, byteLength } = words;
    const isAtBegin = byteOffset === 0; // otherwise it has travelled, and others lie behind
    if (isAtBegin && buffer.byteLength >= byteLength * 2) this.lieIn(buffer, words.length * 2);
    else {
      this.lieIn(new ArrayBuffer(byteLength * RESERVED), words.length * 2);
      this.words.set(words);
    }
  }

  private lieIn(buffer: ArrayBufferLike, words: number): void {
    this.words = new Int32Array(buffer, 0, words);
    this.doubles = new Float64Array(buffer, 0, words / 2);
  }
}

const NO_WORDS = new Int32Array(0);
const NO_DOUBLES = new Float64Array(0);

/** Of a power of two. */
function logarithm(size: number): number {
  return 31 - Math.clz32(size);
}
