import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slab } from '../../src/flow/memory/slab.js';
import { rowOf } from '../../src/hosts/memory/row.js';

interface Numbers {
  small: number;
  large: number;
  isSo: boolean;
  isToo: boolean;
  last: number;
}

const Example = rowOf<Numbers>({ small: 'int', large: 'real', isSo: 'flag', isToo: 'flag', last: 'int' });

const write = fc.oneof(
  fc.record({ name: fc.constantFrom('small' as const, 'last' as const), value: fc.integer() }),
  fc.record({ name: fc.constant('large' as const), value: fc.double() }),
  fc.record({ name: fc.constantFrom('isSo' as const, 'isToo' as const), value: fc.boolean() }),
);

test('a row is to its readers what an object would be, whatever lies beside it, also when the slab has grown', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 2 }), write)), fc.integer({ min: 0, max: 4 }), (writes, beside) => {
      const slab = new Slab(Example.width + 2 * beside, 1);
      const rows = [0, 1, 2].map(() => slab.take(1));
      const objects = rows.map((): Numbers => ({ small: 0, large: 0, isSo: false, isToo: false, last: 0 }));
      const cursor = new Example();
      for (const [which, { name, value }] of writes) {
        cursor.on(slab, rows[which] as number);
        Object.assign(cursor, { [name]: value });
        Object.assign(objects[which] as Numbers, { [name]: value });
      }
      slab.take(64);
      for (const [i, row] of rows.entries()) {
        cursor.on(slab, row);
        const { small, large, isSo, isToo, last } = cursor;
        expect({ small, large, isSo, isToo, last }).toEqual(objects[i]);
      }
    }),
  );
});

test('more flags than a word has bits take another word', () => {
  const names = Array.from({ length: 40 }, (_, i) => `flag${i}`);
  const Flags = rowOf<Record<string, boolean>>(Object.fromEntries(names.map((name) => [name, 'flag' as const])));
  const slab = new Slab(Flags.width);
  const flags = new Flags();
  flags.on(slab, slab.take(1));
  for (const [i, name] of names.entries()) flags[name] = i % 3 === 0;
  expect(names.map((name) => flags[name])).toEqual(names.map((_, i) => i % 3 === 0));
});
