import { ACK, SYN } from './decode/flags.js';
import { Segment } from './decode/segment.js';
import { Flow } from './flow/flow.js';
import { Recent } from './flow/memory/recent.js';
import type { Seen } from './flow/seen.js';
import { Shared } from './flow/shared.js';
import type { Analyst } from './flow/table/analyst.js';
import { Entries } from './flow/table/entries.js';
import type { Entry } from './flow/table/entry.js';
import { NOBODY } from './flow/table/entry-row.js';
import { inherit, mention } from './flow/table/mentions.js';
import { TOGETHER } from './flow/table/waiting.js';
import { hasMore, readRow, WIDTH, wentThere } from './flow/table/waiting-row.js';
import { isReadByWireshark } from './flow/table.js';
import { NONE, type Verdict } from './flow/verdict.js';
import { SYN_SEEN } from './flow/wireshark/learn.js';
import { MOST_REMEMBERED, type MptcpConnection } from './flow/wireshark/mptcp.js';
import { prepare } from './flow/wireshark.js';
import { observe } from './observations/index.js';

/** Who is told what while conversations are analysed. */
export interface Listener {
  /** It is all the same to it which of two conversations it is told of first, as long as the segments of each come in their order. */
  readonly inAnyOrder?: boolean;
  /** The time of a frame, before it counts, and the flows that are going on then. */
  arrives?(time: number, goingOn: () => Iterable<Flow>): void;
  /** What was seen of a segment, and how it was judged. */
  noted?(segment: Segment, flow: Flow, seen: Seen, verdict: Verdict): void;
  /** What came later has changed the verdict on a frame. */
  corrected?(frame: number, verdict: Verdict): void;
  /** Nothing more is to come of a flow; who keeps it settles it. `now` is the time up to which it was followed. */
  over(flow: Flow, now: number): void;
  /** The same of a flow that the filter leaves out. */
  unwanted?(flow: Flow): void;
}

/**
 * Brings the segments to the flows of their conversations. They wait for each other, because what is known of a conversation is fetched from far
 * memory for one segment or for many at the same price; unless somebody is told of each while it is read.
 */
export class Conversations implements Analyst {
  /** What is known of conversations before they are analysed. */
  readonly entries: Entries;
  private readonly shared: Shared;
  private readonly mayWait: boolean;
  private readonly there = new Segment();
  private readonly back = new Segment();
  /** The MPTCP connections of conversations that others analyse, by their numbers. */
  private readonly overheard = new Recent<number, MptcpConnection>(MOST_REMEMBERED);

  /** `slabBytes`: for each of the slabs that the flows share. */
  constructor(
    private readonly listener: Listener,
    slabBytes: number,
  ) {
    this.shared = new Shared(listener.corrected?.bind(listener) ?? nobody, slabBytes);
    this.entries = new Entries(this.shared.waiting);
    const isAlert = listener.noted !== undefined || listener.corrected !== undefined || listener.arrives !== undefined;
    this.mayWait = !isAlert || listener.inAnyOrder === true;
  }

  /** A segment of a conversation was captured. One on ports that were in use begins at once: the one before it is complete then. */
  take(segment: Segment, entry: Entry): void {
    if (entry.previous !== undefined && entry.flow === undefined) this.begin(entry, segment);
    if (this.mayWait && entry.join(segment, entry.isThere(segment))) {
      if (entry.waiting >= TOGETHER) this.flowOf(entry);
    } else {
      if (entry.waiting > 0) this.flowOf(entry);
      this.pass(segment, entry.flow ?? this.begin(entry, segment));
    }
  }

  /** What is known of a conversation from all its segments so far. */
  flowOf(entry: Entry): Flow {
    if (entry.waiting > 0) entry.address(this.there, this.back);
    for (let row = entry.firstWaiting; row !== NOBODY; ) {
      const segment = entry.wentThere(row) ? this.there : this.back;
      row = entry.fill(segment, row);
      this.pass(segment, entry.flow ?? this.begin(entry, segment));
    }
    entry.clear();
    return entry.flow as Flow;
  }

  private begin(entry: Entry, segment: Segment): Flow {
    const { mentioned, previous } = entry;
    const before = previous === undefined ? undefined : this.flowOf(previous);
    if (before !== undefined) this.release(before);
    const flow = new Flow(entry.stream, entry.hash, segment, before, this.shared);
    if (mentioned !== undefined) {
      inherit(flow, mentioned, segment);
      entry.mentioned = undefined;
    }
    if (before !== undefined) {
      before.isFollowed = true;
      before.previous = before.previous?.asPrevious; // each knows the one before it
      flow.wireshark.reusedIn = segment.frame;
      flow.wireshark.completeness = SYN_SEEN;
    }
    entry.flow = flow;
    return flow;
  }

  /** Segments of a conversation, as rows that have waited elsewhere: so many from the word `start` on. */
  analyse(entry: Entry, words: Int32Array, doubles: Float64Array, start: number, rows: number): void {
    this.flowOf(entry);
    entry.address(this.there, this.back);
    for (let at = start; at < start + rows * WIDTH; ) {
      const segment = wentThere(words, at) ? this.there : this.back;
      const more = at + WIDTH;
      readRow(segment, words, doubles, at, more);
      at = hasMore(words, at) ? more + WIDTH : more;
      this.pass(segment, entry.flow ?? this.begin(entry, segment));
    }
  }

  mention(segment: Segment, entry: Entry, isQuoted: boolean): void {
    const flow = this.flowOf(entry);
    if (isReadByWireshark(segment)) mention(flow, segment);
    if (isQuoted) flow.quote(segment);
  }

  overhear(segment: Segment, stream: number): void {
    this.overheard.set(stream, this.shared.mptcp.of(segment, this.overheard.get(stream)));
  }

  end(entry: Entry, now: number): void {
    const over = entry.previous === undefined ? [entry] : [entry.previous, entry];
    if (this.listener.unwanted !== undefined || over.some(({ isWanted }) => isWanted)) this.flowOf(entry);
    for (const one of over) this.tell(one, now);
    if (entry.previous === undefined && entry.flow?.isFollowed) entry.flow.settle(); // its successor goes on
    for (const one of over) this.forget(one); // the listener may have settled it together with the one before it
  }

  private tell({ flow, isWanted, givenUpAt }: Entry, now: number): void {
    if (flow === undefined) return;
    flow.isWanted = isWanted;
    flow.givenUpAt = givenUpAt;
    if (isWanted) this.listener.over(flow, Math.min(now, givenUpAt));
    else this.listener.unwanted?.(flow);
  }

  private forget(entry: Entry): void {
    const { flow } = entry;
    entry.clear();
    entry.flow = undefined; // others that are over at the same time outlast it
    if (flow === undefined) return;
    this.release(flow);
    flow.release();
  }

  /** No more segments are to come of it. */
  private release({ first, second }: Flow): void {
    const { unacked } = this.shared.wireshark;
    unacked.release(first.wireshark);
    unacked.release(second.wireshark);
  }

  /** One segment: asked against what was known before, then what is known moves on. */
  private pass(segment: Segment, flow: Flow): void {
    if ((segment.flags & (SYN | ACK)) === SYN) flow.ask(segment);
    if (segment.optionsCut) flow.hasCutOptions = true;
    const sender = flow.sender(segment);
    const receiver = flow.peer(sender);
    if (segment.length < 0) {
      flow.pass(segment, sender);
      this.listener.noted?.(segment, flow, 0, NONE);
      return;
    }
    prepare(segment, sender.wireshark, receiver.wireshark);
    const seen = observe(segment, sender, receiver, flow);
    const verdict = flow.advance(segment, seen, sender, receiver);
    this.listener.noted?.(segment, flow, seen, verdict);
  }
}

const nobody = (): void => {};
