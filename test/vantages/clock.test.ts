import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateClock, nearTime } from '../../src/vantages/clock.js';
import { lowerHull, type Point } from '../../src/vantages/hull.js';

const HOUR = 3600e9;

/** Two clocks and a way between them; nanoseconds. */
const worlds = fc.record({
  offset: fc.double({ min: -12 * HOUR, max: 12 * HOUR, noNaN: true }),
  drift: fc.double({ min: -200e-6, max: 200e-6, noNaN: true }),
  delay: fc.double({ min: 1e3, max: 200e6, noNaN: true }),
  jitter: fc.double({ min: 0, max: 100e6, noNaN: true }),
  span: fc.double({ min: 1e9, max: 4 * HOUR, noNaN: true }),
  luck: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 2, maxLength: 200 }),
});

type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

/** Segments both ways; the first and the last of either meet no queue. */
function seen({ offset, drift, delay, jitter, span, luck }: World): { away: Point[]; back: Point[] } {
  const far = (near: number): number => near + offset + drift * near;
  const place = (k: number): number => (k === 0 ? 0 : k === luck.length - 1 ? span : (luck[k]?.[0] ?? 0) * span);
  const queued = (k: number): number => (k === 0 || k === luck.length - 1 ? 0 : (luck[k]?.[1] ?? 0) * jitter);
  const away = luck.map((_, k) => {
    const sent = place(k);
    return { x: sent, y: far(sent + delay + queued(k)) - sent };
  });
  const back = luck.map((_, k) => {
    const sent = place(k);
    const arrived = sent + delay + queued(luck.length - 1 - k);
    return { x: arrived, y: far(sent) - arrived };
  });
  return { away, back };
}

describe('how two clocks differ', () => {
  test('any offset up to hours and any drift up to 200 ppm are found behind jitter, where some segments meet no queue', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { away, back } = seen(world);
        const clock = estimateClock(away, back);
        // Drift is not claimed for less than 20 µs or 2 % of the round trip.
        const allowed = Math.max(20e3, 2 * world.delay * 0.02) + world.delay * 0.001 + 1e3;
        for (const near of [0, world.span / 2, world.span]) {
          const truth = near + world.offset + world.drift * near;
          expect(Math.abs(nearTime(clock, truth) - near)).toBeLessThan(allowed);
        }
        expect(Math.abs(clock.drift - world.drift)).toBeLessThan(allowed / world.span + 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  test('no segment arrives before it was sent, and the shortest way is as long in either direction', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { away, back } = seen(world);
        const clock = estimateClock(away, back);
        const delays = away.map(({ x, y }) => nearTime(clock, x + y) - x);
        const returns = back.map(({ x, y }) => x - nearTime(clock, x + y));
        expect(Math.min(...delays)).toBeGreaterThan(-1e3);
        expect(Math.abs(Math.min(...delays) - Math.min(...returns))).toBeLessThan(1e3 + world.delay * 0.001);
      }),
      { numRuns: 300 },
    );
  });

  test('with one direction only the fastest segment counts as having taken no time, and nothing is said about how wrong that is', () => {
    const clock = estimateClock(
      [
        { x: 0, y: 5e6 },
        { x: 1e9, y: 4e6 },
        { x: 2e9, y: 7e6 },
      ],
      [],
    );
    expect(clock).toEqual({ offset: 4e6, drift: 0, uncertainty: Number.POSITIVE_INFINITY, basis: 'one way' });
  });

  test('drift shows in one direction as well, when there are many segments', () => {
    const away = Array.from({ length: 200 }, (_, i) => ({ x: i * 1e9, y: 1e6 + i * 1e9 * 50e-6 + (i % 7) * 1e5 }));
    expect(estimateClock(away, []).drift).toBeCloseTo(50e-6, 7);
    const back = away.map(({ x, y }) => ({ x, y: -y }));
    expect(estimateClock([], back).drift).toBeCloseTo(-50e-6, 7);
  });

  test('a segment that was mistaken for another one does not bend the clock', () => {
    const away = Array.from({ length: 50 }, (_, i) => ({ x: i * 1e8, y: 10e6 + (i % 5) * 1e5 }));
    const back = Array.from({ length: 50 }, (_, i) => ({ x: i * 1e8 + 5e7, y: -10e6 - (i % 5) * 1e5 }));
    const clock = estimateClock([...away, { x: 2.22e9, y: -500e6 }], back);
    expect(Math.abs(clock.offset)).toBeLessThan(200e3);
  });
});

test('the lower hull has every point on or above it, and is made of points', () => {
  const points = fc.array(fc.record({ x: fc.integer({ min: 0, max: 50 }), y: fc.integer({ min: -50, max: 50 }) }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(points, (all) => {
      const hull = lowerHull(all);
      for (const corner of hull) expect(all).toContainEqual(corner);
      for (const { x, y } of all) {
        const right = hull.findIndex((corner) => corner.x >= x);
        const [a, b] = [hull[Math.max(right - 1, 0)] as Point, hull[right] as Point];
        const height = a.x === b.x ? b.y : a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
        expect(y).toBeGreaterThanOrEqual(height - 1e-9);
      }
    }),
  );
});
