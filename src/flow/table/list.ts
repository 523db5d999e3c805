import type { Entries } from './entries.js';
import { LIST, LIST_SHIFT, NEWER, NOBODY, OLDER, STATE, WIDTH } from './entry-row.js';

/** Conversations in the order in which they were added; one leaves from anywhere at no cost. */
export class EntryList {
  size = 0;
  first: number = NOBODY;
  private last: number = NOBODY;

  constructor(
    private readonly entries: Entries,
    /** By which they know it: 1, 2 or 3. */
    private readonly number: number,
  ) {}

  has(entry: number): boolean {
    return ((this.entries.words[entry * WIDTH + STATE] as number) & LIST) >>> LIST_SHIFT === this.number;
  }

  add(entry: number): void {
    const { words } = this.entries;
    const at = entry * WIDTH;
    words[at + STATE] = ((words[at + STATE] as number) & ~LIST) | (this.number << LIST_SHIFT);
    words[at + OLDER] = this.last;
    if (this.last === NOBODY) this.first = entry;
    else words[this.last * WIDTH + NEWER] = entry;
    this.last = entry;
    this.size++;
  }

  /** It goes to the end. */
  renew(entry: number): void {
    if (entry === this.last) return;
    this.remove(entry);
    this.add(entry);
  }

  remove(entry: number): void {
    const { words } = this.entries;
    const at = entry * WIDTH;
    const older = words[at + OLDER] as number;
    const newer = words[at + NEWER] as number;
    if (older === NOBODY) this.first = newer;
    else words[older * WIDTH + NEWER] = newer;
    if (newer === NOBODY) this.last = older;
    else words[newer * WIDTH + OLDER] = older;
    words[at + OLDER] = words[at + NEWER] = NOBODY;
    words[at + STATE] = (words[at + STATE] as number) & ~LIST;
    this.size--;
  }

  /** The oldest first. The one that was yielded last may leave meanwhile. */
  *[Symbol.iterator](): Generator<number, void, void> {
    for (let entry = this.first; entry !== NOBODY; ) {
      const newer = this.entries.words[entry * WIDTH + NEWER] as number;
      yield entry;
      entry = newer;
    }
  }
}
