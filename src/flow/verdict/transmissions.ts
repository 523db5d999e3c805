import type { Segment } from '../../decode/segment.js';
import type { Seq } from '../../decode/sequence.js';

/**
 * The segments that one endpoint sent, oldest first: those not acknowledged yet, and of the others the last few, because
 * copies of a segment come late. A ring in two plain arrays, so that remembering a segment allocates nothing (and a short
 * flow less than it would with typed arrays, each of which is a buffer outside the heap).
 */
export class Transmissions {
  private words: number[] = new Array(FIRST * WORDS).fill(0);
  private times: number[] = new Array(FIRST).fill(Number.NaN);
  private capacity = FIRST;
  /** Position of the oldest one; positions only ever grow and are folded into the ring. */
  private head = 0;
  private tail = 0;
  /** The oldest one that is not known to be acknowledged. */
  private unacknowledged = 0;

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
    if (this.tail - this.head === this.capacity) this.makeRoom();
    const slot = this.tail++ & (this.capacity - 1);
    const at = slot * WORDS;
    this.words[at + SEQ] = segment.seq;
    this.words[at + END] = segment.end;
    this.words[at + ACK] = segment.ack;
    this.words[at + FRAME] = segment.frame;
    this.words[at + TSVAL] = segment.hasTimestamps ? segment.tsval : 0;
    this.words[at + IP] = (segment.ipId << 16) | (segment.ttl << 8) | (segment.flags & 0xff);
    this.words[at + SUMS] = (segment.window << 16) | segment.checksum;
    this.words[at + PLACE] = placeOf(segment);
    this.times[slot] = segment.time;
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

  /** When the segment was captured that ends at `ack`, if it is one of the last that were acknowledged. */
  timeOfLast(ack: Seq): number | undefined {
    for (let position = this.unacknowledged - 1; position >= this.head && position >= this.unacknowledged - KEPT; position--) {
      if (this.endOf(position) === ack && this.seqOf(position) !== ack) return this.timeOf(position);
    }
    return undefined;
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
    return this.times[position & (this.capacity - 1)] as number;
  }

  private word(position: number, word: number): number {
    return this.words[(position & (this.capacity - 1)) * WORDS + word] as number;
  }

  /** Forgets the oldest acknowledged ones; when there are none to spare the ring grows, up to its limit. */
  private makeRoom(): void {
    const spare = this.unacknowledged - this.head - KEPT;
    if (spare > 0 || this.capacity === MOST) {
      this.head += Math.max(spare, 1);
      this.unacknowledged = Math.max(this.unacknowledged, this.head);
      return;
    }
    this.grow();
  }

  private grow(): void {
    const { words, times, capacity } = this;
    this.words = new Array(capacity * 2 * WORDS).fill(0);
    this.times = new Array(capacity * 2).fill(Number.NaN);
    this.capacity = capacity * 2;
    for (let position = this.head; position < this.tail; position++) {
      const from = (position & (capacity - 1)) * WORDS;
      const to = (position & (this.capacity - 1)) * WORDS;
      for (let word = 0; word < WORDS; word++) this.words[to + word] = words[from + word] as number;
      this.times[position & (this.capacity - 1)] = times[position & (capacity - 1)] as number;
    }
  }
}

/** Interface, direction and tags in one number. */
export function placeOf({ interfaceId, direction, encapsulation }: Segment): number {
  return (interfaceId * 31 + encapsulation) * 4 + direction;
}

const FIRST = 4;
const MOST = 1 << 14;
/** Acknowledged segments that are remembered at least. */
const KEPT = 16;

/** So many segments back an earlier transmission is looked for. */
const SEARCHED = 1024;

// Words of an entry
const WORDS = 8;
const SEQ = 0;
const END = 1;
const ACK = 2;
const FRAME = 3;
const TSVAL = 4;
const IP = 5;
const SUMS = 6;
const PLACE = 7;
