import { flagLetters } from '../decode/flags.js';
import { distance } from '../decode/sequence.js';
import type { PathEvent } from '../path-report.js';
import { lostPositions, type Outcome } from '../vantages/differences.js';
import { DUPLICATED, INJECTED } from '../vantages/fates.js';
import type { Trace } from '../vantages/trace.js';
import { delayedOf } from './path-way.js';

/** So many events of a path are listed. */
export const MOST_EVENTS = 500;

type Kind = PathEvent['kind'];

/** What did not simply pass, of all conversations. `seconds` turns a time of the common clock into the report's. */
export function eventsOf(crossings: readonly (readonly [Outcome, Outcome])[], seconds: (time: number) => number): PathEvent[] {
  return crossings.flatMap((crossing) => crossing.flatMap((outcome, k) => eventsOfWay(outcome, k === 0, seconds)));
}

function eventsOfWay(outcome: Outcome, isToServer: boolean, seconds: (time: number) => number): PathEvent[] {
  const { way, fates, arrived, delays, reordered } = outcome;
  const { up, down, ups, downs } = way.passage;
  const event = (kind: Kind, i: number, j: number, delay: number | null): PathEvent => {
    const first = numbersOf(up, ups[i]);
    const second = numbersOf(down, downs[j]);
    const time = i >= 0 ? way.time.sent(up.time[ups[i] as number] as number) : way.time.arrived(down.time[downs[j] as number] as number);
    return {
      kind,
      direction: isToServer ? 'to server' : 'to client',
      at: seconds(time),
      from: isToServer ? first : second,
      to: isToServer ? second : first,
      segment: i >= 0 ? describe(up, ups[i] as number) : describe(down, downs[j] as number),
      delay: delay === null ? null : Math.round(delay / 1e3) / 1e6,
    };
  };
  const late = new Set(reordered.map(({ position }) => position));
  return [
    ...lostPositions(outcome).map((i) => event('lost', i, -1, null)),
    ...positionsWith(fates.came, DUPLICATED).map((j) => event('duplicated', way.matching.copies[j] as number, j, null)),
    ...positionsWith(fates.came, INJECTED).map((j) => event('injected', -1, j, null)),
    ...reordered.map(({ position, delay }) => event('reordered', position, way.matching.arrivals[position] as number, delay)),
    ...delayedOf(outcome).flatMap((k) => {
      const i = arrived[k] as number;
      return late.has(i) ? [] : [event('delayed', i, way.matching.arrivals[i] as number, delays[k] as number)];
    }),
  ];
}

function positionsWith(fates: Uint8Array, wanted: number): number[] {
  return Array.from(fates.keys()).filter((i) => fates[i] === wanted);
}

function numbersOf(trace: Trace, record: number | undefined): PathEvent['from'] {
  return record === undefined ? null : { stream: (trace.lane[record] as number) >> 1, frame: trace.frame[record] as number };
}

/** "P. 1449:2897(1448)", relative to the first segment of that endpoint. */
function describe(trace: Trace, record: number): string {
  const lane = trace.lane[record] as number;
  const flow = trace.flows[lane >> 1];
  const sender = lane & 1 ? flow?.second : flow?.first;
  const seq = distance(trace.seq[record] as number, sender?.wireshark.baseSeq ?? 0);
  const length = trace.length[record] as number;
  return `${flagLetters(trace.flags[record] as number)} ${seq}:${seq + length}(${length})`;
}
