import fc from 'fast-check';
import { expect, test } from 'vitest';
import { First, FirstNames } from '../../src/hosts/first.js';

/** Items of different flows in any order, and a way to divide them. */
const items = fc.uniqueArray(fc.record({ stream: fc.nat(200), part: fc.nat(2) }), { selector: ({ stream }) => stream, maxLength: 100 });

test('of many the first are kept, whatever order they come in and however they are divided', () => {
  fc.assert(
    fc.property(items, fc.integer({ min: 1, max: 20 }), (all, most) => {
      const parts = [0, 1, 2].map(() => new First<{ stream: number }>(most));
      const gone = all.flatMap((item) => parts[item.part]?.add(item) ?? []);
      const [first, ...others] = parts as [First<{ stream: number }>, ...First<{ stream: number }>[]];
      for (const other of others) gone.push(...other.tidy(), ...first.merge(other));
      const sorted = all.toSorted((a, b) => a.stream - b.stream);
      expect(first.all).toEqual(sorted.slice(0, most));
      expect([...gone, ...first.tidy()].toSorted((a, b) => a.stream - b.stream)).toEqual(sorted.slice(most));
    }),
  );
});

test('one that can have no place any more is turned away at once', () => {
  const first = new First<{ stream: number }>(2);
  for (const stream of [7, 3, 5]) first.add({ stream });
  expect(first.all).toEqual([{ stream: 3 }, { stream: 5 }]);
  expect([first.isOpenTo(6), first.isOpenTo(4)]).toEqual([false, true]);
  expect(first.add({ stream: 6 })).toEqual([{ stream: 6 }]);
});

class Sum {
  first = 0;
  total = 0;

  constructor(readonly name: string) {}

  merge({ total }: Sum): void {
    this.total += total;
  }
}

function sumOf(name: string): Sum {
  return new Sum(name);
}

test('what is known under a name is the same, whatever order it comes in and however it is divided; names are in the order of their first flows', () => {
  const flows = fc.uniqueArray(fc.record({ stream: fc.nat(200), part: fc.nat(2), name: fc.constantFrom('a', 'b', 'c', 'd', 'e') }), {
    selector: ({ stream }) => stream,
    maxLength: 60,
  });
  fc.assert(
    fc.property(flows, (all) => {
      const parts = [0, 1, 2].map(() => new FirstNames<Sum>(10));
      for (const { name, stream, part } of all) (parts[part] as FirstNames<Sum>).of(name, stream, sumOf).total += stream;
      const [merged, ...others] = parts as [FirstNames<Sum>, ...FirstNames<Sum>[]];
      for (const other of others) merged.merge(other);
      const sorted = all.toSorted((a, b) => a.stream - b.stream);
      const names = [...new Set(sorted.map(({ name }) => name))];
      expect(merged.all.map(({ name }) => name)).toEqual(names);
      for (const name of names) {
        const of = sorted.filter((flow) => flow.name === name);
        expect(merged.get(name)).toMatchObject({ first: of[0]?.stream, total: of.reduce((sum, { stream }) => sum + stream, 0) });
      }
    }),
  );
});

test('of more names than there is room for those stay that came up first', () => {
  const names = new FirstNames<Sum>(3);
  for (const stream of [5, 2, 9, 4, 1]) names.of(`n${stream}`, stream, sumOf);
  expect(names.all.map(({ name }) => name)).toEqual(['n1', 'n2', 'n4']);
  expect(names.those(({ name }) => name !== 'n2').map(({ name }) => name)).toEqual(['n1', 'n4']);
  expect(names.get('n9')).toBeUndefined();
});
