import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import type { Assignment } from './table/analyst.js';
import { Entry } from './table/entry.js';
import { EntryList } from './table/list.js';
import { EntryMap } from './table/map.js';
import { Mentioned, Mentions } from './table/mentions.js';
import type { WaitingRoom } from './table/waiting.js';

/** Nanoseconds that a flow is kept after its last segment, so that late copies and a new use of its ports find it. */
const LINGER = 7_500e9; // longer than the 7200 s after which Linux asks an idle peer whether it is there
/** Of the flows that have come to an end so many are kept, so that late segments and a new use of their ports still find them. */
const MOST_ENDED = 10_000;
/** Bytes of a quoted TCP header without which Wireshark does not look for its conversation. */
const READ_BY_WIRESHARK = 16;

/** Both ends have sent a FIN, or one a reset: little more is to come. Known of all flows, whoever analyses them. */
const ENDED = 3;

/** The conversations that are going on, found by addresses and ports. */
export class FlowTable {
  /** Conversations that were given up because there were too many, although they may have gone on. */
  evicted = 0;
  /** Segments of conversations that are not in the table, and for which there was no room. */
  unfollowed = 0;
  private readonly entries = new EntryMap();
  /** Of conversations that are over, to be used again. */
  private readonly spare: Entry[] = [];
  /** Those of which only SYNs and SYN-ACKs were heard: a flood of them displaces no conversation. */
  private readonly attempts = new EntryList();
  private readonly conversations = new EntryList();
  /** Those that have come to an end, the one that was heard last at the end. */
  private readonly ended = new EntryList();
  private readonly mentions = new Mentions();
  private finished: Entry[] = [];
  private made = 0;
  private streams = 0;
  private lastSweep = 0;

  constructor(
    private readonly room: WaitingRoom,
    private readonly most: number,
    private readonly analystOf: Assignment,
  ) {}

  /**
   * The conversation a segment belongs to, numbered as Wireshark's `tcp.stream`: a new one for every pair of ports, and for every SYN that
   * brings a new initial sequence number. Undefined when there is no room for one that has begun before: it may be one that was given up.
   */
  of(segment: Segment): Entry | undefined {
    const entry = this.listed(segment, hashOf(segment));
    if (entry === undefined) this.unfollowed++;
    if (entry === undefined) return undefined;
    if (segment.flags & (FIN | RST)) entry.ends |= segment.flags & RST ? ENDED : entry.isThere(segment) ? 1 : 2;
    if (entry.ends === ENDED) this.ended.move(entry);
    else if (entry.list === this.attempts && !(segment.flags & SYN)) this.conversations.move(entry);
    entry.meet(segment);
    return entry;
  }

  /**
   * The conversation whose segment an ICMP error quotes, or a switch has sampled; undefined when none of its segments was captured. Such a
   * connection is numbered all the same, as in Wireshark, and keeps its number if it is captured later.
   */
  mention(segment: Segment): Entry | undefined {
    const hash = hashOf(segment);
    const entry = this.entries.find(segment, hash);
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
    while (this.ended.size > MOST_ENDED) this.finish(this.ended.first as Entry);
    const { finished } = this;
    if (finished.length > 0) this.finished = [];
    return finished;
  }

  /** At the end of the capture: all that are left. */
  *takeAll(): Generator<Entry, void, void> {
    yield* this.finished;
    this.finished = [];
    for (const entry of this.all()) {
      entry.list?.remove(entry);
      yield entry;
    }
  }

  /** A conversation that was over has been handed on, and nobody asks for it any more. */
  forget(entry: Entry): void {
    entry.end();
    this.spare.push(entry);
  }

  /** Conversations that nobody has taken yet. */
  *goingOn(): Generator<Entry, void, void> {
    yield* this.finished;
    yield* this.all();
  }

  private get size(): number {
    return this.attempts.size + this.conversations.size + this.ended.size;
  }

  private *all(): Generator<Entry, void, void> {
    yield* this.attempts;
    yield* this.conversations;
    yield* this.ended;
  }

  private listed(segment: Segment, hash: number): Entry | undefined {
    const entry = this.entries.find(segment, hash);
    if (entry === undefined) return this.add(segment, hash, undefined);
    if ((segment.flags & (SYN | ACK)) !== SYN) return entry;
    if (entry.ends === ENDED) this.conversations.move(entry);
    entry.ends = 0;
    if (!entry.isReusedBy(segment)) return entry;
    entry.list?.remove(entry);
    this.entries.remove(entry); // it is over when its successor is: until then it can turn out to be alive
    if (entry.analyst === undefined) {
      this.forget(entry);
      return this.add(segment, hash, undefined);
    }
    if (entry.previous !== undefined) this.finished.push(entry.previous);
    entry.previous = undefined; // one generation is enough
    return this.add(segment, hash, entry);
  }

  private add(segment: Segment, hash: number, previous: Entry | undefined): Entry | undefined {
    if (!this.makeRoom(segment)) return undefined;
    const mentioned = this.mentions.take(segment, hash);
    const entry = this.spare.pop() ?? new Entry(this.room, this.made++);
    entry.begin(mentioned?.stream ?? this.streams++, hash, segment, previous, this.analystOf(hash));
    if (entry.analyst !== undefined) entry.mentioned = mentioned;
    (segment.flags & SYN ? this.attempts : this.conversations).add(entry);
    this.entries.add(entry);
    return entry;
  }

  private finish(entry: Entry): void {
    entry.list?.remove(entry);
    this.entries.remove(entry);
    this.finished.push(entry);
  }

  private sweep(now: number): void {
    this.lastSweep = now;
    for (const entry of this.all()) if (now - entry.lastSecond * 1e9 > LINGER) this.finish(entry);
  }

  /**
   * Room for a new conversation: of many attempts the first one gives way, otherwise a conversation that is over, or, for one that begins, the one
   * that began first. Returns whether there is room.
   */
  private makeRoom({ flags, time }: Segment): boolean {
    if (this.attempts.size >= this.most / 4) this.giveUp(this.attempts.first, time);
    if (this.size < this.most) return true;
    if (this.ended.first !== undefined) this.finish(this.ended.first);
    else if (flags & SYN) this.giveUp(this.conversations.first ?? this.attempts.first, time);
    return this.size < this.most;
  }

  private giveUp(entry: Entry | undefined, now: number): void {
    if (entry === undefined) return;
    this.evicted++;
    entry.givenUpAt = now;
    this.finish(entry);
  }
}

/** Wireshark does not look for the conversation of a shorter header. */
export function isReadByWireshark({ quotedLength }: Segment): boolean {
  return quotedLength >= READ_BY_WIRESHARK;
}

/** The same for both directions. */
function hashOf(s: Segment): number {
  const source = s.source0 ^ s.source1 ^ s.source2 ^ s.source3;
  const destination = s.destination0 ^ s.destination1 ^ s.destination2 ^ s.destination3;
  let hash = Math.imul(source ^ destination, 0x9e3779b1) ^ Math.imul((source + destination) | 0, 0x85ebca6b);
  hash ^= Math.imul(s.sourcePort ^ s.destinationPort, 0xc2b2ae35) ^ Math.imul(s.sourcePort + s.destinationPort, 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}
