import type { Segment } from '../decode/segment.js';
import { distance } from '../decode/sequence.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Seen } from '../flow/seen.js';
import type { Verdict } from '../flow/verdict.js';

/** SACK blocks that are kept of a segment. */
export const MOST_BLOCKS = 3;
/** Stands for "not known" where a number of bytes or a time is never negative. */
export const UNSAID = -1;

/** Segments, one a row; a typed array for each column, so that a row costs no allocation. */
export class Columns {
  /** Nanoseconds since the capture's epoch. */
  readonly time: Float64Array;
  /** Bytes of payload that its sender has sent up to and with this segment, resent ones included. */
  readonly carried: Float64Array;
  readonly frame: Int32Array;
  readonly seq: Int32Array;
  readonly length: Int32Array;
  readonly ack: Int32Array;
  /** Window that it advertises, scaled. */
  readonly window: Int32Array;
  /** Bytes under way after it in the direction it concerns: its own when it carries payload, else that of the segments it answers. */
  readonly flight: Int32Array;
  /** Bytes that the receiver of that direction allows to be under way. */
  readonly room: Int32Array;
  /** Nanoseconds from the segment that it is the first to acknowledge, beyond 2.1 s cut. */
  readonly roundTrip: Int32Array;
  readonly seen: Int32Array;
  readonly verdict: Uint8Array;
  readonly flags: Uint16Array;
  readonly side: Uint8Array;
  readonly isMarked: Uint8Array;
  readonly blocks: Uint8Array;
  readonly edges: Int32Array;

  constructor(readonly capacity: number) {
    this.time = new Float64Array(capacity);
    this.carried = new Float64Array(capacity);
    this.frame = new Int32Array(capacity);
    this.seq = new Int32Array(capacity);
    this.length = new Int32Array(capacity);
    this.ack = new Int32Array(capacity);
    this.window = new Int32Array(capacity);
    this.flight = new Int32Array(capacity);
    this.room = new Int32Array(capacity);
    this.roundTrip = new Int32Array(capacity);
    this.seen = new Int32Array(capacity);
    this.verdict = new Uint8Array(capacity);
    this.flags = new Uint16Array(capacity);
    this.side = new Uint8Array(capacity);
    this.isMarked = new Uint8Array(capacity);
    this.blocks = new Uint8Array(capacity);
    this.edges = new Int32Array(capacity * MOST_BLOCKS * 2);
  }

  /** Writes a segment, after what is known of both ends has moved on with it. */
  write(row: number, segment: Segment, sender: Endpoint, receiver: Endpoint, seen: Seen, verdict: Verdict): void {
    const from = segment.length > 0 ? sender : receiver;
    const to = segment.length > 0 ? receiver : sender;
    this.time[row] = segment.time;
    this.carried[row] = sender.payload;
    this.frame[row] = segment.frame;
    this.seq[row] = segment.seq;
    this.length[row] = segment.length;
    this.ack[row] = segment.ack;
    this.window[row] = sender.window;
    this.flight[row] = distance(from.sndNxt, from.sndUna);
    this.room[row] = to.hasRcvNxt ? distance(to.windowEdge, from.sndUna) : UNSAID;
    this.roundTrip[row] = UNSAID;
    this.seen[row] = seen;
    this.verdict[row] = verdict;
    this.flags[row] = segment.flags;
    this.side[row] = sender.side;
    this.isMarked[row] = 0;
    const blocks = Math.min(segment.sackCount, MOST_BLOCKS);
    this.blocks[row] = blocks;
    for (let i = 0; i < blocks * 2; i++) this.edges[row * MOST_BLOCKS * 2 + i] = segment.sackEdges[i] as number;
  }

  /** Moves a row to the place of another. */
  move(from: number, to: number): void {
    for (const column of this.all()) column[to] = column[from] as number;
    this.edges.copyWithin(to * MOST_BLOCKS * 2, from * MOST_BLOCKS * 2, (from + 1) * MOST_BLOCKS * 2);
  }

  /** The same rows with room for more. */
  grown(capacity: number): Columns {
    const larger = new Columns(capacity);
    const columns = this.all();
    for (const [i, column] of larger.all().entries()) column.set(columns[i] as Int32Array);
    larger.edges.set(this.edges);
    return larger;
  }

  private columns: readonly Column[] | undefined;

  private all(): readonly Column[] {
    this.columns ??= [
      ...[this.time, this.carried, this.frame, this.seq, this.length, this.ack, this.window, this.flight, this.room],
      ...[this.roundTrip, this.seen, this.verdict, this.flags, this.side, this.isMarked, this.blocks],
    ];
    return this.columns;
  }
}

type Column = Float64Array | Int32Array | Uint16Array | Uint8Array;
