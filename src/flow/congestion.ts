import { ACK, AE, CWR, ECE, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';

const MOST_LISTED = 16;
const COUNTER = AE | CWR | ECE;
/** Where the counter of marked packets begins (RFC 9768 section 3.2.2). */
const INITIAL = 5;
/** A counter that seems to have moved on by more than this came out of order. */
const FARTHEST = 4;

/** What one end says, and its packets show, of congestion marked by the network (RFC 3168, RFC 9768). */
export class Congestion {
  /** Its segments that arrived with the mark "congestion experienced". */
  marks = 0;
  /** Its reports of such a mark on what it received: requests to slow down, or steps of the counter. */
  echoes = 0;
  /** Its confirmations that it has slowed down; never sent with the counter. */
  reductions = 0;
  readonly frames: number[] = [];
  private counter = INITIAL;

  /** `isCounted`: the three bits are a counter, agreed on in the handshake. */
  note(segment: Segment, isCounted: boolean): void {
    const before = this.marks + this.echoes + this.reductions;
    if (segment.ecn === 3) this.marks++;
    if (isCounted) this.count(segment);
    else {
      if (segment.flags & ECE) this.echoes++;
      if (segment.flags & CWR) this.reductions++;
    }
    if (this.marks + this.echoes + this.reductions > before && this.frames.length < MOST_LISTED) this.frames.push(segment.frame);
  }

  private count({ flags }: Segment): void {
    const value = counterOf(flags);
    const steps = (value - this.counter) & 7;
    if (steps > FARTHEST) return;
    this.counter = value;
    this.echoes += steps;
  }
}

/** The three bits as a number: the counter, or on a SYN what is offered. */
function counterOf(flags: number): number {
  return (flags & AE ? 4 : 0) | (flags & CWR ? 2 : 0) | (flags & ECE ? 1 : 0);
}

/** Both ends count (RFC 9768 section 3.1): the SYN sets all three bits, and the SYN-ACK does not answer as an older system would. */
export function agreeOnCounting(synFlags: number, synAckFlags: number): boolean {
  const answer = counterOf(synAckFlags);
  return (
    (synFlags & COUNTER) === COUNTER && (synAckFlags & (SYN | ACK)) === (SYN | ACK) && (answer === 2 || answer === 3 || answer === 4 || answer === 6)
  );
}
