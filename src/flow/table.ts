import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { Flow } from './flow.js';
import { Shared } from './shared.js';
import { ForeignFlow } from './table/foreign.js';
import { FlowList } from './table/list.js';
import { inherit, Mentions, mention } from './table/mentions.js';
import { fallsTo, type Shard, WHOLE } from './table/shard.js';
import type { Corrected } from './verdict/acknowledge.js';
import { SYN_SEEN } from './wireshark/learn.js';

/** Nanoseconds that a flow is kept after its last segment, so that late copies and a new use of its ports find it. */
const LINGER = 7_500e9; // longer than the 7200 s after which Linux asks an idle peer whether it is there
/** So many flows are kept at a time unless the reader says otherwise. */
export const MOST_FLOWS = 200_000;
/** Of the flows that have come to an end so many are kept, so that late segments and a new use of their ports still find them. */
const MOST_ENDED = 10_000;
/** Bytes of a quoted TCP header without which Wireshark does not look for its conversation. */
const READ_BY_WIRESHARK = 16;

/** A flow in the table. */
export type Listed = Flow | ForeignFlow;

/** Both ends have sent a FIN, or one a reset: little more is to come. Known of all flows, whoever analyses them. */
const ENDED = 3;

/** The flows that are going on, found by addresses and ports. */
export class FlowTable {
  /** Flows that were given up because there were too many, although they may have gone on. */
  evicted = 0;
  private buckets: (Listed | undefined)[] = new Array(FIRST_SIZE).fill(undefined);
  /** Those of which only SYNs and SYN-ACKs were heard, and the others. A flood of attempts displaces no conversation. */
  private readonly attempts = new FlowList();
  private readonly conversations = new FlowList();
  private readonly mentions = new Mentions();
  private finished: Flow[] = [];
  private streams = 0;
  private lastSweep = 0;
  /** With so many flows it is worth looking for ended ones again. */
  private nextSettling = MOST_ENDED * 2;
  private readonly shared: Shared;

  constructor(
    corrected: Corrected = () => {},
    private readonly most: number = MOST_FLOWS,
    private readonly shard: Shard = WHOLE,
  ) {
    this.shared = new Shared(corrected);
  }

  /**
   * The flow a segment belongs to, numbered as Wireshark's `tcp.stream`: a new one for every pair of ports, and for every
   * SYN that brings a new initial sequence number. Undefined when another shard analyses it.
   */
  of(segment: Segment): Flow | undefined {
    const hash = hashOf(segment);
    const listed = this.listed(segment, hash);
    if (listed.isAttempt && !(segment.flags & SYN)) this.promote(listed);
    if (segment.flags & (FIN | RST)) listed.ends |= segment.flags & RST ? ENDED : listed.isThere(segment) ? 1 : 2;
    if (listed instanceof Flow) return listed;
    listed.pass(segment, this.shared.mptcp);
    return undefined;
  }

  /**
   * The flow whose segment an ICMP error quotes, or a switch has sampled; undefined when none of its segments was captured, or another shard
   * analyses it. Such a connection is numbered all the same, as in Wireshark, and keeps its number if it is captured later.
   */
  mention(segment: Segment): Flow | undefined {
    const hash = hashOf(segment);
    const listed = this.find(segment, hash);
    const flow = listed instanceof Flow ? listed : undefined;
    if (segment.quotedLength < READ_BY_WIRESHARK) return flow;
    if (listed instanceof ForeignFlow) listed.mention(segment);
    else {
      const known = flow ?? this.mentions.find(segment, hash) ?? new Flow(this.streams++, hash, segment, undefined, this.shared);
      mention(known, segment);
      if (flow === undefined) this.mentions.add(known);
    }
    return flow;
  }

  /** Flows that are over since the last call. */
  takeFinished(now: number): Flow[] {
    if (now - this.lastSweep > LINGER / 8) this.sweep(now);
    if (this.size >= this.nextSettling) this.settle();
    const finished = this.finished;
    if (finished.length > 0) this.finished = [];
    return finished;
  }

  /** At the end of the capture: all that are left, each with the one before it. */
  *takeAll(): Generator<Flow[], void, void> {
    yield this.finished;
    this.buckets.fill(undefined);
    for (const flow of this.all()) {
      this.finished = [];
      this.unlist(flow);
      this.release(flow);
      yield this.finished;
    }
  }

  private get size(): number {
    return this.attempts.size + this.conversations.size;
  }

  private *all(): Generator<Listed, void, void> {
    yield* this.attempts;
    yield* this.conversations;
  }

  private listed(segment: Segment, hash: number): Listed {
    const listed = this.find(segment, hash);
    if (listed === undefined) return this.add(segment, hash, undefined);
    if ((segment.flags & (SYN | ACK)) !== SYN) return listed;
    listed.ends = 0;
    if (!listed.isReusedBy(segment)) return listed;
    this.unlist(listed);
    this.unchain(listed); // it is over when its successor is: until then it can turn out to be alive
    if (!(listed instanceof Flow)) return this.add(segment, hash, undefined);
    this.releaseUnacked(listed);
    return this.add(segment, hash, listed);
  }

  private find(segment: Segment, hash: number): Listed | undefined {
    let listed = this.buckets[hash & (this.buckets.length - 1)];
    while (listed !== undefined && (listed.hash !== hash || !listed.isBetween(segment))) listed = listed.next;
    return listed;
  }

  private add(segment: Segment, hash: number, previous: Flow | undefined): Listed {
    if (this.attempts.size >= this.most / 4) this.giveUp(this.attempts.first);
    else if (this.size >= this.most) this.evict();
    if (this.size > this.buckets.length) this.grow();
    const mentioned = this.mentions.take(segment, hash);
    const stream = mentioned?.stream ?? this.streams++;
    const isOwn = fallsTo(hash, this.shard);
    const listed = isOwn ? this.begin(stream, hash, segment, previous, mentioned) : new ForeignFlow(hash, segment);
    listed.isAttempt = (segment.flags & SYN) !== 0;
    (listed.isAttempt ? this.attempts : this.conversations).add(listed);
    this.chain(listed);
    return listed;
  }

  private begin(stream: number, hash: number, segment: Segment, previous: Flow | undefined, mentioned: Flow | undefined): Flow {
    if (previous?.previous !== undefined) {
      this.finished.push(previous.previous);
      previous.previous = undefined; // one generation is enough
    }
    const flow = new Flow(stream, hash, segment, previous, this.shared);
    if (mentioned !== undefined) {
      inherit(flow, mentioned);
      mentioned.release();
    }
    if (previous !== undefined) {
      flow.wireshark.reusedIn = segment.frame;
      flow.wireshark.completeness = SYN_SEEN;
    }
    return flow;
  }

  private chain(flow: Listed): void {
    const bucket = flow.hash & (this.buckets.length - 1);
    flow.next = this.buckets[bucket];
    this.buckets[bucket] = flow;
  }

  private unchain(flow: Listed): void {
    const bucket = flow.hash & (this.buckets.length - 1);
    let before = this.buckets[bucket];
    if (before === flow) this.buckets[bucket] = flow.next;
    else {
      while (before !== undefined && before.next !== flow) before = before.next;
      if (before !== undefined) before.next = flow.next;
    }
    flow.next = undefined;
  }

  private promote(flow: Listed): void {
    this.attempts.remove(flow);
    flow.isAttempt = false;
    this.conversations.add(flow);
  }

  private unlist(flow: Listed): void {
    (flow.isAttempt ? this.attempts : this.conversations).remove(flow);
  }

  private finish(flow: Listed): void {
    this.unlist(flow);
    this.unchain(flow);
    this.release(flow);
  }

  /** The flow and the one before it are over. */
  private release(flow: Listed): void {
    if (!(flow instanceof Flow)) return;
    if (flow.previous !== undefined) this.finished.push(flow.previous);
    this.finished.push(flow);
    this.releaseUnacked(flow);
  }

  private releaseUnacked({ first, second }: Flow): void {
    this.shared.wireshark.unacked.release(first.wireshark);
    this.shared.wireshark.unacked.release(second.wireshark);
  }

  private sweep(now: number): void {
    this.lastSweep = now;
    for (const flow of this.all()) if (now - flow.lastTime > LINGER) this.finish(flow);
  }

  /** Lets go of the flows that ended longest ago. Done when there are half as many flows again, it costs a constant per flow. */
  private settle(): void {
    const ended = [...this.all()].filter(({ ends }) => ends === ENDED).sort((a, b) => a.lastTime - b.lastTime);
    for (const flow of ended.slice(0, -MOST_ENDED)) this.finish(flow);
    this.nextSettling = Math.max(MOST_ENDED * 2, this.size * 1.5);
  }

  /** Room for a new flow: one that is over gives way, else the one that began first. */
  private evict(): void {
    let ended = this.conversations.first;
    for (let looked = 0; looked < LOOKED_AT && ended !== undefined && ended.ends !== ENDED; looked++) ended = ended.newer;
    this.giveUp(ended?.ends === ENDED ? ended : (this.conversations.first ?? this.attempts.first));
  }

  private giveUp(flow: Listed | undefined): void {
    if (flow === undefined) return;
    if (flow.ends !== ENDED) this.evicted++;
    this.finish(flow);
  }

  private grow(): void {
    this.buckets = new Array(this.buckets.length * 2).fill(undefined);
    for (const flow of this.all()) this.chain(flow);
  }
}

const FIRST_SIZE = 1024;
/** So many of the oldest conversations are looked at for one that has ended. */
const LOOKED_AT = 64;

/** The same for both directions. */
function hashOf(s: Segment): number {
  const source = s.source0 ^ s.source1 ^ s.source2 ^ s.source3;
  const destination = s.destination0 ^ s.destination1 ^ s.destination2 ^ s.destination3;
  let hash = Math.imul(source ^ destination, 0x9e3779b1) ^ Math.imul((source + destination) | 0, 0x85ebca6b);
  hash ^= Math.imul(s.sourcePort ^ s.destinationPort, 0xc2b2ae35) ^ Math.imul(s.sourcePort + s.destinationPort, 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}
