import type { Segment } from '../../decode/segment.js';
import { NONE, Slab } from '../memory/slab.js';
import { Between } from './between.js';
import { fitsRow, hasMore, hasRareOptions, LINK, readRow, WIDTH, wentThere, writeRow } from './waiting-row.js';

/** Room for the segments that wait, of all conversations together. */
export class WaitingRoom extends Slab {
  constructor(bytes: number) {
    super(WIDTH, undefined, bytes);
  }
}

/** So many segments of a conversation are analysed together. */
export const TOGETHER = 64;

/** No row. */
export const NOBODY = -1;

/** Rows that lie together; the last of them leads to the next ones. */
const BLOCK = 4;

/**
 * The segments of a conversation that wait to be analysed together, a line of the processor's cache each: what they touch of it is fetched once, and
 * a short conversation is analysed when it is over, so that nothing of it but these lines outlasts the next ones.
 */
export class Waiting extends Between {
  /** Rows of those that wait. */
  waiting = 0;
  firstWaiting: number = NOBODY;
  private lastWaiting: number = NOBODY;

  constructor(private readonly room: WaitingRoom) {
    super();
  }

  /** Whether the segment can wait: nothing of it concerns other conversations, and there is room. */
  join(segment: Segment, isThere: boolean): boolean {
    if (!fitsRow(segment)) return false;
    const isLonger = hasRareOptions(segment);
    const before = this.lastWaiting;
    const row = this.add();
    if (row === NOBODY) return false;
    const more = isLonger ? this.add() : NOBODY;
    if (isLonger && more === NOBODY) {
      this.takeBack(row, before);
      return false;
    }
    const { words, doubles } = this.room;
    writeRow(segment, isThere, words, doubles, row * WIDTH, more * WIDTH);
    return true;
  }

  /**
   * Fills the cursor with what waits at a row; `segment` already has the family, and addresses and ports of one direction. Returns the row of the
   * next one, or NOBODY.
   */
  fill(segment: Segment, row: number): number {
    const { words, doubles } = this.room;
    const next = this.after(row);
    readRow(segment, words, doubles, row * WIDTH, next * WIDTH);
    return hasMore(words, row * WIDTH) ? this.after(next) : next;
  }

  /** Whether the segment at a row was sent by the end that sent the first one. */
  wentThere(row: number): boolean {
    return wentThere(this.room.words, row * WIDTH);
  }

  /** Nothing waits any more. */
  clear(): void {
    if (this.waiting === 0) return;
    const end = blockOf(this.lastWaiting);
    for (let block = this.firstWaiting; ; ) {
      const next = this.room.words[(block + BLOCK - 1) * WIDTH + LINK] as number;
      this.room.give(block, BLOCK);
      if (block === end) break;
      block = next;
    }
    this.waiting = 0;
    this.firstWaiting = this.lastWaiting = NOBODY;
  }

  /** Copies the rows of those that wait, WIDTH words each, from the word `at` on. */
  copyTo(words: Int32Array, at: number): void {
    for (let row = this.firstWaiting, to = at; row !== NOBODY; row = this.after(row), to += WIDTH)
      for (let word = 0; word < WIDTH; word++) words[to + word] = this.room.words[row * WIDTH + word] as number;
  }

  /** One more row, or NOBODY. */
  private add(): number {
    const last = this.lastWaiting;
    const isFull = last === NOBODY || last % BLOCK === BLOCK - 1;
    const row = isFull ? this.room.take(BLOCK) : last + 1;
    if (row === NONE) return NOBODY;
    if (last === NOBODY) this.firstWaiting = row;
    else if (isFull) this.room.words[last * WIDTH + LINK] = row;
    this.lastWaiting = row;
    this.waiting++;
    return row;
  }

  /** The row that was added last is not needed. */
  private takeBack(row: number, before: number): void {
    if (row % BLOCK === 0) this.room.give(row, BLOCK);
    if (before === NOBODY) this.firstWaiting = NOBODY;
    this.lastWaiting = before;
    this.waiting--;
  }

  private after(row: number): number {
    if (row === this.lastWaiting) return NOBODY;
    return row % BLOCK === BLOCK - 1 ? (this.room.words[row * WIDTH + LINK] as number) : row + 1;
  }
}

function blockOf(row: number): number {
  return row - (row % BLOCK);
}
