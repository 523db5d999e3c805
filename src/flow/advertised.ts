import type { Seq } from '../decode/sequence.js';

/** What an end acknowledged and allowed with its segments of late, found by their timestamps. */
export class Advertised {
  /** Timestamp, acknowledgment and edge in turn: one plain array is cheaper than many small typed ones. */
  private readonly entries: number[] = [];
  private count = 0;

  /** One entry for each tick of its clock: the last one counts. */
  add(tsval: number, ack: Seq, edge: Seq): void {
    const isNewTick = this.count === 0 || this.entries[this.slotOf(this.count - 1)] !== tsval;
    if (isNewTick) this.count++;
    const at = this.slotOf(this.count - 1);
    this.entries[at] = tsval;
    this.entries[at + 1] = ack;
    this.entries[at + 2] = edge;
  }

  /** The segment that a peer echoing `tsecr` knew last: its acknowledgment and the highest sequence number it allowed. */
  knownBy(tsecr: number): { ack: Seq; edge: Seq } | undefined {
    const oldest = Math.max(0, this.count - MOST);
    for (let i = this.count - 1; i >= oldest; i--) {
      const at = this.slotOf(i);
      if ((((this.entries[at] as number) - tsecr) | 0) <= 0) return { ack: this.entries[at + 1] as number, edge: this.entries[at + 2] as number };
    }
    return undefined;
  }

  private slotOf(position: number): number {
    return (position % MOST) * 3;
  }
}

/** Ticks, usually milliseconds: longer than most round trips. */
const MOST = 256;
