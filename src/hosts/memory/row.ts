import type { Slab } from '../../flow/memory/slab.js';

/** A record that is set on one row of a slab after another: what it says is that row's, as long as the slab does not grow. */
export interface Row {
  on(slab: Slab, row: number): void;
}

/** What a number of a row is: an int32, a double, or a bit. */
type Kind = 'int' | 'real' | 'flag';

/** The numbers of a row by name, with what each of them is. */
export type Layout<Numbers> = { readonly [Name in keyof Numbers]: Numbers[Name] extends boolean ? 'flag' : 'int' | 'real' };

/** A class whose properties are the numbers of a layout. */
export interface RowClass<Numbers> {
  /** Words that one takes, an even number. */
  readonly width: number;
  new (): Row & Numbers;
}

/**
 * What is kept of many things costs no more than its numbers, and nothing of it concerns the garbage collector. The accessors are so short
 * that the engine inlines them: a double that a function returns would be an object.
 */
export function rowOf<Numbers extends object>(layout: Layout<Numbers>): RowClass<Numbers> {
  class Cursor implements Row {
    static width = 0;
    words: Int32Array = NOTHING;
    doubles: Float64Array = NOTHINGS;
    /** The word, and the double, at which the row begins. */
    at = 0;
    half = 0;

    on({ words, doubles, width }: Slab, row: number): void {
      this.words = words;
      this.doubles = doubles;
      this.at = row * width;
      this.half = this.at / 2;
    }
  }
  const named = (kind: Kind): string[] => Object.keys(layout).filter((name) => layout[name as keyof Numbers] === kind);
  const define = (name: string, accessor: PropertyDescriptor): void => void Object.defineProperty(Cursor.prototype, name, accessor);
  const [reals, flags, ints] = [named('real'), named('flag'), named('int')];
  const firstFlags = reals.length * 2; // doubles lie at even words
  const firstInt = firstFlags + Math.ceil(flags.length / 32);
  for (const [i, name] of reals.entries()) define(name, real(i));
  for (const [i, name] of flags.entries()) define(name, flag(firstFlags + (i >> 5), 1 << (i & 31)));
  for (const [i, name] of ints.entries()) define(name, int(firstInt + i));
  const words = firstInt + ints.length;
  Cursor.width = words + (words & 1);
  return Cursor as unknown as RowClass<Numbers>;
}

const NOTHING = new Int32Array(0);
const NOTHINGS = new Float64Array(0);

type Accessor<Value> = PropertyDescriptor &
  ThisType<{ words: Int32Array; doubles: Float64Array; at: number; half: number }> & { get(): Value; set(value: Value): void };

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

function real(double: number): Accessor<number> {
  return {
    get() {
      return this.doubles[this.half + double] as number;
    },
    set(value) {
      this.doubles[this.half + double] = value;
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
