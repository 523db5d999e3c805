import type { Segment } from '../../decode/segment.js';
import { isAfter, isBefore, type Seq } from '../../decode/sequence.js';

/** Sequence numbers [from, to) that were skipped, and what is known of the segment behind them that showed it. */
export interface Hole {
  readonly from: Seq;
  readonly to: Seq;
  readonly frame: number;
  readonly time: number;
  readonly ipId: number;
  /** Undefined without the option. */
  readonly tsval: number | undefined;
}

/** So many holes are kept; of more the oldest is forgotten. */
const MOST = 256;

/** What one end has sent but the capture has not seen, in the order of sequence numbers. */
export class Holes {
  /** Shared by all ends that skipped nothing yet. */
  static readonly NONE: Holes = new Holes();

  private readonly list: Hole[] = [];
  /** Holes that were forgotten to keep the list bounded. */
  forgotten = 0;

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  /** These, and the one before a segment that starts behind `from`, the highest sequence number seen so far. */
  with(from: Seq, segment: Segment): Holes {
    const holes = this === Holes.NONE ? new Holes() : this;
    holes.open(from, segment);
    return holes;
  }

  private open(from: Seq, { seq, frame, time, ipId, hasTimestamps, tsval }: Segment): void {
    this.list.push({ from, to: seq, frame, time, ipId, tsval: hasTimestamps ? tsval : undefined });
    this.bound();
  }

  get first(): Hole | undefined {
    return this.list[0];
  }

  /** The first hole that [from, to) reaches into. */
  at(from: Seq, to: Seq): Hole | undefined {
    return this.list.find((hole) => isBefore(hole.from, to) && isAfter(hole.to, from));
  }

  /** [from, to) has been seen now. What it divides is two holes. */
  fill(from: Seq, to: Seq): void {
    for (let i = this.list.length - 1; i >= 0; i--) {
      const hole = this.list[i] as Hole;
      if (!isAfter(hole.to, from)) break;
      if (isBefore(hole.from, to)) this.list.splice(i, 1, ...without(hole, from, to));
    }
    this.bound();
  }

  /** The peer has acknowledged everything before `una`. Returns how many bytes of it were never seen. */
  close(una: Seq): number {
    let missed = 0;
    while (this.list.length > 0) {
      const first = this.list[0] as Hole;
      if (!isBefore(first.from, una)) break;
      const end = isAfter(first.to, una) ? una : first.to;
      missed += (end - first.from) | 0;
      this.list.shift();
      if (end !== first.to) {
        this.list.unshift({ ...first, from: end });
        break;
      }
    }
    return missed;
  }

  private bound(): void {
    if (this.list.length <= MOST) return;
    this.list.shift();
    this.forgotten++;
  }
}

/** What is left of a hole that [from, to) reaches into. */
function without(hole: Hole, from: Seq, to: Seq): Hole[] {
  const rest: Hole[] = [];
  if (isBefore(hole.from, from)) rest.push({ ...hole, to: from });
  if (isAfter(hole.to, to)) rest.push({ ...hole, from: to });
  return rest;
}
