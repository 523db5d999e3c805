import { NONE, Slab } from '../../flow/memory/slab.js';
import { LAST_STREAM, SLACK } from './first.js';
import { type Row, rowOf } from './row.js';
import { sortedBy } from './sorted.js';

/** A list to which nothing was added yet: what a new row says of its lists. */
export const NO_LIST: number = NONE;

/** Of a list. */
interface Ends {
  length: number;
  /** A row. */
  newest: number;
  /** Beyond this flow none is among the first any more. */
  last: number;
}

const Ends = rowOf<Ends>({ length: 'int', newest: 'int', last: 'int' });
const ends = new Ends();

/** Behind what is said of an item: its flow, and the row of the one that was added before it. */
const LINKS = 2;

/** As First, of any number of lists of which most hold next to nothing: their items are rows of one slab. */
export class FirstLists {
  private readonly lists: Slab = new Slab(Ends.width);
  private readonly items: Slab;

  /** `width`: words of an item, an even number. `most`: items of a list. */
  constructor(
    private readonly width: number,
    private readonly most: number,
  ) {
    this.items = new Slab(width + LINKS);
  }

  /** Whether an item of this flow can still be among the first. */
  isOpenTo(list: number, stream: number): boolean {
    if (list === NO_LIST) return true;
    ends.on(this.lists, list);
    return stream <= ends.last;
  }

  /** Sets `item` on a new row, in which all is to be filled in. Returns the list, which may have begun with it. */
  add(list: number, stream: number, item: Row): number {
    const own = list === NO_LIST ? this.begin() : list;
    item.on(this.items, this.append(own, stream));
    if (ends.length >= this.most * SLACK) this.rows(own);
    return own;
  }

  /** In the order of their flows, and of one flow in the order in which they were added. */
  rows(list: number): readonly number[] {
    if (list === NO_LIST) return NOTHING;
    const rows = sortedBy(this.inTurn(list), (row) => this.streamOf(row));
    ends.on(this.lists, list);
    if (rows.length >= this.most) ends.last = this.streamOf(rows[this.most - 1] as number);
    for (const row of rows.splice(this.most)) this.items.give(row, 1);
    ends.length = rows.length;
    ends.newest = NONE;
    for (const row of rows) this.link(row);
    return rows;
  }

  /** Returns the number of the flow. */
  set(item: Row, row: number): number {
    item.on(this.items, row);
    return this.streamOf(row);
  }

  /** What is said of each, which `item` is set on in turn, and the number of its flow. */
  map<Item extends Row, Said>(list: number, item: Item, say: (item: Item, stream: number) => Said): Said[] {
    return this.rows(list).map((row) => say(item, this.set(item, row)));
  }

  /** How many `item`s are such. */
  count<Item extends Row>(list: number, item: Item, isSuch: (item: Item) => boolean): number {
    return this.rows(list).filter((row) => {
      this.set(item, row);
      return isSuch(item);
    }).length;
  }

  /** Takes what another one of the same kind holds in one of its lists, once. Returns the list. */
  merge(list: number, other: FirstLists, theirs: number): number {
    let own = list;
    if (theirs === NO_LIST) return own;
    for (const row of other.inTurn(theirs)) {
      const stream = other.takeStream(row);
      if (this.isOpenTo(own, stream)) own = this.add(own, stream, { on: ({ words, width }, at) => other.copy(row, words, at * width) });
    }
    return own;
  }

  /** Nobody asks for it any more. */
  end(list: number): void {
    if (list === NO_LIST) return;
    for (const row of this.inTurn(list)) this.items.give(row, 1);
    this.lists.give(list, 1);
  }

  private begin(): number {
    const list = this.lists.take(1);
    ends.on(this.lists, list);
    ends.length = 0;
    ends.newest = NONE;
    ends.last = LAST_STREAM;
    return list;
  }

  private append(list: number, stream: number): number {
    const row = this.items.take(1);
    this.items.words[this.linksOf(row)] = stream;
    ends.on(this.lists, list);
    this.link(row);
    ends.length++;
    return row;
  }

  private link(row: number): void {
    this.items.words[this.linksOf(row) + 1] = ends.newest;
    ends.newest = row;
  }

  /** In the order in which they were added. */
  private inTurn(list: number): number[] {
    const rows: number[] = [];
    ends.on(this.lists, list);
    const { words } = this.items;
    for (let row = ends.newest; row !== NONE; row = words[this.linksOf(row) + 1] as number) if (rows.push(row) > words.length) endless();
    return rows.reverse();
  }

  private streamOf(row: number): number {
    return this.items.words[this.linksOf(row)] as number;
  }

  /** A forged list may share its rows with others: what it says a thousand times would take the memory of a thousand. */
  private takeStream(row: number): number {
    const stream = this.streamOf(row);
    if (!(stream >= 0)) endless();
    this.items.words[this.linksOf(row)] = NONE;
    return stream;
  }

  private linksOf(row: number): number {
    return row * this.items.width + this.width;
  }

  private copy(row: number, words: Int32Array, at: number): void {
    const from = row * this.items.width;
    words.set(this.items.words.subarray(from, from + this.width), at);
  }
}

const NOTHING: readonly number[] = [];

/** Nothing but a forged part of a report leads in a circle. */
export function endless(): never {
  throw new RangeError('a list without an end');
}
