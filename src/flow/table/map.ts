import type { Segment } from '../../decode/segment.js';
import type { Entry } from './entry.js';

const FIRST_SIZE = 1024;
/** 2³² divided by the golden ratio (Fibonacci hashing). */
const SPREAD = 0x9e3779b1;

/** The hash of a place without a conversation; one that has it counts as another. */
const FREE = 0;
const INSTEAD_OF_FREE = 1;

/**
 * Conversations by addresses and ports: open addressing, with the hashes in an array of their own, so that looking for one touches no other. Half of
 * the places stay free.
 */
export class EntryMap {
  private size = 0;
  /** The highest bits of a hash that was spread out say where to look first: so many are left out. */
  private shift = 32 - Math.log2(FIRST_SIZE);
  private hashes = new Int32Array(FIRST_SIZE);
  private entries: (Entry | undefined)[] = new Array(FIRST_SIZE).fill(undefined);

  find(segment: Segment, hash: number): Entry | undefined {
    const { hashes, entries } = this;
    const mask = hashes.length - 1;
    const wanted = hash || INSTEAD_OF_FREE;
    for (let at = this.home(wanted); hashes[at] !== FREE; at = (at + 1) & mask) {
      const entry = hashes[at] === wanted ? entries[at] : undefined;
      if (entry?.isBetween(segment)) return entry;
    }
    return undefined;
  }

  /** One that is not between the same as another. */
  add(entry: Entry): void {
    if (++this.size * 2 > this.entries.length) this.grow();
    this.place(entry);
  }

  /** Those behind it move up, so that nobody looks for them in vain. */
  remove(entry: Entry): void {
    const { hashes, entries } = this;
    const mask = hashes.length - 1;
    let free = this.placeOf(entry);
    for (let at = (free + 1) & mask; hashes[at] !== FREE; at = (at + 1) & mask) {
      const home = this.home(hashes[at] as number);
      if (((at - home) & mask) < ((at - free) & mask)) continue; // it would come to lie before it is looked for
      hashes[free] = hashes[at] as number;
      entries[free] = entries[at];
      free = at;
    }
    hashes[free] = FREE;
    entries[free] = undefined;
    this.size--;
  }

  private place(entry: Entry): void {
    const { hashes, entries } = this;
    const mask = hashes.length - 1;
    const hash = entry.hash || INSTEAD_OF_FREE;
    let at = this.home(hash);
    while (hashes[at] !== FREE) at = (at + 1) & mask;
    hashes[at] = hash;
    entries[at] = entry;
  }

  private placeOf(entry: Entry): number {
    const { entries } = this;
    const mask = entries.length - 1;
    let at = this.home(entry.hash || INSTEAD_OF_FREE);
    while (entries[at] !== entry) at = (at + 1) & mask;
    return at;
  }

  private home(hash: number): number {
    return Math.imul(hash, SPREAD) >>> this.shift;
  }

  private grow(): void {
    const { entries } = this;
    this.shift--;
    this.hashes = new Int32Array(entries.length * 2);
    this.entries = new Array(entries.length * 2).fill(undefined);
    for (const entry of entries) if (entry !== undefined) this.place(entry);
  }
}
