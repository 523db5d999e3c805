import type { Segment } from '../../decode/segment.js';
import type { Entries } from './entries.js';
import { HASH, NOBODY, WIDTH } from './entry-row.js';

const FIRST_SIZE = 1024;
/** 2³² divided by the golden ratio (Fibonacci hashing). */
const SPREAD = 0x9e3779b1;

/** The hash of a place without a conversation; one that has it counts as another. */
const FREE = 0;
const INSTEAD_OF_FREE = 1;

/**
 * Conversations by addresses and ports: open addressing, with the hash of each and behind it the number of its entry, so that looking for one touches
 * no other. Half of the places stay free.
 */
export class EntryMap {
  private size = 0;
  /** The highest bits of a hash that was spread out say where to look first: so many are left out. */
  private shift = 32 - Math.log2(FIRST_SIZE);
  private places = new Int32Array(FIRST_SIZE * 2);

  constructor(private readonly entries: Entries) {}

  /** The number of the entry, or NOBODY. */
  find(segment: Segment, hash: number): number {
    const { places, entries } = this;
    const mask = places.length - 1;
    const wanted = hash || INSTEAD_OF_FREE;
    for (let at = this.home(wanted); places[at] !== FREE; at = (at + 2) & mask) {
      if (places[at] !== wanted) continue;
      const entry = places[at + 1] as number;
      if (entries.isBetween(entry, segment)) return entry;
    }
    return NOBODY;
  }

  /** Instead of hashes the first entries that have them, or any: all fetched at once. */
  fetch(numbers: Int32Array, count: number): void {
    const { places } = this;
    const mask = places.length - 1;
    for (let i = 0; i < count; i++) {
      const wanted = numbers[i] || INSTEAD_OF_FREE;
      let at = this.home(wanted);
      while (places[at] !== FREE && places[at] !== wanted) at = (at + 2) & mask;
      numbers[i] = places[at] === FREE ? 0 : (places[at + 1] as number);
    }
  }

  /** One that is not between the same as another. */
  add(entry: number): void {
    if (++this.size * 4 > this.places.length) this.grow();
    this.place(entry, this.hashOf(entry));
  }

  /** Those behind it move up, so that nobody looks for them in vain. */
  remove(entry: number): void {
    const { places } = this;
    const mask = places.length - 1;
    let free = this.placeOf(entry);
    for (let at = (free + 2) & mask; places[at] !== FREE; at = (at + 2) & mask) {
      const home = this.home(places[at] as number);
      if (((at - home) & mask) < ((at - free) & mask)) continue; // it would come to lie before it is looked for
      places[free] = places[at] as number;
      places[free + 1] = places[at + 1] as number;
      free = at;
    }
    places[free] = FREE;
    this.size--;
  }

  private place(entry: number, hash: number): void {
    const { places } = this;
    const mask = places.length - 1;
    let at = this.home(hash);
    while (places[at] !== FREE) at = (at + 2) & mask;
    places[at] = hash;
    places[at + 1] = entry;
  }

  private placeOf(entry: number): number {
    const { places } = this;
    const mask = places.length - 1;
    const hash = this.hashOf(entry);
    let at = this.home(hash);
    while (places[at] !== hash || places[at + 1] !== entry) at = (at + 2) & mask;
    return at;
  }

  private hashOf(entry: number): number {
    return this.entries.words[entry * WIDTH + HASH] || INSTEAD_OF_FREE;
  }

  /** Where to look first. */
  private home(hash: number): number {
    return (Math.imul(hash, SPREAD) >>> this.shift) * 2;
  }

  private grow(): void {
    const { places } = this;
    this.shift--;
    this.places = new Int32Array(places.length * 2);
    for (let at = 0; at < places.length; at += 2) if (places[at] !== FREE) this.place(places[at + 1] as number, places[at] as number);
  }
}
