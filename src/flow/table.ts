import { ACK, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { Flow } from './flow.js';
import { inherit, Mentions, mention } from './mentions.js';
import { Shared } from './shared.js';
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

/** The flows that are going on, found by addresses and ports. */
export class FlowTable {
  /** Flows that were given up because there were too many, although they may have gone on. */
  evicted = 0;
  private buckets: (Flow | undefined)[] = new Array(FIRST_SIZE).fill(undefined);
  /** In the order of their last segment, roughly: those that were not heard for long are at the front. */
  private readonly flows = new Set<Flow>();
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
  ) {
    this.shared = new Shared(corrected);
  }

  /**
   * The flow a segment belongs to, numbered as Wireshark's `tcp.stream`: a new one for every pair of ports, and for every
   * SYN that brings a new initial sequence number.
   */
  of(segment: Segment): Flow {
    const hash = hashOf(segment);
    const flow = this.find(segment, hash);
    if (flow === undefined) return this.add(segment, hash, undefined);
    const isSyn = (segment.flags & (SYN | ACK)) === SYN;
    if (!isSyn) return flow;
    const forward = flow.sender(segment).wireshark;
    if (!forward.hasBaseSeq) return flow;
    if (forward.baseSeq === segment.seq) {
      forward.nextSeq = forward.maxSeqToBeAcked; // undoes what a reset may have moved
      return flow;
    }
    this.flows.delete(flow);
    this.releaseUnacked(flow);
    this.unchain(flow); // it is over when its successor is: until then it can turn out to be alive
    const successor = this.add(segment, hash, flow);
    successor.wireshark.reusedIn = segment.frame;
    successor.wireshark.completeness = SYN_SEEN;
    return successor;
  }

  /**
   * The flow whose segment an ICMP error quotes, or a switch has sampled; undefined when none of its segments was captured. Such a
   * connection is numbered all the same, as in Wireshark, and keeps its number if it is captured later.
   */
  mention(segment: Segment): Flow | undefined {
    const hash = hashOf(segment);
    const flow = this.find(segment, hash);
    if (segment.quotedLength < READ_BY_WIRESHARK) return flow;
    const known = flow ?? this.mentions.find(segment, hash) ?? new Flow(this.streams++, hash, segment, undefined, this.shared);
    mention(known, segment);
    if (flow === undefined) this.mentions.add(known);
    return flow;
  }

  /** Flows that are over since the last call. */
  takeFinished(now: number): Flow[] {
    if (now - this.lastSweep > LINGER / 8) this.sweep(now);
    if (this.flows.size >= this.nextSettling) this.settle();
    const finished = this.finished;
    if (finished.length > 0) this.finished = [];
    return finished;
  }

  /** At the end of the capture: all that are left, each with the one before it. */
  *takeAll(): Generator<Flow[], void, void> {
    yield this.finished;
    this.buckets.fill(undefined);
    for (const flow of this.flows) {
      this.finished = [];
      this.flows.delete(flow);
      this.release(flow);
      yield this.finished;
    }
  }

  private find(segment: Segment, hash: number): Flow | undefined {
    let flow = this.buckets[hash & (this.buckets.length - 1)];
    while (flow !== undefined && (flow.hash !== hash || !flow.isBetween(segment))) flow = flow.next;
    return flow;
  }

  private add(segment: Segment, hash: number, previous: Flow | undefined): Flow {
    if (this.flows.size >= this.most) this.evict();
    if (this.flows.size > this.buckets.length) this.grow();
    if (previous?.previous !== undefined) {
      this.finished.push(previous.previous);
      previous.previous = undefined; // one generation is enough
    }
    const mentioned = this.mentions.take(segment, hash);
    const flow = new Flow(mentioned?.stream ?? this.streams++, hash, segment, previous, this.shared);
    if (mentioned !== undefined) inherit(flow, mentioned);
    this.flows.add(flow);
    this.chain(flow);
    return flow;
  }

  private chain(flow: Flow): void {
    const bucket = flow.hash & (this.buckets.length - 1);
    flow.next = this.buckets[bucket];
    this.buckets[bucket] = flow;
  }

  private unchain(flow: Flow): void {
    const bucket = flow.hash & (this.buckets.length - 1);
    let before = this.buckets[bucket];
    if (before === flow) this.buckets[bucket] = flow.next;
    else {
      while (before !== undefined && before.next !== flow) before = before.next;
      if (before !== undefined) before.next = flow.next;
    }
    flow.next = undefined;
  }

  private finish(flow: Flow): void {
    this.flows.delete(flow);
    this.unchain(flow);
    this.release(flow);
  }

  /** The flow and the one before it are over. */
  private release(flow: Flow): void {
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
    for (const flow of this.flows) if (now - flow.lastTime > LINGER) this.finish(flow);
  }

  /** Lets go of the flows that ended longest ago. Done when there are half as many flows again, it costs a constant per flow. */
  private settle(): void {
    const ended = [...this.flows].filter((flow) => flow.isOver).sort((a, b) => a.lastTime - b.lastTime);
    for (const flow of ended.slice(0, -MOST_ENDED)) this.finish(flow);
    this.nextSettling = Math.max(MOST_ENDED * 2, this.flows.size * 1.5);
  }

  /** Room for a new flow: one that is over gives way, else the one that began first. */
  private evict(): void {
    let victim: Flow | undefined;
    let looked = 0;
    for (const flow of this.flows) {
      victim ??= flow;
      if (flow.isOver) {
        victim = flow;
        break;
      }
      if (++looked === 64) break;
    }
    if (victim === undefined) return;
    if (!victim.isOver) this.evicted++;
    this.finish(victim);
  }

  private grow(): void {
    this.buckets = new Array(this.buckets.length * 2).fill(undefined);
    for (const flow of this.flows) this.chain(flow);
  }
}

const FIRST_SIZE = 1024;

/** The same for both directions. */
function hashOf(s: Segment): number {
  const source = s.source0 ^ s.source1 ^ s.source2 ^ s.source3;
  const destination = s.destination0 ^ s.destination1 ^ s.destination2 ^ s.destination3;
  let hash = Math.imul(source ^ destination, 0x9e3779b1) ^ Math.imul((source + destination) | 0, 0x85ebca6b);
  hash ^= Math.imul(s.sourcePort ^ s.destinationPort, 0xc2b2ae35) ^ Math.imul(s.sourcePort + s.destinationPort, 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}
