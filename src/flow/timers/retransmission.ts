import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { firstFiringAfter, modelTimeout, nextWait, SHORTEST_TIMEOUT } from '../timers.js';
import { kindOf, RESENT_FIN, RESENT_PROBE, RESENT_TIMEOUT } from '../verdict.js';
import { probesSince, repeatsOf } from './probes.js';
import type { Patience, RunningTimer } from './timer.js';

/** Bytes and a FIN that the end has sent and nobody has acknowledged. */
export function unacknowledged({ sndNxt, sndUna, segments }: Endpoint): number {
  return segments === 0 ? 0 : Math.max((sndNxt - sndUna) | 0, 0);
}

/** The retransmission timer: runs while something is unacknowledged. */
export function retransmissionTimer(flow: Flow, endpoint: Endpoint, { retries, setting, outcome }: Patience): RunningTimer | undefined {
  const sent = unacknowledged(endpoint) === 0 ? [] : sentInVain(endpoint);
  const [first, second] = sent;
  if (first === undefined) return undefined;
  const repeats = repeatsOf(sent.map(({ time }) => time));
  const fired = second === undefined ? 0 : firings(flow, endpoint, sent);
  const timeout = SHORTEST_TIMEOUT + endpoint.roundTrips.smoothed;
  const [probe] = probesSince(flow, endpoint, RESENT_PROBE, first.time);
  const isSetByProbe = second !== undefined && repeats.count === 2 && probe !== undefined && probe < second.time; // tcp_send_loss_probe()
  const next = fired === 0 ? timeout : nextWait(isSetByProbe ? { ...repeats, lastGap: second.time - probe } : repeats, timeout);
  const at = firstFiringAfter(second?.time ?? repeats.last + next, modelTimeout(retries), repeats.last, next);
  const wait = probe === undefined ? Math.min(probeWait(flow, endpoint, first.frame), timeout) : timeout;
  const nextAt = second === undefined ? Math.max(endpoint.lastDataTime, endpoint.sndUnaTime, first.time) + wait : repeats.last + next;
  return { kind: 'on', repeats, fired, nextAt, from: at, to: at, outcome, setting };
}

/** Where more than the first segment is under way, its tail is probed before the retransmission timer fires (tcp_schedule_loss_probe()). */
function probeWait(flow: Flow, endpoint: Endpoint, first: number): number {
  const { roundTrips, sackPermitted, lastDataFrame } = endpoint;
  const isProbed = sackPermitted && flow.peer(endpoint).sackPermitted && lastDataFrame > first && roundTrips.count > 0;
  return isProbed ? 2 * roundTrips.smoothed : Number.POSITIVE_INFINITY;
}

interface Sent {
  readonly time: number;
  readonly frame: number;
}

/** Every transmission of the first byte that is not acknowledged. */
function sentInVain({ transmissions, sndUna }: Endpoint): Sent[] {
  const sent: Sent[] = [];
  for (let position = transmissions.firstUnacknowledged; position < transmissions.end; position++) {
    const carries = transmissions.seqOf(position) === sndUna && transmissions.endOf(position) !== sndUna;
    if (carries) sent.push({ time: transmissions.timeOf(position), frame: transmissions.frameOf(position) });
  }
  return sent;
}

/** How many of the repetitions the retransmission timer sent: no tail loss probe, which comes before and needs SACK, and none that the receiver asked for. */
function firings(flow: Flow, endpoint: Endpoint, [, first, ...others]: readonly Sent[]): number {
  const kinds = new Map<number, number>();
  for (const { frame, verdict } of flow.timeline.segments.judged) kinds.set(frame, kindOf(verdict));
  const isFired = ({ frame }: Sent): boolean => kinds.get(frame) === RESENT_TIMEOUT || kinds.get(frame) === RESENT_FIN;
  const mayBeProbe = endpoint.sackPermitted && flow.peer(endpoint).sackPermitted;
  const isFirstFired = first !== undefined && isFired(first) && !(mayBeProbe && kinds.get(first.frame) === RESENT_FIN);
  return others.filter(isFired).length + Number(isFirstFired);
}
