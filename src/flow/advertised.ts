import type { Seq } from '../decode/sequence.js';
import { Rows } from './memory/rows.js';
import { NONE, Slab } from './memory/slab.js';

/** Room for what the ends of all flows advertise. */
export class AdvertisedSlab extends Slab {
  constructor(bytes: number) {
    super(WIDTH, undefined, bytes);
  }
}

/** What an end acknowledged and allowed with its segments of late, found by their timestamps. */
export class Advertised {
  private readonly rows: Rows;
  private count = 0;

  constructor(slab: AdvertisedSlab) {
    this.rows = new Rows(slab, USUAL);
  }

  /** One entry for each tick of its clock: the last one counts. */
  add(tsval: number, ack: Seq, edge: Seq): void {
    const { words } = this.rows.slab;
    const isNewTick = this.count === 0 || words[this.wordOf(this.count - 1) + TSVAL] !== tsval;
    if (isNewTick && !this.makeRoom()) return;
    const at = this.wordOf(this.count - 1);
    const entries = this.rows.slab.words; // it may have grown
    entries[at + TSVAL] = tsval;
    entries[at + ACK] = ack;
    entries[at + EDGE] = edge;
  }

  /** The position of the segment that a peer echoing `tsecr` knew last; NONE when it is not among them. */
  lastKnownBy(tsecr: number): number {
    const { words } = this.rows.slab;
    const oldest = Math.max(0, this.count - MOST);
    for (let i = this.count - 1; i >= oldest; i--) {
      if ((((words[this.wordOf(i) + TSVAL] as number) - tsecr) | 0) <= 0) return i;
    }
    return NONE;
  }

  /** What it acknowledged, and the highest sequence number it allowed. */
  ackOf(position: number): Seq {
    return this.rows.slab.words[this.wordOf(position) + ACK] as Seq;
  }
  edgeOf(position: number): Seq {
    return this.rows.slab.words[this.wordOf(position) + EDGE] as Seq;
  }

  /** Nobody asks any more. */
  clear(): void {
    this.rows.clear();
    this.count = 0;
  }

  private makeRoom(): boolean {
    if (this.count < MOST && this.rows.add() === NONE) return false;
    this.count++;
    return true;
  }

  private wordOf(position: number): number {
    return this.rows.row(position % MOST) * WIDTH;
  }
}

/** Ticks, usually milliseconds: longer than most round trips. */
const MOST = 256;
/** So many most ends have at most. */
const USUAL = 16;

// Words of a row, an even number of them.
const WIDTH = 4;
const TSVAL = 0;
const ACK = 1;
const EDGE = 2;
