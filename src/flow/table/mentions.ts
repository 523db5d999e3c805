import { ACK, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import type { Flow } from '../flow.js';
import { WiresharkDirection } from '../wireshark/direction.js';
import { learnFlags, learnOptions } from '../wireshark/learn.js';
import { WiresharkConversation } from '../wireshark.js';
import { ENDS, isBack, isThere, LONGER_BY, NOT_LONGER, writeEnds } from './between.js';

/** So many keep their numbers at a time. */
const MOST = 10_000;

/** A connection of which no segment was captured yet. */
export class Mentioned {
  readonly wireshark: WiresharkConversation = new WiresharkConversation();
  readonly there: WiresharkDirection = new WiresharkDirection();
  readonly back: WiresharkDirection = new WiresharkDirection();
  /** Between whom it is. */
  private readonly words = new Int32Array(ENDS + LONGER_BY);
  private readonly longer: number;

  constructor(
    readonly stream: number,
    readonly hash: number,
    segment: Segment,
  ) {
    this.longer = segment.family === 6 ? ENDS : NOT_LONGER;
    writeEnds(segment, this.words, 0, this.longer);
  }

  /** Sent by the end that sent the first segment. */
  isThere(segment: Segment): boolean {
    return isThere(segment, this.words, 0, this.longer);
  }

  isBetween(segment: Segment): boolean {
    return this.isThere(segment) || isBack(segment, this.words, 0, this.longer);
  }

  /** A segment of it is quoted or sampled. */
  mention(segment: Segment): void {
    const isThere = this.isThere(segment);
    learn(segment, this.wireshark, isThere ? this.there : this.back, isThere ? this.back : this.there);
  }
}

/** Connections of which no segment was captured yet: ICMP errors quote them, switches sample them. */
export class Mentions {
  /** By hash; of two that share one, the later is known. */
  private readonly known = new Map<number, Mentioned>();

  find(segment: Segment, hash: number): Mentioned | undefined {
    const mentioned = this.known.get(hash);
    return mentioned?.isBetween(segment) ? mentioned : undefined;
  }

  add(mentioned: Mentioned): void {
    const { hash } = mentioned;
    if (this.known.get(hash) === mentioned) return;
    this.known.delete(hash);
    this.known.set(hash, mentioned);
    const oldest = this.known.size > MOST ? this.known.keys().next().value : undefined;
    if (oldest !== undefined) this.known.delete(oldest);
  }

  /** The first segment of such a connection has been captured: it is a conversation from now on. */
  take(segment: Segment, hash: number): Mentioned | undefined {
    const mentioned = this.find(segment, hash);
    if (mentioned !== undefined) this.known.delete(hash);
    return mentioned;
  }
}

/** Wireshark learns from the header of a segment of `flow` that is quoted or sampled; nobody else does. */
export function mention(flow: Flow, segment: Segment): void {
  const sender = flow.sender(segment);
  learn(segment, flow.wireshark, sender.wireshark, flow.peer(sender).wireshark);
}

/** `flow`, which begins with a segment, goes on with what Wireshark learnt while the connection was only spoken of. */
export function inherit(flow: Flow, mentioned: Mentioned, segment: Segment): void {
  const isThere = mentioned.isThere(segment);
  Object.assign(flow.wireshark, mentioned.wireshark);
  flow.first.wireshark.inherit(isThere ? mentioned.there : mentioned.back);
  flow.second.wireshark.inherit(isThere ? mentioned.back : mentioned.there);
}

function learn(segment: Segment, conversation: WiresharkConversation, forward: WiresharkDirection, reverse: WiresharkDirection): void {
  if (segment.flags & SYN && forward.hasBaseSeq) {
    if (segment.flags & ACK) forward.baseSeq = segment.seq;
    else if (forward.baseSeq === segment.seq) forward.nextSeq = forward.maxSeqToBeAcked;
  }
  learnFlags(segment, 0, conversation, forward); // it does not look for the length of such a segment
  learnOptions(segment, forward, reverse);
}
