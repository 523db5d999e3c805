import type { Slab } from './slab.js';
import type { Repeats } from './timers.js';

/** What a number of a record is: an int32, a double, a bit, or the times of a segment that is sent again and again. */
export type Kind = 'int' | 'real' | 'flag' | 'repeats';

type KindOf<Value> = Value extends boolean ? 'flag' : Value extends Repeats ? 'repeats' : 'int' | 'real';

/** The numbers of a record by name, with what each of them is. */
export type Layout<Numbers> = { readonly [Name in keyof Numbers]: KindOf<Numbers[Name]> };

/** A record: its numbers lie in a slab, in a row that it may share with others. */
export class Placed {
  constructor(
    protected slab: Slab,
    /** The word of the slab at which it begins: an even number. */
    protected at: number,
  ) {}

  /** Its numbers were copied there. */
  moveTo(slab: Slab, at: number): void {
    this.slab = slab;
    this.at = at;
  }

  /** Takes over the numbers of another one of `width` words. */
  protected copy(other: Placed, width: number): void {
    this.slab.words.set(other.slab.words.subarray(other.at, other.at + width), this.at);
  }
}

/** A class whose properties are the numbers of a layout. */
export interface RecordClass<Numbers> {
  /** Words that one takes, an even number. */
  readonly width: number;
  new (slab: Slab, at: number): Placed & Numbers;
}

/** Every property is read from the slab and written to it, so that a record costs no more memory than its numbers. */
export function recordOf<Numbers extends object>(layout: Layout<Numbers>): RecordClass<Numbers> {
  class Record extends Placed {
    static width = 0;
  }
  const entries = Object.entries(layout) as [string, Kind][];
  let word = 0;
  const place = (kind: Exclude<Kind, 'flag'>): void => {
    for (const [name] of entries.filter(([, other]) => other === kind)) {
      Object.defineProperty(Record.prototype, name, ACCESSORS[kind](word));
      word += WORDS[kind];
    }
  };
  const flags = entries.filter(([, kind]) => kind === 'flag');
  place('real');
  for (const [i, [name]] of flags.entries()) Object.defineProperty(Record.prototype, name, flag(word + (i >> 5), 1 << (i & 31)));
  word += (flags.length + 31) >> 5;
  place('int');
  word += word & 1;
  place('repeats');
  Record.width = word;
  return Record as unknown as RecordClass<Numbers>;
}

/** Doubles lie at even words. What comes first in a layout lies together, and so does what few segments touch, behind it. */
const WORDS = { repeats: 8, real: 2, int: 1 } as const;

type Accessor<Value> = PropertyDescriptor & ThisType<{ slab: Slab; at: number }> & { get(): Value; set(value: Value): void };

const ACCESSORS = { repeats, real, int } as const;

function int(word: number): Accessor<number> {
  return {
    get() {
      return this.slab.words[this.at + word] as number;
    },
    set(value) {
      this.slab.words[this.at + word] = value;
    },
  };
}

function flag(word: number, mask: number): Accessor<boolean> {
  return {
    get() {
      return ((this.slab.words[this.at + word] as number) & mask) !== 0;
    },
    set(value) {
      const { words } = this.slab;
      const at = this.at + word;
      words[at] = value ? (words[at] as number) | mask : (words[at] as number) & ~mask;
    },
  };
}

function real(word: number): Accessor<number> {
  return {
    get() {
      return this.slab.doubles[(this.at + word) >> 1] as number;
    },
    set(value) {
      this.slab.doubles[(this.at + word) >> 1] = value;
    },
  };
}

function repeats(word: number): Accessor<Repeats> {
  return {
    get() {
      const { doubles } = this.slab;
      const at = (this.at + word) >> 1;
      const [count, first, last, lastGap] = [doubles[at], doubles[at + 1], doubles[at + 2], doubles[at + 3]] as [number, number, number, number];
      return { count, first, last, lastGap };
    },
    set({ count, first, last, lastGap }) {
      const { doubles } = this.slab;
      const at = (this.at + word) >> 1;
      doubles[at] = count;
      doubles[at + 1] = first;
      doubles[at + 2] = last;
      doubles[at + 3] = lastGap;
    },
  };
}
