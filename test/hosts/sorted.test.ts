import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortedBy } from '../../src/hosts/memory/sorted.js';

const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

test('rows are sorted as by comparing them, few or many, and equals stay in their order', () => {
  const values = fc.oneof(fc.array(fc.integer(INT32), { maxLength: 300 }), fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 300 }));
  fc.assert(
    fc.property(values, (all) => {
      const rows = all.map((_, i) => all.length - i);
      const numberOf = (row: number): number => all[all.length - row] as number;
      expect(sortedBy(rows, numberOf)).toEqual(rows.toSorted((a, b) => numberOf(a) - numberOf(b)));
    }),
  );
});
