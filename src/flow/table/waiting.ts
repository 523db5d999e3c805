import type { Segment } from '../../decode/segment.js';
import { NONE, Slab } from '../memory/slab.js';
import type { Entries } from './entries.js';
import { WIDTH as ENTRY_WIDTH, FIRST_WAITING, LAST_WAITING, NOBODY, STATE, WAITING, WAITING_SHIFT } from './entry-row.js';
import { fitsRow, hasMore, needsMore, readRow, WIDTH, wentThere, writeRow } from './waiting-row.js';

/** So many segments of a conversation are analysed together. */
export const TOGETHER = 64;

/** Rows that lie together; the room knows where the next ones lie. */
const BLOCK = 4;

/** Room for the segments that wait, of all conversations together. */
export class WaitingRoom extends Slab {
  /** For each block the first row of the next one of its conversation. */
  private nexts = new Int32Array(1);

  constructor(bytes: number) {
    super(WIDTH, undefined, bytes);
  }

  /** The first word of the row behind one in its block, if there is one. */
  behind(row: number): number {
    return row === NOBODY || isLastOfBlock(row) ? 0 : (this.words[(row + 1) * WIDTH] as number);
  }

  /** The row that follows one in another block, */
  next(row: number): number {
    return this.nexts[(row / BLOCK) | 0] as number;
  }

  /** which it does from now on. */
  link(row: number, next: number): void {
    const block = (row / BLOCK) | 0;
    if (block >= this.nexts.length) {
      const { nexts } = this;
      this.nexts = new Int32Array(2 ** Math.ceil(Math.log2(block + 1)));
      this.nexts.set(nexts);
    }
    this.nexts[block] = next;
  }
}

/**
 * The segments of a conversation that wait to be analysed together: what they touch of it is fetched once, and a short conversation is analysed when
 * it is over, so that nothing of it but these rows outlasts the next ones.
 */
export class Waiting {
  constructor(
    readonly entries: Entries,
    /** Which of the entries. */
    public number: number,
  ) {}

  /** Rows of those that wait. */
  get waiting(): number {
    return (this.word(STATE) & WAITING) >>> WAITING_SHIFT;
  }

  get firstWaiting(): number {
    return this.word(FIRST_WAITING);
  }

  /** Whether the segment can wait: nothing of it concerns other conversations, and there is room. */
  join(segment: Segment, isThere: boolean): boolean {
    if (!fitsRow(segment)) return false;
    const before = this.word(LAST_WAITING);
    const row = this.add();
    if (row === NOBODY) return false;
    const isLonger = needsMore(segment);
    const more = isLonger ? this.add() : NOBODY;
    if (isLonger && more === NOBODY) {
      this.takeBack(row, before);
      return false;
    }
    const { words, doubles } = this.entries.room;
    writeRow(segment, isThere, words, doubles, row * WIDTH, more * WIDTH);
    return true;
  }

  /**
   * Fills the cursor with what waits at a row; `segment` already has the family, and addresses and ports of one direction. Returns the row of the
   * next one, or NOBODY.
   */
  fill(segment: Segment, row: number): number {
    const { words, doubles } = this.entries.room;
    const next = this.after(row);
    readRow(segment, words, doubles, row * WIDTH, next * WIDTH);
    return hasMore(words, row * WIDTH) ? this.after(next) : next;
  }

  /** Whether the segment at a row was sent by the end that sent the first one. */
  wentThere(row: number): boolean {
    return wentThere(this.entries.room.words, row * WIDTH);
  }

  /** Nothing waits any more. */
  clear(): void {
    if (this.waiting === 0) return;
    const { room } = this.entries;
    const end = blockOf(this.word(LAST_WAITING));
    for (let block = this.firstWaiting; ; ) {
      const next = room.next(block);
      room.give(block, BLOCK);
      if (block === end) break;
      block = next;
    }
    this.rest(NOBODY, NOBODY, -this.waiting);
  }

  /** Copies the rows of those that wait, WIDTH words each, from the word `at` on. */
  copyTo(words: Int32Array, at: number): void {
    const { room } = this.entries;
    for (let row = this.firstWaiting, to = at; row !== NOBODY; row = this.after(row), to += WIDTH)
      for (let word = 0; word < WIDTH; word++) words[to + word] = room.words[row * WIDTH + word] as number;
  }

  /** The word at which its row begins. */
  protected get at(): number {
    return this.number * ENTRY_WIDTH;
  }

  protected word(word: number): number {
    return this.entries.words[this.at + word] as number;
  }

  /** One more row, or NOBODY. */
  private add(): number {
    const { room } = this.entries;
    const last = this.word(LAST_WAITING);
    const isFull = last === NOBODY || isLastOfBlock(last);
    const row = isFull ? room.take(BLOCK) : last + 1;
    if (row === NONE) return NOBODY;
    if (isFull && last !== NOBODY) room.link(last, row);
    this.rest(last === NOBODY ? row : this.firstWaiting, row, 1);
    return row;
  }

  /** The row that was added last is not needed. */
  private takeBack(row: number, before: number): void {
    if (row % BLOCK === 0) this.entries.room.give(row, BLOCK);
    this.rest(before === NOBODY ? NOBODY : this.firstWaiting, before, -1);
  }

  /** Those that wait lie from one row to another; so many more than before. */
  private rest(first: number, last: number, more: number): void {
    const { words } = this.entries;
    const { at } = this;
    words[at + FIRST_WAITING] = first;
    words[at + LAST_WAITING] = last;
    words[at + STATE] = (words[at + STATE] as number) + (more << WAITING_SHIFT);
  }

  private after(row: number): number {
    if (row === this.word(LAST_WAITING)) return NOBODY;
    return isLastOfBlock(row) ? this.entries.room.next(row) : row + 1;
  }
}

function blockOf(row: number): number {
  return row - (row % BLOCK);
}

function isLastOfBlock(row: number): boolean {
  return row % BLOCK === BLOCK - 1;
}
