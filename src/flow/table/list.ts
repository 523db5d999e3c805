import type { Entry } from './entry.js';

/** Conversations in the order in which they were added; one leaves from anywhere at no cost. */
export class EntryList {
  size = 0;
  first: Entry | undefined = undefined;
  private last: Entry | undefined = undefined;

  add(entry: Entry): void {
    entry.list = this;
    entry.older = this.last;
    if (this.last === undefined) this.first = entry;
    else this.last.newer = entry;
    this.last = entry;
    this.size++;
  }

  /** It joins this list at its end, or goes there in it. */
  move(entry: Entry): void {
    if (entry === this.last) return;
    entry.list?.remove(entry);
    this.add(entry);
  }

  remove(entry: Entry): void {
    entry.list = undefined;
    if (entry.older === undefined) this.first = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === undefined) this.last = entry.older;
    else entry.newer.older = entry.older;
    entry.older = entry.newer = undefined;
    this.size--;
  }

  /** The oldest first. The one that was yielded last may leave meanwhile. */
  *[Symbol.iterator](): Generator<Entry, void, void> {
    for (let entry = this.first; entry !== undefined; ) {
      const { newer } = entry;
      yield entry;
      entry = newer;
    }
  }
}
