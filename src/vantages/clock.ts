import { lowerHull, type Point } from './hull.js';

/** How two clocks differ. Times are nanoseconds, each since the epoch of the near capture. */
export interface Clock {
  /** What the far clock shows more than the near one, when the near one shows 0. */
  readonly offset: number;
  /** What it gains a nanosecond: 1e-6 is one part per million. */
  readonly drift: number;
  /** The offset may be wrong by so much: what the two ways have in common can be split between them in any way. */
  readonly uncertainty: number;
  /** 'both ways' halves the shortest round trip; with 'one way' only, its shortest delay counts as none; 'assumed' without a segment in common. */
  readonly basis: 'both ways' | 'one way' | 'assumed';
}

/** Drifts beyond this are no clock's. */
const MOST_DRIFT = 1000e-6;
/** Nanoseconds: drift is believed only when it explains more than this, and more than this part of the round trip. */
const NOISE = 20e3;
const NOISE_PART = 0.02;
/** With one direction only, fewer segments than this say nothing about drift. */
const FEW = 64;
/** Contradicting points of a side that are given up, should a segment have been mistaken for another. */
const MOST_OUTLIERS = 32;

/**
 * Offset and drift from pairs of send and arrival times. `away`: segments that left the near side; `back`: those that left the far side;
 * `x` near time, `y` far time less near time. A delay is never negative, so the clock's line runs below all of the first and above all of the
 * second: the line in the middle of the widest strip between them.
 */
export function estimateClock(away: readonly Point[], back: readonly Point[]): Clock {
  if (away.length === 0 && back.length === 0) return { offset: 0, drift: 0, uncertainty: Number.POSITIVE_INFINITY, basis: 'assumed' };
  let below = lowerHull(away);
  let above = lowerHull(back.map(({ x, y }) => ({ x, y: -y })));
  if (away.length === 0 || back.length === 0) return oneWay(away.length > 0 ? below : above, away.length > 0 ? 1 : -1, away.length + back.length);
  let drift = bestDrift(below, above);
  for (let i = 0; i < MOST_OUTLIERS && gap(below, above, drift) < 0; i++) {
    const [fewerAway, fewerBack] = [without(away, below), without(back, above)];
    if (fewerAway.length === 0 || fewerBack.length === 0) break;
    below = lowerHull(fewerAway);
    above = lowerHull(fewerBack.map(({ x, y }) => ({ x, y: -y })));
    drift = bestDrift(below, above);
  }
  const width = gap(below, above, drift);
  const top = lowest(below, drift);
  return { offset: top - width / 2, drift, uncertainty: Math.abs(width) / 2, basis: 'both ways' };
}

/** Near time of a moment that the far clock shows. */
export function nearTime(clock: Clock, far: number): number {
  return (far - clock.offset) / (1 + clock.drift);
}

/** The width of the strip is concave in the slope: it is searched where it is widest, and 0 is taken when it is about as wide. */
function bestDrift(below: readonly Point[], above: readonly Point[]): number {
  let low = -MOST_DRIFT;
  let high = MOST_DRIFT;
  for (let i = 0; i < 80; i++) {
    const third = (high - low) / 3;
    if (gap(below, above, low + third) < gap(below, above, high - third)) low += third;
    else high -= third;
  }
  const drift = (low + high) / 2;
  const widest = gap(below, above, drift);
  const plain = gap(below, above, 0);
  const isNeedless = plain >= Math.min(0, widest) && plain >= widest - Math.max(NOISE, widest * NOISE_PART);
  return isNeedless ? 0 : drift;
}

/** Width of the strip of this slope. `above` is mirrored: its lower hull is the upper hull of the points. */
function gap(below: readonly Point[], above: readonly Point[], slope: number): number {
  return lowest(below, slope) + lowest(above, -slope);
}

function lowest(hull: readonly Point[], slope: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { x, y } of hull) least = Math.min(least, y - slope * x);
  return least;
}

/** With one direction only: the line through the two lowest points between which the middle lies (as Moon, Skelly and Towsley do). */
function oneWay(hull: readonly Point[], sign: 1 | -1, count: number): Clock {
  const first = hull[0] as Point;
  const last = hull[hull.length - 1] as Point;
  const middle = (first.x + last.x) / 2;
  const right = hull.findIndex(({ x }) => x > middle);
  const [a, b] = [hull[right - 1], hull[right]];
  const slope = a === undefined || b === undefined ? 0 : (b.y - a.y) / (b.x - a.x);
  const isBelievable = count >= FEW && Math.abs(slope) <= MOST_DRIFT && Math.abs(slope) * (last.x - first.x) > NOISE;
  const drift = isBelievable ? slope : 0;
  return { offset: sign * lowest(hull, drift), drift: sign * drift, uncertainty: Number.POSITIVE_INFINITY, basis: 'one way' };
}

function without(points: readonly Point[], hull: readonly Point[]): Point[] {
  const gone = new Set(hull.map(({ x }) => x));
  return points.filter(({ x }) => !gone.has(x));
}
