import { expect, test } from 'vitest';
import type { Aborted } from '../../src/hosts/closing/aborts.js';
import { bursts, isByChance } from '../../src/hosts/closing/bursts.js';
import { randomFrom } from '../bench/traffic.js';

const MILLISECOND = 1e6;
const SECOND = 1e9;

const reset = (time: number, stream: number): Aborted => ({ stream, frame: stream + 1, time, wasServed: true, hadAnswered: true, hadFin: false });

/** Resets at moments that have nothing to do with each other. */
function unrelated(count: number, within: number): Aborted[] {
  const random = randomFrom(1);
  return Array.from({ length: count }, (_, stream) => reset(random(within / 1000) * 1000, stream));
}

function striking(all: readonly Aborted[]): number[] {
  return bursts(all)
    .filter((burst, _, every) => burst.length > 1 && !isByChance(burst.length, every))
    .map((burst) => burst.length);
}

test('two resets in one instant are striking where the host has sent no others, or few', () => {
  const two = [reset(0, 0), reset(3 * MILLISECOND, 1)];
  expect(striking(two)).toEqual([2]);
  expect(striking([...two, reset(30 * SECOND, 2), reset(60 * SECOND, 3)])).toEqual([2]);
});

test('a host that resets a connection every half a second shows pairs without a reason, and still what ends thirty at once', () => {
  const usual = unrelated(240, 120 * SECOND);
  expect(bursts(usual).some((burst) => burst.length > 1)).toBe(true);
  expect(striking(usual)).toEqual([]);
  const crash = Array.from({ length: 30 }, (_, i) => reset(50 * SECOND + i * MILLISECOND, 1000 + i));
  const [found = 0, ...others] = striking([...usual, ...crash]);
  expect(found).toBeGreaterThanOrEqual(30);
  expect(others).toEqual([]);
});

test('bursts that come again and again are not taken for chance because there are several', () => {
  const crashes = [0, 10, 20, 30].flatMap((at) => Array.from({ length: 5 }, (_, i) => reset(at * SECOND + i * MILLISECOND, at * 10 + i)));
  expect(striking(crashes)).toEqual([5, 5, 5, 5]);
});
