import type { Seq } from '../decode/sequence.js';

/** What an end acknowledged and allowed with its segments of late, found by their timestamps. */
export class Advertised {
  private readonly tsvals: Int32Array = new Int32Array(SIZE);
  private readonly acks: Int32Array = new Int32Array(SIZE);
  private readonly edges: Int32Array = new Int32Array(SIZE);
  private count = 0;

  /** One entry for each tick of its clock: the last one counts. */
  add(tsval: number, ack: Seq, edge: Seq): void {
    const isNewTick = this.count === 0 || this.tsvals[(this.count - 1) % SIZE] !== tsval;
    if (isNewTick) this.count++;
    const at = (this.count - 1) % SIZE;
    this.tsvals[at] = tsval;
    this.acks[at] = ack;
    this.edges[at] = edge;
  }

  /** The segment that a peer echoing `tsecr` knew last: its acknowledgment and the highest sequence number it allowed. */
  knownBy(tsecr: number): { ack: Seq; edge: Seq } | undefined {
    const oldest = Math.max(0, this.count - SIZE);
    for (let i = this.count - 1; i >= oldest; i--) {
      const at = i % SIZE;
      if ((((this.tsvals[at] as number) - tsecr) | 0) <= 0) return { ack: this.acks[at] as number, edge: this.edges[at] as number };
    }
    return undefined;
  }
}

/** Ticks, usually milliseconds: longer than most round trips. */
const SIZE = 256;
