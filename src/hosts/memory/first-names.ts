import { mixed, SECRET } from '../../flow/memory/secret.js';
import { NONE, Slab } from '../../flow/memory/slab.js';
import { LAST_STREAM, SLACK } from './first.js';
import { endless } from './first-lists.js';
import { sortedBy } from './sorted.js';

/** A flood can forge any number of names. So many, and those that wait to be looked through, fit into a table for 65,536. */
export const MOST_NAMES = 50_000;

/** Nothing is known under a name. */
export const UNKNOWN: number = NONE;

/** A name: words that tell it from others. Whoever has one made writes it over the one before. */
export type Name = Int32Array;

const FIRST_BUCKETS = 1024;

/** Between what is known and the name: the first flow that showed something of it, the next row of the same bucket, and how many came up before. */
const [FIRST, NEXT, TURN, LINKS] = [0, 1, 2, 3];

/**
 * What is known under many names, each a row of one slab, of which those are kept that the first flows brought up. Only a name that was given
 * up for others and then comes back with an earlier flow has lost something: that takes more names than are kept, and a flow that outlasts them.
 */
export class FirstNames {
  /** What is known, in rows. */
  readonly slab: Slab;
  private buckets: Int32Array = new Int32Array(FIRST_BUCKETS).fill(NONE);
  private size = 0;
  private turns = 0;
  /** What another process has gathered keeps the buckets that it has made. */
  private readonly secret = SECRET;
  /** Beyond this number no flow brings up a name that is kept. */
  private last = LAST_STREAM;

  /** Words of what is known, an even number, and of a name. */
  constructor(
    private readonly width: number,
    private readonly nameWidth: number,
    private readonly most: number = MOST_NAMES,
  ) {
    const words = width + LINKS + nameWidth;
    this.slab = new Slab(words + (words & 1));
  }

  /** The row of what is known under a name, on behalf of a flow; UNKNOWN when it is nothing yet. */
  of(name: Name, stream: number): number {
    const row = this.find(name);
    if (row !== UNKNOWN && stream < this.link(row, FIRST)) this.setLink(row, FIRST, stream);
    return row;
  }

  /** A flow brings up a new name. Returns its row, in which every word is NONE; UNKNOWN when there is no room for it any more. */
  add(name: Name, stream: number): number {
    if (stream > this.last) return UNKNOWN;
    const row = this.enter(name, stream);
    if (this.size >= this.most * SLACK) this.tidy();
    return stream > this.last ? UNKNOWN : row;
  }

  /** More names came up than are kept. */
  get isCrowded(): boolean {
    return this.size > this.most || this.last < LAST_STREAM;
  }

  /** To be asked for when all flows are known. */
  get(name: Name): number {
    this.tidy();
    return this.find(name);
  }

  /** Until another row is added. */
  nameOf(row: number): Name {
    const at = row * this.slab.width + this.width + LINKS;
    return this.slab.words.subarray(at, at + this.nameWidth);
  }

  /** The first flow that showed something of it. */
  firstOf(row: number): number {
    return this.link(row, FIRST);
  }

  /** Those of them that are meant, by the first flow that showed something. */
  those(isMeant: (row: number) => boolean): readonly number[] {
    this.tidy();
    return this.byFirst(this.rows().filter(isMeant));
  }

  /** `take`: takes over what the other one knows, of other flows, in one of its rows; `isNew`: in ours every word is NONE. */
  protected join(other: FirstNames, take: (ours: number, theirs: number, isNew: boolean) => void): void {
    this.last = Math.min(this.last, other.last);
    for (const theirs of other.byFirst(other.rows())) {
      const name = other.nameOf(theirs);
      const first = other.link(theirs, FIRST);
      const known = this.of(name, first);
      take(known === UNKNOWN ? this.enter(name, first) : known, theirs, known === UNKNOWN);
    }
  }

  /** What else is kept for a row that is given up. */
  protected forget(_row: number): void {}

  private find(name: Name): number {
    let row = this.buckets[this.bucketOf(name, 0)] as number;
    for (let left = this.slab.words.length; row !== UNKNOWN && !this.isNamed(row, name); left--) {
      if (left === 0) endless();
      row = this.link(row, NEXT);
    }
    return row;
  }

  private isNamed(row: number, name: Name): boolean {
    const { words, width } = this.slab;
    const at = row * width + this.width + LINKS;
    for (let i = this.nameWidth - 1; i >= 0; i--) if (words[at + i] !== name[i]) return false;
    return true;
  }

  private enter(name: Name, stream: number): number {
    if (this.size === this.buckets.length) this.spread(this.buckets.length * 2);
    const row = this.slab.take(1);
    const at = row * this.slab.width;
    this.slab.words.fill(NONE, at, at + this.width);
    this.slab.words.set(name, at + this.width + LINKS);
    this.setLink(row, FIRST, stream);
    this.setLink(row, TURN, this.turns++);
    this.hang(row);
    this.size++;
    return row;
  }

  private hang(row: number): void {
    const bucket = this.bucketOf(this.slab.words, row * this.slab.width + this.width + LINKS);
    this.setLink(row, NEXT, this.buckets[bucket] as number);
    this.buckets[bucket] = row;
  }

  /** Of the name that begins there. */
  private bucketOf(words: Int32Array, at: number): number {
    let hash = this.secret;
    for (let i = at; i < at + this.nameWidth; i++) hash = mixed(hash, words[i] as number);
    return hash & (this.buckets.length - 1);
  }

  private spread(buckets: number, rows: readonly number[] = this.rows()): void {
    this.buckets = new Int32Array(buckets).fill(NONE);
    for (const row of rows) this.hang(row);
  }

  private tidy(): void {
    if (this.size <= this.most) return;
    const rows = this.byFirst(this.rows());
    for (const row of rows.splice(this.most)) {
      this.forget(row);
      this.slab.give(row, 1);
    }
    this.last = this.link(rows.at(-1) as number, FIRST);
    this.size = rows.length;
    this.spread(this.buckets.length, rows);
  }

  private rows(): number[] {
    const rows: number[] = [];
    for (const first of this.buckets) {
      for (let row = first; row !== NONE; row = this.link(row, NEXT)) if (rows.push(row) > this.slab.words.length) endless();
    }
    return rows;
  }

  /** Those of one flow in the order in which they came up. */
  private byFirst(rows: readonly number[]): number[] {
    const inTurn = sortedBy(rows, (row) => this.link(row, TURN));
    return sortedBy(inTurn, (row) => this.link(row, FIRST));
  }

  private link(row: number, which: number): number {
    return this.slab.words[row * this.slab.width + this.width + which] as number;
  }

  private setLink(row: number, which: number, value: number): void {
    this.slab.words[row * this.slab.width + this.width + which] = value;
  }
}
