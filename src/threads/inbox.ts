import type { Conversations } from '../conversations.js';
import { Segment } from '../decode/segment.js';
import { BETWEEN, Entry } from '../flow/table/entry.js';
import { NOBODY } from '../flow/table/entry-row.js';
import type { Mentioned } from '../flow/table/mentions.js';
import { WIDTH } from '../flow/table/waiting-row.js';
import { unpack } from '../shards/graph/unpack.js';
import { KIND, type Page, rowsOf } from './page.js';
import { readSegment, SEGMENT_WORDS } from './segment-words.js';

/** Reads of conversations what another thread tells, in its order, and has them analysed. */
export class Inbox {
  /** The numbers of their entries, by those that the other thread gives them. */
  private readonly numbers: number[] = [];
  private readonly segment = new Segment();

  constructor(private readonly conversations: Conversations) {}

  read(page: Page): void {
    for (let row = 1; row < page.rows; ) row += 1 + this.readRow(page, row * WIDTH);
  }

  /** Returns how many rows behind it belong to the row. */
  private readRow({ words, doubles, buffer }: Page, at: number): number {
    const { conversations, segment } = this;
    const kind = words[at];
    const number = words[at + 1] as number;
    const more = words[at + 2] as number;
    if (kind === KIND.begin) {
      this.begin(words, at, number, more);
      return rowsOf(BETWEEN);
    }
    if (kind === KIND.end) this.end(words, doubles, at, number, more);
    else if (kind === KIND.waited) {
      conversations.analyse(this.entry(number), words, doubles, at + WIDTH, more);
      return more;
    } else if (kind === KIND.mentioned) {
      this.entry(number).mentioned = unpack(Buffer.from(new Uint8Array(buffer, (at + WIDTH) * 4, more)), Number.POSITIVE_INFINITY) as Mentioned;
      return rowsOf(more / 4);
    } else {
      readSegment(segment, words, doubles, at + WIDTH);
      if (kind === KIND.overhear) conversations.overhear(segment, number);
      else if (kind === KIND.mention) conversations.mention(segment, this.entry(number), more === 1);
      else conversations.take(segment, this.entry(number));
      return rowsOf(SEGMENT_WORDS);
    }
    return 0;
  }

  private begin(words: Int32Array, at: number, number: number, before: number): void {
    const { entries } = this.conversations;
    const previous = before === NOBODY ? NOBODY : (this.numbers[before] as number);
    if (previous !== NOBODY) new Entry(entries, previous).previous = undefined; // one generation is enough
    const entry = new Entry(entries, entries.add());
    entry.be(words[at + 3] as number, words[at + 4] as number, previous);
    entry.beBetween(words, at + WIDTH);
    this.numbers[number] = entry.number;
  }

  private end(words: Int32Array, doubles: Float64Array, at: number, number: number, before: number): void {
    const entry = this.entry(number);
    const previous = before === NOBODY ? undefined : this.entry(before);
    entry.previous = previous;
    entry.isWanted = words[at + 3] === 1;
    entry.givenUpAt = doubles[at / 2 + 3] as number;
    if (previous !== undefined) {
      previous.isWanted = words[at + 4] === 1;
      previous.givenUpAt = doubles[at / 2 + 4] as number;
    }
    this.conversations.end(entry, doubles[at / 2 + 5] as number);
    previous?.end();
    entry.end();
  }

  private entry(number: number): Entry {
    return new Entry(this.conversations.entries, this.numbers[number] as number);
  }
}
