/** A set of numbers as disjoint ranges in order: built once, asked often. */
export class Spans {
  readonly highest: number;
  private readonly ranges: { from: number; to: number }[] = [];

  constructor(ranges: readonly { readonly from: number; readonly to: number }[]) {
    for (const { from, to } of ranges.filter((range) => range.from < range.to).sort((a, b) => a.from - b.from)) {
      const last = this.ranges[this.ranges.length - 1];
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else this.ranges.push({ from, to });
    }
    this.highest = this.ranges.at(-1)?.to ?? Number.NEGATIVE_INFINITY;
  }

  covers(from: number, to: number): boolean {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ranges[middle]?.to ?? 0) < to) low = middle + 1;
      else high = middle;
    }
    return (this.ranges[low]?.from ?? Number.POSITIVE_INFINITY) <= from;
  }
}
