/** What a flow has shown. */
export interface OfStream {
  readonly stream: number;
}

/** Those of many that come first by the number of their flow, in whatever order they arrive: the same for every way to divide the flows. */
export class First<Item extends OfStream> {
  private items: Item[] = NONE;
  private isTidy = true;
  /** Beyond this number none is among the first any more. */
  private last = LAST_STREAM;

  constructor(private readonly most: number) {}

  /** Whether one of this flow can still be among them. */
  isOpenTo(stream: number): boolean {
    return stream <= this.last;
  }

  /** Returns those that have no place any more. */
  add(item: Item): readonly Item[] {
    if (!this.isOpenTo(item.stream)) return [item];
    this.push(item);
    return this.items.length < this.most * SLACK ? NONE : this.tidy();
  }

  /** In the order of their flows. */
  get all(): readonly Item[] {
    this.tidy();
    return this.items;
  }

  /** Returns those that have no place any more. */
  merge(other: First<Item>): readonly Item[] {
    for (const item of other.items) this.push(item);
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

  private push(item: Item): void {
    if (this.items.length === 0)
      this.items = [item]; // most have one, and need no room for more
    else this.items.push(item);
    this.isTidy = this.items.length === 1;
  }
}

/** So many conversations of a capture are remembered one by one, to tell when others of the same host or listener went on. */
export const REMEMBERED: number = 1 << 17;

const NONE: never[] = [];
/** More flows than there can be: an integer, which takes no room of its own. */
export const LAST_STREAM: number = 2 ** 31 - 1;
/** Of what no flow has shown: it comes behind all that some flow has. */
export const NEVER: number = LAST_STREAM;
/** So many times as many as are kept may wait to be looked through. */
export const SLACK = 1.25;
