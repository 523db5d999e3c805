import { countBetween, firstFrom } from './count-between.js';
import type { Outcome } from './differences.js';
import { LOST } from './fates.js';
import { occupied } from './positions.js';

/** A time in which the second point saw nothing of a direction although somebody waited for it. */
export interface Silence {
  /** Nanoseconds on the common clock, and for how long. */
  readonly since: number;
  readonly span: number;
  /** The way lost what was sent, or the question that was to be answered; or the host that should have spoken sent nothing. */
  readonly whose: 'path' | 'path back' | 'host';
  /** Segments that vanished meanwhile; of a host's silence the questions that had reached it. */
  readonly segments: number;
}

/** Nanoseconds: shorter pauses are not called silence. */
const SILENCE = 1e9;

/** `there` is the direction that was silent, `back` the one in which the questions go; `end`: when the second capture ended. */
export function silencesOf(there: Outcome, back: Outcome, end: number): Silence[] {
  const { passage, time } = there.way;
  const moments = Array.from(passage.downs, (record) => time.arrived(passage.down.time[record] as number));
  if (moments.length === 0) return [];
  const lost = timesOf(there, (i) => there.fates.sent[i] === LOST);
  const isQuestion = (i: number): boolean => occupied(back.way.passage.up, back.way.passage.ups[i] as number) > 0;
  const asked = timesOf(back, isQuestion);
  const reached = timesOf(back, (i) => isQuestion(i) && back.fates.sent[i] !== LOST);
  const silences: Silence[] = [];
  for (const [k, since] of moments.entries()) {
    const until = moments[k + 1] ?? Math.max(end, lost.at(-1) ?? end);
    const span = until - since;
    if (span < SILENCE) continue;
    const vanished = countBetween(lost, since - span / 8, until);
    const questions = countBetween(asked, since, until);
    const heard = countBetween(reached, since, until);
    const waited = until - (reached[firstFrom(reached, since)] ?? until);
    if (vanished > 0) silences.push({ since, span, whose: 'path', segments: vanished });
    else if (questions > 0 && heard === 0) silences.push({ since, span, whose: 'path back', segments: questions });
    else if (heard > 0 && waited >= SILENCE) silences.push({ since, span, whose: 'host', segments: heard });
  }
  return silences;
}

/** When the segments that `isMeant` picks passed the first point, rising. */
function timesOf({ way: { passage, time } }: Outcome, isMeant: (position: number) => boolean): number[] {
  return Array.from(passage.ups)
    .flatMap((record, i) => (isMeant(i) ? [time.sent(passage.up.time[record] as number)] : []))
    .sort((a, b) => a - b);
}
