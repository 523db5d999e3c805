import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestRun } from '../../src/hosts/longest-run.js';

const LIFE = 10;
const areTogether = (first: number, last: number): boolean => last - first < LIFE;

test('the most that were there at once are those that one of them, the last to come, has met', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60)), (times) => {
      const sorted = times.toSorted((a, b) => a - b);
      const met = sorted.map((last) => sorted.filter((first) => first <= last && areTogether(first, last)));
      const most = Math.max(0, ...met.map(({ length }) => length));
      expect(longestRun(sorted, areTogether)).toEqual(met.find(({ length }) => length === most) ?? []);
    }),
  );
});

test('of several runs as long it is the first', () => {
  expect(longestRun([0, 1, 30, 31, 60], areTogether)).toEqual([0, 1]);
});
