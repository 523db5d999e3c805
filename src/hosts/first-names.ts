import { LAST_STREAM, SLACK } from './first.js';

/** What is known under a name, with the first flow that showed something of it. */
export interface Named<Name, Self> {
  first: number;
  /** Of the name. */
  readonly hash: number;
  /** What is known under another name of the same hash. */
  next: Self | undefined;
  isNamed(name: Name): boolean;
  /** Takes over what the other knows, of other flows. */
  merge(other: Self): void;
}

/** A flood can forge any number of names. So many, and those that wait to be looked through, fit into a map for 65,536. */
export const MOST_NAMES = 50_000;

/**
 * What is known under many names, of which those are kept that the first flows brought up. Only a name that was given up for others and
 * then comes back with an earlier flow has lost something: that takes more names than are kept, and a flow that outlasts them.
 */
export class FirstNames<Name, Known extends Name & Named<Name, Known>> {
  private byHash = new Map<number, Known>();
  private size = 0;
  /** Beyond this number no flow brings up a name that is kept. */
  private last = LAST_STREAM;
  private byText: ReadonlyMap<string, Known> | undefined;

  constructor(private readonly most: number = MOST_NAMES) {}

  /** Whether a name that this flow brings up can still be kept. */
  isOpenTo(stream: number): boolean {
    return stream <= this.last;
  }

  /** What is known under a name, on behalf of a flow; undefined when it is nothing yet. */
  of(name: Name, hash: number, stream: number): Known | undefined {
    const known = this.find(name, hash);
    if (known !== undefined && stream < known.first) known.first = stream;
    return known;
  }

  /** A flow brings up a new name. Returns what is known under it; nobody keeps that when it is not open to the flow. */
  add(known: Known, stream: number): Known {
    known.first = stream;
    if (!this.isOpenTo(stream)) return known;
    this.enter(known);
    if (this.size >= this.most * SLACK) this.tidy();
    return known;
  }

  /** More names came up than are kept. */
  get isCrowded(): boolean {
    return this.size > this.most || this.last < LAST_STREAM;
  }

  /** To be asked for when all flows are known. */
  get(name: Name, hash: number): Known | undefined {
    this.tidy();
    return this.find(name, hash);
  }

  /** As `get`, by the name as people write it. */
  called(text: string, textOf: (known: Known) => string): Known | undefined {
    this.byText ??= new Map(this.all.map((known) => [textOf(known), known]));
    return this.byText.get(text);
  }

  /** Those of them that are meant, by the first flow that showed something. */
  those(isMeant: (known: Known) => boolean): readonly Known[] {
    this.tidy();
    return [...this.known()].filter(isMeant).sort(byFirst);
  }

  get all(): readonly Known[] {
    return this.those(() => true);
  }

  merge(other: FirstNames<Name, Known>): void {
    this.byText = undefined;
    this.last = Math.min(this.last, other.last);
    for (const theirs of other.known()) {
      const ours = this.find(theirs, theirs.hash);
      if (ours === undefined) this.enter(theirs);
      else {
        ours.merge(theirs);
        ours.first = Math.min(ours.first, theirs.first);
      }
    }
  }

  private find(name: Name, hash: number): Known | undefined {
    let known = this.byHash.get(hash);
    while (known !== undefined && !known.isNamed(name)) known = known.next;
    return known;
  }

  private enter(known: Known): void {
    known.next = this.byHash.get(known.hash);
    this.byHash.set(known.hash, known);
    this.size++;
    this.byText = undefined;
  }

  private tidy(): void {
    if (this.size <= this.most) return;
    const kept = [...this.known()].sort(byFirst).slice(0, this.most);
    this.last = (kept.at(-1) as Known).first;
    this.byHash = new Map();
    this.size = 0;
    for (const known of kept) this.enter(known);
  }

  private *known(): Generator<Known, void, void> {
    for (const first of this.byHash.values()) {
      let known: Known | undefined = first;
      while (known !== undefined) {
        const { next }: Known = known; // it may move to another table meanwhile
        yield known;
        known = next;
      }
    }
  }
}

function byFirst(a: { readonly first: number }, b: { readonly first: number }): number {
  return a.first - b.first;
}
