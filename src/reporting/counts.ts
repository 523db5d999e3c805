/** How often each of a few things was met, and in which flow first. */
export class Counts {
  private readonly counts = new Map<string, { count: number; first: number }>();

  count(what: string, stream: number, count = 1): void {
    const known = this.counts.get(what);
    if (known === undefined) this.counts.set(what, { count, first: stream });
    else {
      known.count += count;
      known.first = Math.min(known.first, stream);
    }
  }

  /** The most frequent first; of equals the one that was met first. */
  get all(): readonly (readonly [what: string, count: number])[] {
    const sorted = [...this.counts].sort(([, a], [, b]) => b.count - a.count || a.first - b.first);
    return sorted.map(([what, { count }]) => [what, count] as const);
  }

  merge(other: Counts): void {
    for (const [what, { count, first }] of other.counts) this.count(what, first, count);
  }
}
