import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { SECRET } from './memory/secret.js';
import type { Assignment } from './table/analyst.js';
import type { Entries } from './table/entries.js';
import { Entry } from './table/entry.js';
import { LAST_TIME, NOBODY, WIDTH } from './table/entry-row.js';
import { hashOf } from './table/hash.js';
import { EntryList } from './table/list.js';
import { EntryMap } from './table/map.js';
import { Mentioned, Mentions } from './table/mentions.js';

/** Nanoseconds that a flow is kept after its last segment, so that late copies and a new use of its ports find it. */
const LINGER = 7_500e9; // longer than the 7200 s after which Linux asks an idle peer whether it is there
/** Of the flows that have come to an end so many are kept, so that late segments and a new use of their ports still find them. */
const MOST_ENDED = 10_000;
/** Segments that come next, for which what is known of their conversations is fetched at once: so many at most. */
export const MOST_FETCHED = 16;
/** Bytes of a quoted TCP header without which Wireshark does not look for its conversation. */
const READ_BY_WIRESHARK = 16;

/** The conversations that are going on, found by addresses and ports. */
export class FlowTable {
  /** Conversations that were given up because there were too many, although they may have gone on. */
  evicted = 0;
  /** Segments of conversations that are not in the table, and for which there was no room. */
  unfollowed = 0;
  private readonly map: EntryMap;
  /** Those of which only SYNs and SYN-ACKs were heard: a flood of them displaces no conversation. */
  private readonly attempts: EntryList;
  private readonly conversations: EntryList;
  /** Those that have come to an end, the one that was heard last at the end. */
  private readonly ended: EntryList;
  private readonly mentions = new Mentions();
  /** The one that was found last. */
  private readonly entry: Entry;
  /** Numbers on the way from hashes to what is fetched. */
  private readonly fetched = new Int32Array(MOST_FETCHED);
  private finished: Entry[] = [];
  private streams = 0;
  private lastSweep = 0;

  constructor(
    private readonly entries: Entries,
    private readonly most: number,
    private readonly analystOf: Assignment,
  ) {
    this.map = new EntryMap(entries);
    this.attempts = new EntryList(entries, 1);
    this.conversations = new EntryList(entries, 2);
    this.ended = new EntryList(entries, 3);
    this.entry = new Entry(entries, NOBODY);
  }

  /**
   * What is known of the conversations of the segments that come next is fetched from far memory: of all at once, because the processor waits as long
   * for one as for many, unless it has to know the one before it can look for the next.
   */
  fetch(segments: readonly Segment[], count: number): void {
    const { fetched } = this;
    for (let i = 0; i < count; i++) fetched[i] = hashOf(segments[i] as Segment, SECRET);
    this.map.fetch(fetched, count);
    this.entries.fetch(fetched, count);
  }

  /**
   * The conversation a segment belongs to, numbered as Wireshark's `tcp.stream`: a new one for every pair of ports, and for every SYN that
   * brings a new initial sequence number. Undefined when there is no room for one that has begun before: it may be one that was given up. The cursor
   * is refilled for each segment.
   */
  of(segment: Segment): Entry | undefined {
    const { entry } = this;
    entry.number = this.listed(segment, hashOf(segment, SECRET));
    if (entry.number === NOBODY) {
      this.unfollowed++;
      return undefined;
    }
    if (segment.flags & (FIN | RST)) entry.hearEnd(segment);
    if (entry.hasEnded) this.move(entry.number, this.ended);
    else if (!(segment.flags & SYN) && this.attempts.has(entry.number)) this.move(entry.number, this.conversations);
    entry.meet(segment);
    return entry;
  }

  /**
   * The conversation whose segment an ICMP error quotes, or a switch has sampled; undefined when none of its segments was captured. Such a
   * connection is numbered all the same, as in Wireshark, and keeps its number if it is captured later.
   */
  mention(segment: Segment): Entry | undefined {
    const hash = hashOf(segment, SECRET);
    const number = this.map.find(segment, hash);
    const entry = number === NOBODY ? undefined : new Entry(this.entries, number);
    if (!isReadByWireshark(segment)) return entry;
    if (entry !== undefined) entry.mention(segment);
    else {
      const known = this.mentions.find(segment, hash) ?? new Mentioned(this.streams++, hash, segment);
      known.mention(segment);
      this.mentions.add(known);
    }
    return entry;
  }

  /** Conversations that are over since the last call. */
  takeFinished(now: number): readonly Entry[] {
    if (now - this.lastSweep > LINGER / 8) this.sweep(now);
    while (this.ended.size > MOST_ENDED) this.finish(this.ended.first);
    const { finished } = this;
    if (finished.length > 0) this.finished = [];
    return finished;
  }

  /** At the end of the capture: all that are left. */
  *takeAll(): Generator<Entry, void, void> {
    yield* this.finished;
    this.finished = [];
    for (const number of this.all()) {
      this.leave(number);
      yield new Entry(this.entries, number);
    }
  }

  /** Conversations that nobody has taken yet. */
  *goingOn(): Generator<Entry, void, void> {
    yield* this.finished;
    for (const number of this.all()) yield new Entry(this.entries, number);
  }

  private get size(): number {
    return this.attempts.size + this.conversations.size + this.ended.size;
  }

  private *all(): Generator<number, void, void> {
    yield* this.attempts;
    yield* this.conversations;
    yield* this.ended;
  }

  private listed(segment: Segment, hash: number): number {
    const number = this.map.find(segment, hash);
    if (number === NOBODY) return this.add(segment, hash, NOBODY);
    if ((segment.flags & (SYN | ACK)) !== SYN) return number;
    const entry = new Entry(this.entries, number);
    if (entry.hasEnded) this.move(number, this.conversations);
    entry.goOn();
    if (!entry.isReusedBy(segment)) return number;
    this.leave(number);
    this.map.remove(number); // it is over when its successor is: until then it can turn out to be alive
    if (entry.analyst === NOBODY) {
      entry.end();
      return this.add(segment, hash, NOBODY);
    }
    if (entry.previous !== undefined) this.finished.push(entry.previous);
    entry.previous = undefined; // one generation is enough
    return this.add(segment, hash, number);
  }

  private add(segment: Segment, hash: number, previous: number): number {
    if (!this.makeRoom(segment)) return NOBODY;
    const mentioned = this.mentions.take(segment, hash);
    const number = this.entries.add();
    const entry = new Entry(this.entries, number);
    entry.begin(mentioned?.stream ?? this.streams++, hash, segment, previous, this.analystOf(segment));
    if (entry.analyst !== NOBODY) entry.mentioned = mentioned;
    (segment.flags & SYN ? this.attempts : this.conversations).add(number);
    this.map.add(number);
    return number;
  }

  /** It joins another list at its end, or goes there in it. */
  private move(entry: number, list: EntryList): void {
    if (list.has(entry)) list.renew(entry);
    else {
      this.leave(entry);
      list.add(entry);
    }
  }

  private leave(entry: number): void {
    const list = this.attempts.has(entry) ? this.attempts : this.conversations.has(entry) ? this.conversations : this.ended;
    list.remove(entry);
  }

  private finish(entry: number): void {
    this.leave(entry);
    this.map.remove(entry);
    this.finished.push(new Entry(this.entries, entry));
  }

  private sweep(now: number): void {
    this.lastSweep = now;
    const { doubles } = this.entries;
    for (const entry of this.all()) if (now - (doubles[(entry * WIDTH + LAST_TIME) / 2] as number) > LINGER) this.finish(entry);
  }

  /**
   * Room for a new conversation: of many attempts the first one gives way, otherwise a conversation that is over, or, for one that begins, the one
   * that began first. Returns whether there is room.
   */
  private makeRoom({ flags, time }: Segment): boolean {
    if (this.attempts.size >= this.most / 4) this.giveUp(this.attempts.first, time);
    if (this.size < this.most) return true;
    if (this.ended.size > 0) this.finish(this.ended.first);
    else if (flags & SYN) this.giveUp(this.conversations.size > 0 ? this.conversations.first : this.attempts.first, time);
    return this.size < this.most;
  }

  private giveUp(entry: number, now: number): void {
    if (entry === NOBODY) return;
    this.evicted++;
    this.entries.givenUpAt.set(entry, now);
    this.finish(entry);
  }
}

/** Wireshark does not look for the conversation of a shorter header. */
export function isReadByWireshark({ quotedLength }: Segment): boolean {
  return quotedLength >= READ_BY_WIRESHARK;
}
