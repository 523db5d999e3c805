import { doubtInjected, doubtLost, type Fates, fatesOf, LOST, type Running, UNCAPTURED } from './fates.js';
import type { Meeting, Met, Way } from './meeting.js';
import { type Recorded, recordedUntil } from './recorded.js';

/** What became of one direction of one conversation. */
export interface Outcome {
  readonly met: Met;
  readonly way: Way;
  readonly fates: Fates;
  /** Nanoseconds from point to point of each that arrived, in the order of `arrived`. */
  readonly delays: Float64Array;
  /** Positions in `ups`, in the order in which they arrived, each once. */
  readonly arrived: Int32Array;
  /** Of these, the ones that were overtaken: something sent later arrived earlier (RFC 4737 section 3.3). */
  readonly reordered: readonly Reordered[];
}

export interface Reordered {
  readonly position: number;
  /** So many that were sent later arrived earlier. */
  readonly overtakenBy: number;
  readonly delay: number;
}

/** Both directions of every conversation: [from the one to the other, and back]. */
export function outcomesOf(meeting: Meeting): readonly [Outcome, Outcome][] {
  const [out, back] = runningOf(meeting);
  const outcomes = meeting.met.map((met): [Outcome, Outcome] => [outcome(met, 0, out), outcome(met, 1, back)]);
  doubtBare(outcomes);
  return outcomes;
}

/** Where captures miss segments that did pass, bare ones that are missing, too, prove little: unless there are many more of them. */
function doubtBare(outcomes: readonly [Outcome, Outcome][]): void {
  const all = outcomes.flat();
  const count = (fate: number): number =>
    all.reduce((sum, { fates: { sent, came } }) => sum + [...sent, ...came].filter((each) => each === fate).length, 0);
  const missed = count(UNCAPTURED);
  if (missed > 0 && missed * MANY_MORE >= count(LOST)) for (const { fates, way } of all) doubtLost(fates, way.passage);
  for (const k of [0, 1] as const) {
    const misses = outcomes.some((both) => both[k].fates.came.includes(UNCAPTURED) || both[k === 0 ? 1 : 0].fates.sent.includes(UNCAPTURED));
    if (misses) for (const both of outcomes) doubtInjected(both[k].fates, both[k].way.passage);
  }
}

const MANY_MORE = 4;

function outcome(met: Met, k: 0 | 1, running: Running): Outcome {
  const way = met.ways[k];
  const { passage, matching, time } = way;
  const fates = fatesOf(way, met.ways[k === 0 ? 1 : 0], running);
  const delayOf = (i: number): number => {
    const j = passage.downs[matching.arrivals[i] as number] as number;
    return time.arrived(passage.down.time[j] as number) - time.sent(passage.up.time[passage.ups[i] as number] as number);
  };
  const arrived = Int32Array.from(passage.ups.keys()).filter((i) => (matching.arrivals[i] as number) >= 0);
  arrived.sort((a, b) => (matching.arrivals[a] as number) - (matching.arrivals[b] as number) || a - b);
  const delays = Float64Array.from(arrived, delayOf);
  return { met, way, fates, delays, arrived, reordered: overtaken(arrived, delays) };
}

function overtaken(arrived: Int32Array, delays: Float64Array): Reordered[] {
  const found: Reordered[] = [];
  let latest = -1;
  for (const [k, position] of arrived.entries()) {
    if (position > latest) {
      latest = position;
      continue;
    }
    let overtakenBy = 0;
    for (let before = k - 1; before >= Math.max(0, k - MOST_COUNTED); before--) if ((arrived[before] as number) > position) overtakenBy++;
    found.push({ position, overtakenBy, delay: delays[k] as number });
  }
  return found;
}

const MOST_COUNTED = 1000;

function runningOf({ one, other, clock, met }: Meeting): [Running, Running] {
  const time = met[0]?.ways[0].time ?? { sent: (at: number) => at, arrived: (at: number) => at };
  const near = { start: one.start, end: recordedUntil(one) };
  const far = { start: time.arrived(other.start), end: time.arrived(recordedUntil(other)) };
  const usual: [number, number] = [usualOf(met.map(({ ways }) => ways[0])), usualOf(met.map(({ ways }) => ways[1]))];
  const roundTrip = clock.basis === 'both ways' ? usual[0] + usual[1] : 2 * Math.max(...usual);
  return [
    {
      first: near,
      second: far,
      usual: usual[0],
      roundTrip,
      endedEarly: outlives(
        met.map(({ ways }) => ways[1]),
        far.end,
        usual[1],
        other,
      ),
    },
    {
      first: far,
      second: near,
      usual: usual[1],
      roundTrip,
      endedEarly: outlives(
        met.map(({ ways }) => ways[0]),
        near.end,
        usual[0],
        one,
      ),
    },
  ];
}

/** The median delay of a direction over all conversations. */
function usualOf(ways: readonly Way[]): number {
  const delays = ways.flatMap(({ passage, matching, time }) =>
    Array.from(matching.arrivals.subarray(0, MOST_SAMPLED), (j, i) =>
      j < 0
        ? Number.NaN
        : time.arrived(passage.down.time[passage.downs[j] as number] as number) - time.sent(passage.up.time[passage.ups[i] as number] as number),
    ).filter((delay) => !Number.isNaN(delay)),
  );
  return delays.sort((a, b) => a - b)[delays.length >> 1] ?? 0;
}

const MOST_SAMPLED = 4096;

/** Something came to the other capture that should have passed this one after its last frame. Nanoseconds of grace for the clocks. */
function outlives(incoming: readonly Way[], end: number, usual: number, { trace }: Recorded): boolean {
  const GRACE = 1e6;
  return incoming.some(({ passage: { down, downs }, matching, time }) =>
    downs.some((record, j) => {
      const isUnseen = (matching.origins[j] as number) < 0 && (matching.copies[j] as number) < 0;
      return isUnseen && trace.left === 0 && time.arrived(down.time[record] as number) - usual > end + GRACE;
    }),
  );
}

/** Segments that were lost, with those bytes of partly lost ones that did not arrive. */
export function lostPositions({ fates, way }: Outcome): number[] {
  const partly = new Set(way.matching.missing.map(({ position }) => position));
  return Array.from(fates.sent.keys()).filter((i) => fates.sent[i] === LOST || partly.has(i));
}
