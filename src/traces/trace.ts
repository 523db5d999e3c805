import { FIN, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import type { Flow } from '../flow/flow.js';
import { DUPLICATE_ACK, KEEP_ALIVE_ACK, type Seen, WINDOW_UPDATE } from '../flow/seen.js';
import { isResent, NONE, type Verdict } from '../flow/verdict.js';
import { Columns } from './columns.js';
import { thin } from './thin.js';

/** A trace begins with room for so many rows. */
export const FIRST_CAPACITY = 64;
/** It grows up to here before rows that are not marked are thinned out, and is left with half of them. */
const PLAIN_CAPACITY = 16_384;
/** So many rows are marked; after that they are thinned out like the others. */
const MOST_MARKED = 32_768;
/** So many rows before and after the first segment that was sent again. */
const EXHIBIT = 256;
/** Fewer rows than this are not worth the work of thinning. */
const LEAST_WORTH = 16;
const ROUTINE = DUPLICATE_ACK | WINDOW_UPDATE | KEEP_ALIVE_ACK;
/** Nanoseconds of silence after which a segment is worth a mark. */
const PAUSE = 1e9;

/** The segments of one flow as its graphs need them. Bounded: beyond the bound an outline is kept, and everything marked. */
export class Trace {
  columns: Columns = new Columns(FIRST_CAPACITY);
  rows = 0;
  /** Segments that it was told of, and rows of them with a mark. */
  segments = 0;
  marked = 0;
  /** It shows more than an opening and a closing. */
  isRemarkable = false;
  private hasExhibit = false;
  private exhibitLeft = 0;
  private lastTime = 0;
  private readonly roundTrips: [number, number] = [0, 0];

  /** Nothing more is added before there is room. */
  get isFull(): boolean {
    return this.rows === this.columns.capacity;
  }

  /** What a flow has learnt with a segment; there must be room for it. */
  add(segment: Segment, flow: Flow, seen: Seen, verdict: Verdict): void {
    const sender = flow.sender(segment);
    const receiver = flow.peer(sender);
    const row = this.rows++;
    this.columns.write(row, segment, sender, receiver, seen, verdict);
    const { count, latest } = receiver.roundTrips;
    if (count !== this.roundTrips[sender.side]) this.columns.roundTrip[row] = Math.min(latest, 0x7fffffff);
    this.roundTrips[sender.side] = count;
    if (isResent(verdict) && !this.hasExhibit) this.exhibit(row);
    const says = (seen & ~ROUTINE) !== 0 || verdict !== NONE || (segment.flags & RST) !== 0;
    const isPaused = this.segments > 0 && segment.time - this.lastTime > PAUSE;
    if (says || isPaused) this.isRemarkable = true;
    const isExhibit = this.exhibitLeft > 0;
    if (isExhibit) this.exhibitLeft--;
    if (says || isPaused || isExhibit || (segment.flags & (SYN | FIN)) !== 0) this.mark(row);
    this.lastTime = segment.time;
    this.segments++;
  }

  /** Around the first repair every segment stays, so that it can be looked at closely. */
  private exhibit(row: number): void {
    this.hasExhibit = true;
    this.exhibitLeft = EXHIBIT;
    for (let before = Math.max(0, row - EXHIBIT); before < row; before++) this.mark(before);
  }

  private mark(row: number): void {
    if (this.columns.isMarked[row] === 1 || this.marked === MOST_MARKED) return;
    this.columns.isMarked[row] = 1;
    this.marked++;
  }

  /** Rows by which it may grow at once; 0 when it is large enough to be thinned out instead. */
  get growth(): number {
    const { capacity } = this.columns;
    return capacity < PLAIN_CAPACITY || this.marked > capacity / 2 ? capacity : 0;
  }

  grow(): void {
    this.columns = this.columns.grown(this.columns.capacity * 2);
  }

  /** Leaves an outline of what is not marked. True when there is room now; without prospect nothing is tried. */
  makeRoom(): boolean {
    const { capacity } = this.columns;
    const limit = Math.floor(Math.min(capacity, capacity - this.marked) / 2);
    if (limit < LEAST_WORTH) return false;
    this.thin(limit);
    return !this.isFull;
  }

  /** Leaves about so many rows beside the marked ones. */
  thin(limit: number): void {
    if (this.rows - this.marked > limit) this.rows = thin(this.columns, this.rows, limit);
  }

  /** Only now it is known what the segment in this frame really was. */
  correct(frame: number, verdict: Verdict): void {
    let low = 0;
    let high = this.rows - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.columns.frame[middle] as number) < frame) low = middle + 1;
      else high = middle;
    }
    if (this.columns.frame[low] === frame) this.columns.verdict[low] = verdict;
  }
}
