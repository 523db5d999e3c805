import fc from 'fast-check';
import { expect, test } from 'vitest';
import { First } from '../../src/hosts/memory/first.js';

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
