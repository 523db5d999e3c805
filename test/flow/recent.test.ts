import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Recent } from '../../src/flow/memory/recent.js';

const MOST = 4;
const step = fc.record({ key: fc.nat({ max: 9 }), value: fc.option(fc.nat()) });

test('what was asked for or set among the last few is known, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const recent = new Recent<number, number>(MOST);
      let oracle: { key: number; value: number }[] = [];
      for (const { key, value } of steps) {
        const found = oracle.find((one) => one.key === key);
        if (value === null) expect(recent.get(key)).toBe(found?.value);
        else recent.set(key, value);
        const now = value ?? found?.value;
        if (now !== undefined) oracle = [...oracle.filter((one) => one.key !== key), { key, value: now }].slice(-MOST);
      }
    }),
  );
});
