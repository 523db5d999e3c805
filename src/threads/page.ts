import { WIDTH } from '../flow/table/waiting-row.js';

/** Rows of a page; the first says how many of them are written. */
const ROWS = 4096;

/** What a row tells another thread; `number` is that of the conversation's entry. */
export const KIND = {
  /** A conversation: number, the number of the one before it or NOBODY, stream, and hash; between whom it is follows. */
  begin: 1,
  /** What Wireshark learnt of it while other packets only spoke of it: number, and so many bytes, which follow. */
  mentioned: 2,
  /** Segments that have waited: number, and so many rows, which follow. */
  waited: 3,
  /** One that could not wait: number; it follows. */
  segment: 4,
  /** One that is quoted, or sampled: number, and whether it is quoted; it follows. */
  mention: 5,
  /** One of somebody else's conversation: stream; it follows. */
  overhear: 6,
  /** Conversations are over: number, the number of the one before or NOBODY, for each whether it is wanted; when each was given up, and the time. */
  end: 7,
} as const;

/** Rows of numbers on the way to another thread. */
export class Page {
  readonly words: Int32Array;
  /** The same buffer. */
  readonly doubles: Float64Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(ROWS * WIDTH * 4)) {
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  /** Those that are written, with the first. */
  get rows(): number {
    return this.words[0] as number;
  }

  /** Nothing is written yet. */
  clear(): void {
    this.words[0] = 1;
  }

  hasRoom(rows: number): boolean {
    return this.rows + rows <= ROWS;
  }

  /** Writes one row more, and leaves room for others behind it. Returns the word at which the row begins. */
  add(kind: number, number: number, behind = 0): number {
    const row = this.rows;
    this.words[0] = row + 1 + behind;
    const at = row * WIDTH;
    this.words[at] = kind;
    this.words[at + 1] = number;
    return at;
  }
}

/** Rows that so many words take. */
export function rowsOf(words: number): number {
  return Math.ceil(words / WIDTH);
}
