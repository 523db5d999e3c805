import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLAIMS } from '../../src/reporting/claims.js';
import { countBetween } from '../../src/vantages/count-between.js';
import { positionsOf } from '../../src/vantages/positions.js';
import { Prints } from '../../src/vantages/sample.js';
import { Spans } from '../../src/vantages/spans.js';

describe('against the slow and obvious', () => {
  const small = fc.integer({ min: 0, max: 60 });

  test('a span covers a range when every number of it lies in one of the ranges', () => {
    const ranges = fc.array(fc.record({ from: small, length: fc.integer({ min: 0, max: 12 }) }), { maxLength: 12 });
    fc.assert(
      fc.property(ranges, small, fc.integer({ min: 1, max: 15 }), (all, from, length) => {
        const spans = new Spans(all.map((range) => ({ from: range.from, to: range.from + range.length })));
        const has = (number: number): boolean => all.some((range) => number >= range.from && number < range.from + range.length);
        const numbers = Array.from({ length }, (_, i) => from + i);
        expect(spans.covers(from, from + length)).toBe(numbers.every(has));
      }),
    );
  });

  test('numbers in between are counted', () => {
    fc.assert(
      fc.property(fc.array(small), small, small, (all, from, to) => {
        const rising = all.toSorted((a, b) => a - b);
        expect(countBetween(rising, from, to)).toBe(rising.filter((each) => each >= from && each < to).length);
      }),
    );
  });

  test('positions of sequence numbers go on beyond 2³², in whatever order the segments come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100_000_000, max: 900_000_000 }), { maxLength: 40 }), fc.integer(), (steps, base) => {
        let sum = 0;
        const exact = steps.map((step) => (sum += step));
        const numbers = Int32Array.from(exact, (each) => (base + each) | 0);
        expect([...positionsOf(numbers, Int32Array.from(numbers.keys()), base, 0)]).toEqual(exact);
      }),
    );
  });

  test('of large files the same packets are kept, so that what they share is still seen', () => {
    const prints = (from: number, to: number): Prints => {
      const made = new Prints();
      for (let i = from; i < to; i++) made.add(Math.imul(i, 0x9e3779b1));
      return made;
    };
    const { shared, of } = prints(0, 100_000).sharedWith(prints(50_000, 90_000));
    expect(shared / of).toBeGreaterThan(0.95);
    expect(prints(0, 100_000).sharedWith(prints(100_000, 200_000)).shared).toBe(0);
  });
});

test('what causes claim about the way is claimed of causes that have a page', () => {
  const folder = join(fileURLToPath(import.meta.url), '..', '..', '..', 'src', 'root-causes');
  const pages = new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => basename(path, '.ts')));
  expect(Object.keys(CLAIMS).filter((id) => !pages.has(id))).toEqual([]);
});
