import type { Repeats } from '../timers.js';
import type { Place } from './record-store.js';

/** What a number of a record is: an int32, a double, a bit, or the times of a segment that is sent again and again. */
export type Kind = 'int' | 'real' | 'flag' | 'repeats';

type KindOf<Value> = Value extends boolean ? 'flag' : Value extends Repeats ? 'repeats' : 'int' | 'real';

/** The numbers of a record by name, with what each of them is. */
export type Layout<Numbers> = { readonly [Name in keyof Numbers]: KindOf<Numbers[Name]> };

/** A record: its numbers lie at a place that it may share with others. */
export class Placed {
  protected words: Int32Array;
  protected doubles: Float64Array;
  /** The word, and the double, at which it begins. */
  protected at: number;
  protected half: number;

  /** It begins `offset` words behind the place, an even number. */
  constructor(place: Place, offset: number) {
    this.words = place.words;
    this.doubles = place.doubles;
    this.at = place.at + offset;
    this.half = this.at / 2;
  }

  /** Its numbers were copied there. */
  moveTo(place: Place, offset: number): void {
    this.words = place.words;
    this.doubles = place.doubles;
    this.at = place.at + offset;
    this.half = this.at / 2;
  }

  /** Takes over the numbers of another one of `width` words. */
  protected copy(other: Placed, width: number): void {
    this.words.set(other.words.subarray(other.at, other.at + width), this.at);
  }
}

/** A class whose properties are the numbers of a layout. */
export interface RecordClass<Numbers> {
  /** Words that one takes, an even number. */
  readonly width: number;
  new (place: Place, offset: number): Placed & Numbers;
}

/**
 * Every property is read from the record's place and written to it, so that a record costs no more memory than its numbers. The accessors are
 * so short that the engine always inlines them: a number that a function returns would be an object.
 */
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

type Accessor<Value> = PropertyDescriptor &
  ThisType<{ words: Int32Array; doubles: Float64Array; at: number; half: number }> & { get(): Value; set(value: Value): void };

const ACCESSORS = { repeats, real, int } as const;

function int(word: number): Accessor<number> {
  return {
    get() {
      return this.words[this.at + word] as number;
    },
    set(value) {
      this.words[this.at + word] = value;
    },
  };
}

function flag(word: number, mask: number): Accessor<boolean> {
  return {
    get() {
      return ((this.words[this.at + word] as number) & mask) !== 0;
    },
    set(value) {
      const at = this.at + word;
      const others = (this.words[at] as number) & ~mask;
      this.words[at] = value ? others | mask : others;
    },
  };
}

function real(word: number): Accessor<number> {
  const double = word / 2;
  return {
    get() {
      return this.doubles[this.half + double] as number;
    },
    set(value) {
      this.doubles[this.half + double] = value;
    },
  };
}

function repeats(word: number): Accessor<Repeats> {
  const double = word / 2;
  return {
    get() {
      const { doubles } = this;
      const at = this.half + double;
      return {
        count: doubles[at] as number,
        first: doubles[at + 1] as number,
        last: doubles[at + 2] as number,
        lastGap: doubles[at + 3] as number,
      };
    },
    set({ count, first, last, lastGap }) {
      const { doubles } = this;
      const at = this.half + double;
      doubles[at] = count;
      doubles[at + 1] = first;
      doubles[at + 2] = last;
      doubles[at + 3] = lastGap;
    },
  };
}
