import { ACK, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import type { Flow } from '../flow.js';
import { learnFlags, learnOptions } from '../wireshark/learn.js';

/** So many keep their numbers at a time. */
const MOST = 10_000;

/** Connections of which no segment was captured yet: ICMP errors quote them, switches sample them. */
export class Mentions {
  /** By hash; of two that share one, the later is known. */
  private readonly flows = new Map<number, Flow>();

  find(segment: Segment, hash: number): Flow | undefined {
    const flow = this.flows.get(hash);
    return flow?.isBetween(segment) ? flow : undefined;
  }

  add(flow: Flow): void {
    if (this.flows.get(flow.hash) === flow) return;
    this.forget(flow.hash);
    this.flows.set(flow.hash, flow);
    const oldest = this.flows.size > MOST ? this.flows.keys().next().value : undefined;
    if (oldest !== undefined) this.forget(oldest);
  }

  private forget(hash: number): void {
    this.flows.get(hash)?.release();
    this.flows.delete(hash);
  }

  /** The first segment of such a connection has been captured: it is a flow from now on. */
  take(segment: Segment, hash: number): Flow | undefined {
    const flow = this.find(segment, hash);
    if (flow !== undefined) this.flows.delete(hash);
    return flow;
  }
}

/** Wireshark learns from the header of a segment that is quoted or sampled; nobody else does. */
export function mention(flow: Flow, segment: Segment): void {
  const sender = flow.sender(segment);
  const { wireshark } = sender;
  if (segment.flags & SYN && wireshark.hasBaseSeq) {
    if (segment.flags & ACK) wireshark.baseSeq = segment.seq;
    else if (wireshark.baseSeq === segment.seq) wireshark.nextSeq = wireshark.maxSeqToBeAcked;
  }
  learnFlags(segment, 0, flow.wireshark, wireshark); // it does not look for the length of such a segment
  learnOptions(segment, wireshark, flow.peer(sender).wireshark);
}

/** `flow` goes on with what Wireshark learnt while the connection was only spoken of. */
export function inherit(flow: Flow, mentioned: Flow): void {
  Object.assign(flow.wireshark, mentioned.wireshark);
  flow.first.wireshark.inherit(mentioned.twinOf(flow.first).wireshark);
  flow.second.wireshark.inherit(mentioned.twinOf(flow.second).wireshark);
}
