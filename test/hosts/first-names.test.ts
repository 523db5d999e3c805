import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FirstNames, type Name, UNKNOWN } from '../../src/hosts/memory/first-names.js';
import { rowOf } from '../../src/hosts/memory/row.js';

const Sum = rowOf<{ total: number; names: number }>({ total: 'real', names: 'int' });
const [ours, theirs] = [new Sum(), new Sum()];

const words = new Int32Array(3);

/** Of three words, the last of which tells names apart. */
function nameOf(what: number): Name {
  words.set([1, 2, what]);
  return words;
}

/** What was added up under each name, and which rows were given up. */
class Sums extends FirstNames {
  readonly forgotten: number[] = [];

  constructor(most: number) {
    super(Sum.width, 3, most);
  }

  learn(what: number, stream: number): void {
    const known = this.of(nameOf(what), stream);
    const row = known === UNKNOWN ? this.add(nameOf(what), stream) : known;
    if (row === UNKNOWN) return;
    ours.on(this.slab, row);
    if (known === UNKNOWN) ours.total = 0;
    ours.names = what;
    ours.total += stream;
  }

  total(what: number): number | undefined {
    const row = this.get(nameOf(what));
    if (row === UNKNOWN) return undefined;
    ours.on(this.slab, row);
    return ours.total;
  }

  names(isMeant: (what: number) => boolean = () => true): number[] {
    return this.those((row) => isMeant(this.nameOf(row)[2] as number)).map((row) => this.nameOf(row)[2] as number);
  }

  merge(other: Sums): void {
    this.join(other, (our, their, isNew) => {
      ours.on(this.slab, our);
      theirs.on(other.slab, their);
      ours.total = (isNew ? 0 : ours.total) + theirs.total;
      ours.names = theirs.names;
    });
  }

  protected override forget(row: number): void {
    ours.on(this.slab, row);
    this.forgotten.push(ours.names);
  }
}

function merged(parts: readonly Sums[]): Sums {
  const [first, ...others] = parts as [Sums, ...Sums[]];
  for (const other of others) first.merge(other);
  return first;
}

test('what is known under a name is the same, whatever order it comes in and however it is divided; names are in the order of their first flows', () => {
  const flows = fc.uniqueArray(fc.record({ stream: fc.nat(200), part: fc.nat(2), name: fc.integer({ min: -4, max: 3 }) }), {
    selector: ({ stream }) => stream,
    maxLength: 60,
  });
  fc.assert(
    fc.property(flows, (all) => {
      const parts = [0, 1, 2].map(() => new Sums(10));
      for (const { name, stream, part } of all) parts[part]?.learn(name, stream);
      const sums = merged(parts);
      const sorted = all.toSorted((a, b) => a.stream - b.stream);
      const names = [...new Set(sorted.map(({ name }) => name))];
      expect(sums.names()).toEqual(names);
      expect(sums.names((name) => name < 0)).toEqual(names.filter((name) => name < 0));
      for (const name of names) {
        const of = sorted.filter((flow) => flow.name === name);
        expect(sums.total(name)).toBe(of.reduce((sum, { stream }) => sum + stream, 0));
      }
    }),
  );
});

test('of more names than there is room for those stay that came up first, whatever order they come in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(25), { minLength: 1 }), fc.integer({ min: 1, max: 12 }), (streams, most) => {
      const sums = new Sums(most);
      for (const stream of streams) sums.learn(stream, stream);
      expect(sums.isCrowded).toBe(streams.length > most);
      const kept = streams.toSorted((a, b) => a - b).slice(0, most);
      expect(sums.names()).toEqual(kept);
      for (const stream of streams) expect(sums.total(stream)).toBe(kept.includes(stream) ? stream : undefined);
      expect(sums.forgotten.filter((name) => kept.includes(name))).toEqual([]);
    }),
  );
});

test('a name that comes too late is turned away at once', () => {
  const sums = new Sums(2);
  for (const stream of [5, 2, 9]) sums.learn(stream, stream);
  expect(sums.add(nameOf(6), 6)).toBe(UNKNOWN);
  sums.learn(4, 4);
  expect(sums.names()).toEqual([2, 4]);
  sums.learn(4, 1);
  expect(sums.names()).toEqual([4, 2]);
});

test('a row of a new name says nothing, whatever it said under the name that had it before', () => {
  const sums = new Sums(1);
  for (const stream of [9, 8, 7]) sums.learn(stream, stream);
  ours.on(sums.slab, sums.add(nameOf(3), 3));
  expect([ours.names, ours.total]).toEqual([UNKNOWN, Number.NaN]);
});

test('of thousands of names each is found', () => {
  const sums = new Sums(5000);
  for (let i = 0; i < 5000; i++) sums.learn(i * 7, i);
  expect(Array.from({ length: 5000 }, (_, i) => sums.total(i * 7))).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  expect(sums.total(3)).toBeUndefined();
});

test('that there are more names than are kept is known of all parts together as it is of the whole', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ stream: fc.nat(25), part: fc.nat(2) }), { selector: ({ stream }) => stream }),
      fc.integer({ min: 1, max: 12 }),
      (all, most) => {
        const parts = [0, 1, 2].map(() => new Sums(most));
        for (const { stream, part } of all) parts[part]?.learn(stream, stream);
        const sums = merged(parts);
        expect(sums.isCrowded).toBe(all.length > most);
        const kept = all
          .map(({ stream }) => stream)
          .toSorted((a, b) => a - b)
          .slice(0, most);
        expect(sums.names()).toEqual(kept);
      },
    ),
  );
});

test('forged names that lead in a circle come to an end', () => {
  const sums = new Sums(5);
  sums.learn(7, 1);
  sums.slab.words[Sum.width + 1] = 0; // its own next one
  expect(() => sums.names()).toThrow(RangeError);
  const ofSameBucket = (what: number): boolean => {
    try {
      sums.total(what);
      return false;
    } catch (error) {
      return error instanceof RangeError;
    }
  };
  expect(Array.from({ length: 20_000 }, (_, i) => i + 8).some(ofSameBucket)).toBe(true);
});
