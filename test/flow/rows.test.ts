import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rows } from '../../src/flow/memory/rows.js';
import { NONE, Slab } from '../../src/flow/memory/slab.js';

const WIDTH = 2;

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), value: fc.integer() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), from: fc.nat({ max: 20 }), count: fc.nat({ max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('settle' as const, 'clear' as const) }) },
);

function valuesOf(rows: Rows): (number | undefined)[] {
  return Array.from({ length: rows.length }, (_, i) => rows.slab.words[rows.row(i) * WIDTH]);
}

test('rows are a list, whoever shares their slab, also after they have moved to one of their own', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 2 }), step), { maxLength: 120 }), (steps) => {
      const slab = new Slab(WIDTH, 1);
      const lists = [0, 1, 2].map(() => ({ rows: new Rows(slab, 4), oracle: [] as number[] }));
      for (const [which, one] of steps) {
        const { rows, oracle } = lists[which] as (typeof lists)[number];
        if (one.kind === 'add') {
          const row = rows.add(); // before its words are looked for: the slab may have grown
          rows.slab.words[row * WIDTH] = one.value;
          oracle.push(one.value);
        } else if (one.kind === 'remove') {
          const from = Math.min(one.from, oracle.length);
          const count = Math.min(one.count, oracle.length - from);
          rows.remove(from, count);
          oracle.splice(from, count);
        } else if (one.kind === 'settle') rows.settle();
        else {
          rows.clear();
          oracle.length = 0;
        }
      }
      for (const { rows, oracle } of lists) expect(valuesOf(rows)).toEqual(oracle);
    }),
  );
});

test('a list that was emptied before it settled grows again', () => {
  const rows = new Rows(new Slab(WIDTH), 4);
  rows.add();
  rows.remove(0, 1);
  rows.settle();
  const row = rows.add();
  rows.slab.words[row * WIDTH] = 7;
  expect(valuesOf(rows)).toEqual([7]);
});

test('where a slab is full nothing is added, and what was given back is used again', () => {
  const slab = new Slab(WIDTH, 1, 4 * WIDTH * 4);
  const [first, second] = [new Rows(slab, 4), new Rows(slab, 4)];
  for (let i = 0; i < 4; i++) expect(first.add()).not.toBe(NONE);
  expect([first.add(), second.add()]).toEqual([NONE, NONE]);
  first.clear();
  expect(second.add()).not.toBe(NONE);
});
