import { isAfter, isBefore, type Seq } from '../../decode/sequence.js';

/** A half-open range of sequence numbers. */
interface Range {
  from: Seq;
  to: Seq;
}

const MOST = 256;

/** A set of sequence numbers as disjoint ranges in order. */
export class Ranges {
  /** The empty set, shared, never to be added to. */
  static readonly NONE: Ranges = new Ranges();

  private readonly list: Range[] = [];

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  /** To be written to: the shared one is not. */
  own(): Ranges {
    return this === Ranges.NONE ? new Ranges() : this;
  }

  add(from: Seq, to: Seq): void {
    if (!isBefore(from, to)) return;
    let start = 0;
    while (start < this.list.length && isBefore((this.list[start] as Range).to, from)) start++;
    let end = start;
    let merged: Range = { from, to };
    for (; end < this.list.length; end++) {
      const next = this.list[end] as Range;
      if (isAfter(next.from, to)) break;
      merged = { from: isBefore(next.from, merged.from) ? next.from : merged.from, to: isAfter(next.to, merged.to) ? next.to : merged.to };
    }
    this.list.splice(start, end - start, merged);
    if (this.list.length > MOST) this.list.shift();
  }

  /** Forgets everything before `seq`. */
  removeBefore(seq: Seq): void {
    while (this.list.length > 0) {
      const first = this.list[0] as Range;
      if (!isAfter(first.to, seq)) this.list.shift();
      else {
        if (isBefore(first.from, seq)) first.from = seq;
        return;
      }
    }
  }

  /** Length of the shortest range; 0 when there is none. */
  get shortest(): number {
    return this.list.length === 0 ? 0 : Math.min(...this.list.map(({ from, to }) => (to - from) | 0));
  }

  covers(from: Seq, to: Seq): boolean {
    return this.list.some((range) => !isAfter(range.from, from) && !isBefore(range.to, to));
  }
}
