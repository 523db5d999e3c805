import type { Segment } from '../../decode/segment.js';
import type { Seq } from '../../decode/sequence.js';
import { NONE, Slab } from '../memory/slab.js';

/**
 * The segments that one endpoint sent, oldest first: those not acknowledged yet, and of the others the last few, because
 * copies of a segment come late. A ring in a block of the slab that all endpoints share.
 */
export class Transmissions {
  private first: number = NONE;
  private capacity = 0;
  /** Folds a position into the ring. */
  private mask = -1;
  /** Position of the oldest one; positions only ever grow and are folded into the ring. */
  private head = 0;
  private tail = 0;
  /** The oldest one that is not known to be acknowledged. */
  private unacknowledged = 0;

  constructor(private slab: Slab) {}

  /** Positions of what is remembered: [oldest, end). */
  get oldest(): number {
    return this.head;
  }
  get end(): number {
    return this.tail;
  }
  /** Position of the first one that is not known to be acknowledged. */
  get firstUnacknowledged(): number {
    return this.unacknowledged;
  }

  add(segment: Segment): void {
    if (this.tail - this.head === this.capacity && !this.makeRoom()) return;
    const entry = this.first + (this.tail++ & this.mask);
    const { words, doubles } = this.slab;
    const at = entry * WIDTH;
    words[at + SEQ] = segment.seq;
    words[at + END] = segment.end;
    words[at + ACK] = segment.ack;
    words[at + FRAME] = segment.frame;
    words[at + TSVAL] = segment.hasTimestamps ? segment.tsval : 0;
    words[at + IP] = (segment.ipId << 16) | (segment.ttl << 8) | (segment.flags & 0xff);
    words[at + SUMS] = (segment.window << 16) | segment.checksum;
    words[at + PLACE] = placeOf(segment);
    doubles[at / 2 + TIME] = segment.time;
  }

  /** The peer has acknowledged everything before `ack`. Returns the length of the longest segment that this covers. */
  acknowledge(ack: Seq): number {
    let longest = 0;
    while (this.unacknowledged < this.tail) {
      const end = this.endOf(this.unacknowledged);
      if (((end - ack) | 0) > 0) break;
      longest = Math.max(longest, (end - this.seqOf(this.unacknowledged)) | 0);
      this.unacknowledged++;
    }
    return longest;
  }

  /** Position of the segment that ends at `ack`, if it is one of the last that were acknowledged; NONE otherwise. */
  lastUpTo(ack: Seq): number {
    for (let position = this.unacknowledged - 1; position >= this.head && position >= this.unacknowledged - KEPT; position--) {
      if (this.endOf(position) === ack && this.seqOf(position) !== ack) return position;
    }
    return NONE;
  }

  /** When a part of [from, to) was sent last, if that is still remembered. */
  lastOf(from: Seq, to: Seq): { frame: number; time: number } | undefined {
    const position = this.positionOfLast(from, to);
    return position === undefined ? undefined : { frame: this.frameOf(position), time: this.timeOf(position) };
  }

  positionOfLast(from: Seq, to: Seq): number | undefined {
    const oldest = Math.max(this.head, this.tail - SEARCHED);
    for (let position = this.tail - 1; position >= oldest; position--) {
      const [seq, end] = [this.seqOf(position), this.endOf(position)];
      if (seq !== end && ((seq - to) | 0) < 0 && ((end - from) | 0) > 0) return position;
    }
    return undefined;
  }

  seqOf(position: number): Seq {
    return this.word(position, SEQ);
  }
  endOf(position: number): Seq {
    return this.word(position, END);
  }
  ackOf(position: number): Seq {
    return this.word(position, ACK);
  }
  frameOf(position: number): number {
    return this.word(position, FRAME);
  }
  tsvalOf(position: number): number {
    return this.word(position, TSVAL);
  }
  ipIdOf(position: number): number {
    return this.word(position, IP) >>> 16;
  }
  ttlOf(position: number): number {
    return (this.word(position, IP) >>> 8) & 0xff;
  }
  flagsOf(position: number): number {
    return this.word(position, IP) & 0xff;
  }
  /** Window and checksum of the header in one word. */
  sumsOf(position: number): number {
    return this.word(position, SUMS);
  }
  /** Differs when the segment was captured elsewhere: on another interface, on its way in or out, with another tag. */
  placeOf(position: number): number {
    return this.word(position, PLACE);
  }
  timeOf(position: number): number {
    return this.slab.doubles[(this.first + (position & this.mask)) * (WIDTH / 2) + TIME] as number;
  }

  /** The position of the last one of which that is so, as far as they are remembered; undefined when there is none. */
  findLast(isSo: (position: number) => boolean): number | undefined {
    for (let position = this.end - 1; position >= this.oldest; position--) if (isSo(position)) return position;
    return undefined;
  }

  /** The flow is over: what is remembered leaves the slab, in a straight line, for as long as somebody keeps it. */
  settle(): void {
    const { slab, first, capacity, mask, head, tail } = this;
    if (capacity === 0) return;
    this.slab = new Slab(WIDTH, tail - head);
    const start = 0 - head; // never -0, which is no integer to the engine
    slab.copy(first, mask, head, tail, this.slab, start, -1);
    slab.give(first, capacity);
    this.first = start;
    this.mask = -1;
    this.capacity = 0;
  }

  /** The flow is over, and nobody reads what was remembered. */
  release(): void {
    if (this.capacity === 0) return;
    this.slab.give(this.first, this.capacity);
    this.capacity = this.head = this.tail = this.unacknowledged = 0;
  }

  private word(position: number, word: number): number {
    return this.slab.words[(this.first + (position & this.mask)) * WIDTH + word] as number;
  }

  /** Forgets the oldest acknowledged ones; when there are none to spare the ring grows, up to its limit. False where nothing can be remembered. */
  private makeRoom(): boolean {
    const spare = this.unacknowledged - this.head - KEPT;
    const grows = spare <= 0 && this.capacity < MOST && this.grow();
    if (grows || this.capacity === 0) return grows;
    this.head += Math.max(spare, 1);
    this.unacknowledged = Math.max(this.unacknowledged, this.head);
    return true;
  }

  private grow(): boolean {
    const { slab, first, capacity } = this;
    const size = Math.max(capacity * 2, FIRST);
    const block = slab.take(size);
    if (block === NONE) return false;
    if (capacity > 0) {
      slab.copy(first, capacity - 1, this.head, this.tail, slab, block, size - 1);
      slab.give(first, capacity);
    }
    this.first = block;
    this.capacity = size;
    this.mask = size - 1;
    return true;
  }
}

/** Interface, direction and tags in one number. */
export function placeOf({ interfaceId, direction, encapsulation }: Segment): number {
  return (interfaceId * 31 + encapsulation) * 4 + direction;
}

const FIRST = 32;
const MOST = 1 << 14;
/** Acknowledged segments that are remembered at least. */
const KEPT = 16;

/** So many segments back an earlier transmission is looked for. */
const SEARCHED = 1024;

/** Words of an entry; the last two are a double. */
export const WIDTH = 10;

// Words of an entry, and its double
const SEQ = 0;
const END = 1;
const ACK = 2;
const FRAME = 3;
const TSVAL = 4;
const IP = 5;
const SUMS = 6;
const PLACE = 7;
const TIME = 4;
