import { ACK, SYN } from './decode/flags.js';
import { Segment } from './decode/segment.js';
import { Flow } from './flow/flow.js';
import type { Seen } from './flow/seen.js';
import type { Shared } from './flow/shared.js';
import type { Entry } from './flow/table/entry.js';
import { inherit } from './flow/table/mentions.js';
import { NOBODY } from './flow/table/waiting.js';
import { NONE, type Verdict } from './flow/verdict.js';
import { SYN_SEEN } from './flow/wireshark/learn.js';
import { prepare } from './flow/wireshark.js';
import { observe } from './observations/index.js';

/** So many segments of a conversation are analysed together. */
const TOGETHER = 64;

/** What was seen of a segment, and how it was judged. */
export type Noted = (segment: Segment, flow: Flow, seen: Seen, verdict: Verdict) => void;

/**
 * Brings the segments to the flows of their conversations. They wait for each other, because what is known of a conversation is fetched from far
 * memory for one segment or for many at the same price; unless somebody is told of each while it is read.
 */
export class Conversations {
  private readonly there = new Segment();
  private readonly back = new Segment();

  constructor(
    private readonly shared: Shared,
    private readonly noted: Noted | undefined,
    private readonly mayWait: boolean,
  ) {}

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
    if (before !== undefined) this.end(before);
    const flow = new Flow(entry.stream, entry.hash, segment, before, this.shared);
    if (mentioned !== undefined) {
      inherit(flow, mentioned, segment);
      entry.mentioned = undefined;
    }
    if (before !== undefined) {
      before.previous = undefined; // one generation is enough
      flow.wireshark.reusedIn = segment.frame;
      flow.wireshark.completeness = SYN_SEEN;
    }
    entry.flow = flow;
    return flow;
  }

  /** It is over, and has been handed on. */
  forget(entry: Entry): void {
    const { flow } = entry;
    entry.clear();
    entry.flow = undefined; // others that are over at the same time outlast it
    if (flow === undefined) return;
    this.end(flow);
    flow.release();
  }

  /** No more segments are to come of it. */
  private end({ first, second }: Flow): void {
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
      this.noted?.(segment, flow, 0, NONE);
      return;
    }
    prepare(segment, sender.wireshark, receiver.wireshark);
    const seen = observe(segment, sender, receiver, flow);
    const verdict = flow.advance(segment, seen, sender, receiver);
    this.noted?.(segment, flow, seen, verdict);
  }
}
