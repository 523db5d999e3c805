import type { Segment } from '../decode/segment.js';
import type { Analyst } from '../flow/table/analyst.js';
import { BETWEEN, type Entry } from '../flow/table/entry.js';
import { NOBODY } from '../flow/table/entry-row.js';
import { TOGETHER } from '../flow/table/waiting.js';
import { WIDTH } from '../flow/table/waiting-row.js';
import { pack } from '../shards/graph/pack.js';
import { KIND, type Page, rowsOf } from './page.js';
import { SEGMENT_WORDS, writeSegment } from './segment-words.js';

/** How pages get to another thread. */
export interface Post {
  /** One that nobody reads any more. */
  blank(): Page;
  send(page: Page): void;
  /** Undefined while few are under way. */
  caughtUp(): Promise<void> | undefined;
}

/** Tells another thread of its conversations: of each when enough of its segments wait, and when it is over. */
export class Outbox implements Analyst {
  private page: Page;

  constructor(private readonly post: Post) {
    this.page = post.blank();
  }

  /** One on ports that were in use is told of at once: the one before it is complete then. */
  take(segment: Segment, entry: Entry): void {
    const { previous } = entry;
    const isAtOnce = previous !== undefined && !entry.isKnown;
    if (isAtOnce && previous.waiting > 0) this.tell(previous);
    if (entry.join(segment, entry.isThere(segment))) {
      if (isAtOnce || entry.waiting >= TOGETHER) this.tell(entry);
    } else {
      this.tell(entry);
      this.write(segment, KIND.segment, entry.number, 0);
    }
  }

  mention(segment: Segment, entry: Entry, isQuoted: boolean): void {
    this.tell(entry);
    this.write(segment, KIND.mention, entry.number, Number(isQuoted));
  }

  overhear(segment: Segment, stream: number): void {
    this.write(segment, KIND.overhear, stream, 0);
  }

  end(entry: Entry, now: number): void {
    const { previous } = entry;
    if (entry.isWanted || previous?.isWanted) this.tell(entry);
    if (entry.isKnown) {
      const at = this.row(KIND.end, entry.number);
      const { words, doubles } = this.page;
      words[at + 2] = previous?.number ?? NOBODY;
      words[at + 3] = Number(entry.isWanted);
      words[at + 4] = Number(previous?.isWanted ?? false);
      doubles[at / 2 + 3] = entry.givenUpAt;
      doubles[at / 2 + 4] = previous?.givenUpAt ?? 0;
      doubles[at / 2 + 5] = now;
    }
    entry.clear();
    previous?.clear();
  }

  caughtUp(): Promise<void> | undefined {
    return this.post.caughtUp();
  }

  /** What was written last is sent as well. */
  flush(): void {
    this.post.send(this.page);
    this.page = this.post.blank();
  }

  /** A conversation, if that is news, and those of its segments that wait. */
  private tell(entry: Entry): void {
    if (!entry.isKnown) this.begin(entry);
    const { waiting } = entry;
    if (waiting === 0) return;
    const at = this.row(KIND.waited, entry.number, waiting);
    this.page.words[at + 2] = waiting;
    entry.copyTo(this.page.words, at + WIDTH);
    entry.clear();
  }

  private begin(entry: Entry): void {
    entry.isKnown = true;
    const { number, previous, stream, hash, mentioned } = entry;
    const at = this.row(KIND.begin, number, rowsOf(BETWEEN));
    const { words } = this.page;
    words[at + 2] = previous?.isKnown ? previous.number : NOBODY;
    words[at + 3] = stream;
    words[at + 4] = hash;
    entry.copyBetween(words, at + WIDTH);
    if (mentioned === undefined) return;
    const packed = pack(mentioned);
    const behind = this.row(KIND.mentioned, number, rowsOf(packed.length / 4));
    this.page.words[behind + 2] = packed.length;
    new Uint8Array(this.page.buffer).set(packed, (behind + WIDTH) * 4);
    entry.mentioned = undefined;
  }

  private write(segment: Segment, kind: number, number: number, more: number): void {
    const at = this.row(kind, number, rowsOf(SEGMENT_WORDS));
    const { words, doubles } = this.page;
    words[at + 2] = more;
    writeSegment(segment, words, doubles, at + WIDTH);
  }

  /** A row with others behind it, on the next page where this one has no room. */
  private row(kind: number, number: number, behind = 0): number {
    if (!this.page.hasRoom(1 + behind)) this.flush();
    return this.page.add(kind, number, behind);
  }
}
