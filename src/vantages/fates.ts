import { RST } from '../decode/flags.js';
import { acknowledged } from './acknowledged.js';
import { countBetween } from './count-between.js';
import type { Way } from './meeting.js';
import type { Passage } from './passage.js';
import { occupied, positionsOf } from './positions.js';
import type { Trace } from './trace.js';

/** What became of a segment between the two points. */
export type Fate = 0 | 1 | 2 | 3 | 4 | 5;
export const ARRIVED = 0;
/** It passed the first point and never the second, although that capture was running. */
export const LOST = 1;
/** It was acknowledged, so it did pass both points: one of the captures missed it. */
export const UNCAPTURED = 2;
/** It passed while the other capture was not running, or not to be trusted: nobody can say. */
export const UNKNOWN = 3;
/** It passed the second point and never the first: something between the two has made it. */
export const INJECTED = 4;
/** A second copy of one that arrived. */
export const DUPLICATED = 5;

export interface Fates {
  /** Of each position of the passage's `ups`. */
  readonly sent: Uint8Array;
  /** Of each position of the passage's `downs`. */
  readonly came: Uint8Array;
}

/** When the two captures were running, on the common clock, and how long a segment takes; nanoseconds. */
export interface Running {
  readonly first: { readonly start: number; readonly end: number };
  readonly second: { readonly start: number; readonly end: number };
  readonly usual: number;
  readonly roundTrip: number;
  /** What still came back to the first point had not passed the second any more: that capture ended early. */
  readonly endedEarly: boolean;
}

/** Nanoseconds: a host answers sooner than this, delayed acknowledgments included. */
const PATIENCE = 300e6;

/** Judges one direction; `back` is the other one, whose acknowledgments prove what arrived. */
export function fatesOf({ passage, matching, time }: Way, back: Way, running: Running): Fates {
  const { up, down, ups, downs } = passage;
  const { arrivals, origins, copies } = matching;
  const { first, second, usual } = running;
  const proof = acknowledged(passage, back.passage);
  const leaving = Array.from(ups, (record) => time.sent(up.time[record] as number));
  const isQuestion = questions(passage);
  const answers = Float64Array.from(back.passage.downs, (record) => back.time.arrived(back.passage.down.time[record] as number)).sort();
  const patience = Math.max(2 * running.roundTrip, PATIENCE);
  const lastHeard = second.end - usual;
  const isOver = running.endedEarly || !leaving.some((moment, i) => moment > lastHeard && isUnanswered(i));
  const sent = Uint8Array.from(ups, (_, i) => {
    if ((arrivals[i] as number) >= 0) return ARRIVED;
    if (proof.up(i)) return UNCAPTURED;
    const moment = leaving[i] as number;
    if (moment + usual < second.start) return isUnanswered(i) && hasArrivedLater(i) ? LOST : UNKNOWN;
    return moment > lastHeard && isOver ? UNKNOWN : LOST;
  });
  const came = Uint8Array.from(downs, (record, j) => {
    if ((origins[j] as number) >= 0) return ARRIVED;
    if ((copies[j] as number) >= 0) return DUPLICATED;
    if (proof.down(j)) return UNCAPTURED;
    const moment = time.arrived(down.time[record] as number) - usual;
    return moment < first.start || moment > first.end ? UNKNOWN : INJECTED;
  });
  // Of a capture that is known to miss segments of this direction, nothing can be said where no acknowledgment would tell.
  if (sent.includes(UNCAPTURED)) for (const [i, record] of ups.entries()) if (sent[i] === LOST && occupied(up, record) === 0) sent[i] = UNKNOWN;
  return { sent, came };

  /** A question to which the first capture shows no answer in good time, of a receiver that does answer. */
  function isUnanswered(i: number): boolean {
    const moment = leaving[i] as number;
    return isQuestion[i] === 1 && answers.length > 0 && first.end - moment > patience && countBetween(answers, moment, moment + patience) === 0;
  }

  /** Sent again it arrived, so that the receiver was there and willing. */
  function hasArrivedLater(i: number): boolean {
    const seq = up.seq[ups[i] as number];
    return ups.some((record, k) => k > i && up.seq[record] === seq && (arrivals[k] as number) >= 0);
  }
}

/** Segments that ask for an answer: they take up sequence numbers, or repeat one that was passed already (keep-alives, window probes). */
function questions({ up, ups }: Passage): Uint8Array {
  const positions = positionsOf(up.seq, ups, up.seq[ups[0] ?? 0] as number, 0);
  let next = Number.NEGATIVE_INFINITY;
  return Uint8Array.from(ups, (record, i) => {
    const taken = occupied(up, record);
    const isProbe = taken === 0 && (positions[i] as number) < next && ((up.flags[record] as number) & RST) === 0;
    next = Math.max(next, (positions[i] as number) + taken);
    return taken > 0 || isProbe ? 1 : 0;
  });
}

/** Bare acknowledgments that a capture does not show: of one that is known to miss segments, they need not have been made on the way, */
export function doubtInjected({ came }: Fates, { down, downs }: Passage): void {
  for (const [j, record] of downs.entries()) if (came[j] === INJECTED && isBare(down, record)) came[j] = UNKNOWN;
}

/** nor lost. */
export function doubtLost({ sent }: Fates, { up, ups }: Passage): void {
  for (const [i, record] of ups.entries()) if (sent[i] === LOST && isBare(up, record)) sent[i] = UNKNOWN;
}

/** It takes up no sequence number, so that nobody acknowledges it, and is no reset either. */
function isBare(trace: Trace, record: number): boolean {
  return occupied(trace, record) === 0 && ((trace.flags[record] as number) & RST) === 0;
}
