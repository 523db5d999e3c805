import { NONE, Slab } from './slab.js';

/** A list of rows in a slab; it grows at its end. */
export class Rows {
  length = 0;
  private first: number = NONE;
  private capacity = 0;

  constructor(
    public slab: Slab,
    /** Rows that most of its kind stay below, a power of two: one that grows is copied. */
    private readonly usual: number,
  ) {}

  /** The row `i` of the list, as a row of the slab. */
  row(i: number): number {
    return this.first + i;
  }

  /** One more row, as a row of the slab; NONE when there is no room. What is in it is not cleared. */
  add(): number {
    if (this.length === this.capacity && !this.grow()) return NONE;
    return this.first + this.length++;
  }

  /** Those behind move up. */
  remove(from: number, count: number): void {
    const { slab, first } = this;
    const at = (first + from) * slab.width;
    slab.words.copyWithin(at, at + count * slab.width, (first + this.length) * slab.width);
    this.length -= count;
  }

  /** They move to a slab of their own. */
  settle(): void {
    const { slab, first, capacity, length } = this;
    if (capacity === 0) return;
    this.slab = new Slab(slab.width, length);
    slab.copy(first, -1, 0, length, this.slab, 0, -1);
    slab.give(first, capacity);
    this.first = this.slab.take(length);
    this.capacity = length;
  }

  clear(): void {
    if (this.capacity > 0) this.slab.give(this.first, this.capacity);
    this.length = this.capacity = 0;
    this.first = NONE;
  }

  private grow(): boolean {
    const { slab, first, capacity, length } = this;
    const size = Math.max(this.usual, capacity * 2);
    const block = slab.take(size);
    if (block === NONE) return false;
    if (capacity > 0) {
      slab.words.copyWithin(block * slab.width, first * slab.width, (first + length) * slab.width);
      slab.give(first, capacity);
    }
    this.first = block;
    this.capacity = size;
    return true;
  }
}
