/** Random numbers that are the same for the same seed (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** 0 … 2^32 - 1 */
  word(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 … limit - 1; 0 for an empty range. */
  below(limit: number): number {
    return limit > 0 ? this.word() % limit : 0;
  }

  among<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}
