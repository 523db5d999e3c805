import type { Segment } from '../decode/segment.js';
import type { Flow } from '../flow/flow.js';

/** So many segments of a capture are compared with another one: about 65 bytes each, so at most 140 MB a capture. */
export const MOST_RECORDED: number = 1 << 21;
const FIRST_SIZE = 1 << 10;

/** What the comparison with another capture needs of every segment, in columns: no object per segment. */
export class Trace {
  count = 0;
  /** Segments that found no room; then nothing after `until` is compared. */
  left = 0;
  /** Nanoseconds since the capture's epoch. */
  time: Float64Array = new Float64Array(FIRST_SIZE);
  frame: Int32Array = new Int32Array(FIRST_SIZE);
  /** Twice the number of its flow, and 1 more when the second endpoint of the flow sent it. */
  lane: Int32Array = new Int32Array(FIRST_SIZE);
  seq: Int32Array = new Int32Array(FIRST_SIZE);
  ack: Int32Array = new Int32Array(FIRST_SIZE);
  length: Int32Array = new Int32Array(FIRST_SIZE);
  /** TCP flags. */
  flags: Int16Array = new Int16Array(FIRST_SIZE);
  window: Int32Array = new Int32Array(FIRST_SIZE);
  /** -1 for IPv6. */
  ipId: Int32Array = new Int32Array(FIRST_SIZE);
  tsval: Int32Array = new Int32Array(FIRST_SIZE);
  tsecr: Int32Array = new Int32Array(FIRST_SIZE);
  /** MSS, window scale, SACK, timestamps: packed by `optionsOf`. */
  options: Int32Array = new Int32Array(FIRST_SIZE);
  ttl: Uint8Array = new Uint8Array(FIRST_SIZE);
  /** ECN field, and in bits 2 and 3 what became of checking the TCP checksum: 1 right, 2 wrong, 0 not checked. */
  marks: Uint8Array = new Uint8Array(FIRST_SIZE);
  /** Flows by their number; there is none where a number is of a conversation without a sound segment. */
  readonly flows: Flow[] = [];

  constructor(private readonly most: number = MOST_RECORDED) {}

  /** The flows alone. */
  get known(): Flow[] {
    return Object.values(this.flows);
  }

  add(segment: Segment, flow: Flow): void {
    if (this.count === this.most) {
      this.left++;
      return;
    }
    const i = this.count++;
    if (i === this.time.length) this.grow();
    if (this.flows[flow.stream] === undefined) this.flows[flow.stream] = flow;
    this.time[i] = segment.time;
    this.frame[i] = segment.frame;
    this.lane[i] = flow.stream * 2 + (flow.first.isSource(segment) ? 0 : 1);
    this.seq[i] = segment.seq;
    this.ack[i] = segment.ack;
    this.length[i] = segment.length;
    this.flags[i] = segment.flags;
    this.window[i] = segment.window;
    this.ipId[i] = segment.ipId;
    this.tsval[i] = segment.hasTimestamps ? segment.tsval : 0;
    this.tsecr[i] = segment.hasTimestamps ? segment.tsecr : 0;
    this.options[i] = optionsOf(segment);
    this.ttl[i] = segment.ttl;
    this.marks[i] = segment.ecn | (segment.checksumVerdict === 0 ? 0 : segment.checksumVerdict > 0 ? 4 : 8);
  }

  /** Segments of each lane in the order of the capture. */
  lanes(): Lanes {
    const { count, lane } = this;
    const starts = new Int32Array(this.flows.length * 2 + 1);
    for (let i = 0; i < count; i++) starts[(lane[i] as number) + 1]++;
    for (let i = 1; i < starts.length; i++) (starts[i] as number) += starts[i - 1] as number;
    const next = starts.slice();
    const records = new Int32Array(count);
    for (let i = 0; i < count; i++) records[next[lane[i] as number]++] = i;
    return { of: (one) => records.subarray(starts[one] ?? count, starts[one + 1] ?? count) };
  }

  private grow(): void {
    const size = this.time.length * 2;
    this.time = enlarged(this.time, new Float64Array(size));
    this.frame = enlarged(this.frame, new Int32Array(size));
    this.lane = enlarged(this.lane, new Int32Array(size));
    this.seq = enlarged(this.seq, new Int32Array(size));
    this.ack = enlarged(this.ack, new Int32Array(size));
    this.length = enlarged(this.length, new Int32Array(size));
    this.flags = enlarged(this.flags, new Int16Array(size));
    this.window = enlarged(this.window, new Int32Array(size));
    this.ipId = enlarged(this.ipId, new Int32Array(size));
    this.tsval = enlarged(this.tsval, new Int32Array(size));
    this.tsecr = enlarged(this.tsecr, new Int32Array(size));
    this.options = enlarged(this.options, new Int32Array(size));
    this.ttl = enlarged(this.ttl, new Uint8Array(size));
    this.marks = enlarged(this.marks, new Uint8Array(size));
  }
}

/** Finds the records of one lane. */
export interface Lanes {
  of(lane: number): Int32Array;
}

function enlarged<Column extends Float64Array | Int32Array | Int16Array | Uint8Array>(old: Column, column: Column): Column {
  column.set(old);
  return column;
}

/** Bits 0-15 MSS + 1, 16-20 window scale + 1, 21 SACK permitted, 22 timestamps. */
function optionsOf({ mss, windowScale, sackPermitted, hasTimestamps }: Segment): number {
  return ((mss + 1) & 0xffff) | ((windowScale + 1) << 16) | (sackPermitted ? 1 << 21 : 0) | (hasTimestamps ? 1 << 22 : 0);
}

export function mssOf(options: number): number {
  return (options & 0xffff) - 1;
}

export function windowScaleOf(options: number): number {
  return ((options >>> 16) & 0x1f) - 1;
}

export function permitsSack(options: number): boolean {
  return (options & (1 << 21)) !== 0;
}

export function hasTimestamps(options: number): boolean {
  return (options & (1 << 22)) !== 0;
}
