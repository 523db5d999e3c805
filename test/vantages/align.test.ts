import fc from 'fast-check';
import { expect, test } from 'vitest';
import { align } from '../../src/vantages/align.js';

const LEFT_ALONE = 1e9;

/** The cheapest of all ways to pair them in order: the slow, obvious one. */
function cheapest(sent: readonly number[], arrived: readonly number[], usual: number, earliest: number): number {
  const [first, ...later] = sent;
  if (first === undefined) return arrived.length * LEFT_ALONE;
  const skipped = LEFT_ALONE + cheapest(later, arrived, usual, earliest);
  const paired = arrived.map((at, j) => {
    const delay = at - first;
    if (delay < earliest - 1e6 || delay > 600e9) return Number.POSITIVE_INFINITY;
    return Math.abs(delay - usual) + j * LEFT_ALONE + cheapest(later, arrived.slice(j + 1), usual, earliest);
  });
  return Math.min(skipped, ...paired);
}

function costOf(places: readonly number[], sent: readonly number[], arrived: readonly number[], usual: number): number {
  const delays = places.flatMap((place, i) => (place < 0 ? [] : [(arrived[place] as number) - (sent[i] as number)]));
  return delays.reduce((sum, delay) => sum + Math.abs(delay - usual), 0) + (sent.length + arrived.length - 2 * delays.length) * LEFT_ALONE;
}

test('alike segments are paired in order, none before it was sent, as cheaply as any other way to do it', () => {
  const times = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 5 }).map((all) => all.toSorted((a, b) => a - b).map((ms) => ms * 1e6));
  fc.assert(
    fc.property(times, times, fc.integer({ min: 0, max: 500 }), (sent, arrived, usualMs) => {
      if (sent.length === 1 && arrived.length === 1) return; // a single pair is taken however long it took
      const [usual, earliest] = [usualMs * 1e6, usualMs * 0.5e6];
      const places = align(sent, arrived, usual, earliest);
      const taken = places.filter((place) => place >= 0);
      expect(taken).toEqual([...new Set(taken)].toSorted((a, b) => a - b));
      for (const [i, place] of places.entries())
        if (place >= 0) expect((arrived[place] as number) - (sent[i] as number)).toBeGreaterThanOrEqual(earliest - 1e6);
      expect(costOf(places, sent, arrived, usual)).toBeCloseTo(cheapest(sent, arrived, usual, earliest), -1);
    }),
  );
});

test('of two SYNs that are the same byte for byte the one that was lost is the one whose arrival would have taken a second too long', () => {
  expect(align([0, 1e9], [1.01e9], 10e6, 10e6)).toEqual([-1, 0]);
  expect(align([0, 1e9], [0.01e9], 10e6, 10e6)).toEqual([0, -1]);
});

test('more than can be weighed are taken in order', () => {
  const sent = Array.from({ length: 100 }, (_, i) => i * 1e6);
  const arrived = sent.map((time) => time + 10e6);
  expect(align(sent, arrived, 10e6, 10e6)).toEqual(sent.map((_, i) => i));
});
