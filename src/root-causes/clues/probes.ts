import { isBefore } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import { kindOf, RESENT_PROBE, RESENT_TIMEOUT } from '../../flow/verdict.js';
import type { Part } from '../../patterns/story.js';
import type { Case } from '../cause.js';
import { LATE, SHORTEST_TIMEOUT } from './resends.js';

/** A second wait that is not longer than this times the first was not doubled. */
const ALIKE = 1.5;

/** A timeout followed a probe of the tail, after no longer a wait than the probe itself had taken: it did not count as a timeout. */
export function hasProbedFirst({ moments }: Part): boolean {
  return moments.some((probe, i) => {
    if (kindOf(probe.verdict) !== RESENT_PROBE || probe.earlier === undefined) return false;
    const next = moments.slice(i + 1).find(({ verdict }) => kindOf(verdict) === RESENT_TIMEOUT);
    return next !== undefined && next.time - probe.time < Math.max(probe.time - probe.earlier.time, SHORTEST_TIMEOUT) * ALIKE;
  });
}

/** After every probe of the tail all was acknowledged that had been sent before it, and the timer never had to help. */
export function wasRepairedByProbe({ moments, endpoint: { isAcknowledged, sndUna } }: Part): boolean {
  const probes = moments.filter(({ verdict }) => kindOf(verdict) === RESENT_PROBE);
  const isInVain = ({ seq, length, time }: Moment): boolean =>
    !isAcknowledged ||
    isBefore(sndUna, (seq + length) | 0) ||
    moments.some(({ verdict, earlier, time: later }) => kindOf(verdict) === RESENT_TIMEOUT && later > time && (earlier?.time ?? later) <= time);
  return !probes.some(isInVain);
}

/**
 * Too long a wait for a probe of the tail: two round trips, and 200 ms when the ACK of a single segment may be delayed. What the probe
 * echoes may tell that an answer came meanwhile: each one starts the timer of the probe anew.
 */
export function isTooLate(wait: number, { story, part }: Case): boolean {
  const roundTrip = Math.max(story.roundTrip, part.endpoint.roundTrips.swollen);
  const longest = (roundTrip * 2 + SHORTEST_TIMEOUT) * LATE + 150e6;
  if (roundTrip === 0 || wait <= longest) return false;
  const late = part.moments.filter(({ verdict, time, earlier }) => kindOf(verdict) === RESENT_PROBE && time - (earlier?.time ?? time) > longest);
  return late.length === 0 || late.some((probe) => !hasHeardMeanwhile(probe, part));
}

function hasHeardMeanwhile({ time, earlier, hasTimestamps, tsecr }: Moment, { moments }: Part): boolean {
  const since = earlier?.time ?? time;
  return hasTimestamps && moments.some((own) => own.time >= since && own.time < time && own.hasTimestamps && own.tsecr !== tsecr);
}
