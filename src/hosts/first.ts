/** What a flow has shown. */
export interface OfStream {
  readonly stream: number;
}

/** Those of many that come first by the number of their flow, in whatever order they arrive: the same for every way to divide the flows. */
export class First<Item extends OfStream> {
  private items: Item[] = [];
  private isTidy = true;
  /** Beyond this number none is among the first any more. */
  private last = Number.POSITIVE_INFINITY;

  constructor(private readonly most: number) {}

  /** Whether one of this flow can still be among them. */
  isOpenTo(stream: number): boolean {
    return stream <= this.last;
  }

  /** Returns those that have no place any more. */
  add(item: Item): readonly Item[] {
    if (!this.isOpenTo(item.stream)) return [item];
    if (this.items.length === 0) {
      this.items = [item]; // most have one, and need no room for more
      return NONE;
    }
    this.items.push(item);
    this.isTidy = false;
    return this.items.length < this.most * SLACK ? NONE : this.tidy();
  }

  /** In the order of their flows. */
  get all(): readonly Item[] {
    this.tidy();
    return this.items;
  }

  /** Returns those that have no place any more. */
  merge(other: First<Item>): readonly Item[] {
    for (const item of other.items) this.items.push(item);
    this.isTidy = false;
    return this.tidy();
  }

  /** Leaves no more than the first. Done when there are a few more, it costs little for each. */
  tidy(): readonly Item[] {
    if (this.isTidy) return NONE;
    this.isTidy = true;
    this.items.sort((a, b) => a.stream - b.stream);
    if (this.items.length < this.most) return NONE;
    this.last = (this.items[this.most - 1] as Item).stream;
    return this.items.splice(this.most);
  }
}

const NONE: readonly never[] = [];
/** So many times as many as are kept may wait to be looked through. */
const SLACK = 1.25;

/** What is known under a name, with the first flow that showed something of it. */
export interface Named<Self> {
  first: number;
  /** Takes over what the other knows, of other flows. */
  merge(other: Self): void;
}

/**
 * What is known under many names, of which those are kept that the first flows brought up. Only a name that was given up for others and
 * then comes back with an earlier flow has lost something: that takes more names than are kept, and a flow that outlasts them.
 */
export class FirstNames<Known extends Named<Known>> {
  private byName = new Map<string, Known>();

  constructor(private readonly most: number) {}

  /** What is known under a name, on behalf of a flow; `make` when it is nothing yet. */
  of(name: string, stream: number, make: (name: string) => Known): Known {
    const known = this.byName.get(name);
    if (known !== undefined) {
      known.first = Math.min(known.first, stream);
      return known;
    }
    const made = make(name);
    made.first = stream;
    this.byName.set(name, made);
    if (this.byName.size >= this.most * SLACK) this.tidy();
    return made;
  }

  /** To be asked for when all flows are known. */
  get(name: string): Known | undefined {
    this.tidy();
    return this.byName.get(name);
  }

  /** Those of them that are meant, by the first flow that showed something. */
  those(isMeant: (known: Known) => boolean): readonly Known[] {
    this.tidy();
    return [...this.byName.values()].filter(isMeant).sort(byFirst);
  }

  get all(): readonly Known[] {
    return this.those(() => true);
  }

  merge(other: FirstNames<Known>): void {
    for (const [name, theirs] of other.byName) {
      const ours = this.byName.get(name);
      if (ours === undefined) this.byName.set(name, theirs);
      else {
        ours.merge(theirs);
        ours.first = Math.min(ours.first, theirs.first);
      }
    }
  }

  private tidy(): void {
    if (this.byName.size <= this.most) return;
    this.byName = new Map([...this.byName].sort(([, a], [, b]) => byFirst(a, b)).slice(0, this.most));
  }
}

function byFirst(a: { readonly first: number }, b: { readonly first: number }): number {
  return a.first - b.first;
}
