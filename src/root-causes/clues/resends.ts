import { RST, SYN } from '../../decode/flags.js';
import { distance } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import { kindOf, type RESENT_FAST, RESENT_TIMEOUT, SPURIOUS } from '../../flow/verdict.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import { ignoredAfterHandshake } from '../../patterns/listening/ignored-after-handshake.js';
import { timestampWentBack } from '../../patterns/loss/timestamp-went-back.js';
import { tooBig } from '../../patterns/path/too-big.js';
import { type Part, resetForm } from '../../patterns/story.js';
import { timeWaitDisturbed } from '../../patterns/time-wait/time-wait-disturbed.js';
import type { Case } from '../cause.js';
import { isRejectedByPeer } from './icmp-source.js';
import { isDeaf } from './unheard.js';

/** TCP_RTO_MIN and TCP_RTO_MAX; nanoseconds. */
export const SHORTEST_TIMEOUT = 200e6;
const LONGEST_TIMEOUT = 120e9;
/** Timers fire late, never early; seen from the other end a bit of either. */
export const LATE = 1.15;
const EARLY = 0.9;
/** After so many doublings the wait reaches its maximum. */
const MOST_DOUBLINGS = 9;
/** A timeout leaves at least 200 ms of room above the round trips so far: what is later than this can have fired it. */
const HELD_UP = 180e6;
const TICK = 1e6;

/** How the repetitions of one end came to their end. */
export interface Surrender {
  /** Nanoseconds between the first and the last repetition by the timer. */
  readonly lasted: number;
  /** What proves that it has given up, as a clause; undefined when it may still be trying. */
  readonly proof: string | undefined;
  /** The value of net.ipv4.tcp_retries2 that ends it there, if one does. */
  readonly retries: number | undefined;
}

/** Of the end that the pattern is told of; undefined when it repeated nothing by the timer after its peer had last acknowledged something. */
export function surrenderOf({ story, part }: Case): Surrender | undefined {
  const { sndUnaTime, lastTime } = part.endpoint;
  const timeouts = part.moments.filter(({ verdict, flags, time }) => kindOf(verdict) === RESENT_TIMEOUT && !(flags & SYN) && time > sndUnaTime);
  const [first, last] = [timeouts[0], timeouts.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const wait = Math.min((last.time - (last.earlier?.time ?? last.time)) * (timeouts.length > 1 ? 2 : 1), LONGEST_TIMEOUT);
  const lasted = last.time - first.time;
  const isSeen = !story.isAt(story.other(part)); // at the receiver a repetition may be missing because it was lost
  const isOverdue = isSeen && story.end - lastTime > Math.max(wait, SHORTEST_TIMEOUT) * LATE;
  const wasDenied = part.resets.some((reset) => reset.time > last.time && resetForm(reset, part) === 'answer');
  return { lasted, proof: wasDenied ? DENIED : isOverdue ? OVERDUE : undefined, retries: retriesBetween(lasted, lasted + wait * LATE) };
}

const OVERDUE = 'the next repetition was overdue when the capture ended: there is no socket left that would send it';
const DENIED = 'it met a later segment of its peer with a bare reset: there is no socket left';

/** The kernel gives up at the first expiry after this time, counted from the first repetition (tcp_model_timeout). */
function modelTimeout(retries: number): number {
  const doublings = Math.min(retries, MOST_DOUBLINGS);
  return SHORTEST_TIMEOUT * (2 ** (doublings + 1) - 1) + (retries - doublings) * LONGEST_TIMEOUT;
}

function retriesBetween(from: number, to: number): number | undefined {
  for (let retries = 1; retries < 64; retries++) {
    const timeout = modelTimeout(retries);
    if (timeout > from) return timeout <= to ? retries : undefined;
  }
  return undefined;
}

/**
 * Segments that a capture at the receiver shows to have arrived, and that it neither acknowledged nor SACKed: it was sent
 * them again. None when the capture was made elsewhere, and none when something else explains it.
 */
export function droppedOnArrival({ story, part, peer, alsoShows }: Case, kind: typeof RESENT_FAST | typeof RESENT_TIMEOUT): Moment[] {
  const isDamaged = part.damaged > 0;
  const isExplained =
    isDamaged ||
    isDeaf(story, peer) ||
    isRejectedByPeer({ story, part, peer }) ||
    isUntaken({ story, alsoShows }) ||
    alsoShows(timestampWentBack) !== undefined ||
    isDisturbed({ alsoShows });
  if (!story.isAt(peer) || isExplained) return [];
  const gone = peer.resets[0]?.frame ?? Number.POSITIVE_INFINITY; // what comes later met no socket, or somebody who answers in its name
  return sentBefore(part, kind).filter(({ frame }) => frame < gone);
}

/** Segments that were needed when they were sent again, and that had been captured before. */
export function sentBefore({ moments }: Part, kind: typeof RESENT_FAST | typeof RESENT_TIMEOUT): Moment[] {
  return moments.filter((moment) => kindOf(moment.verdict) === kind && !(moment.verdict & SPURIOUS) && moment.earlier !== undefined);
}

/** Of segments that were dropped on arrival: the receiver said nothing after one of them, not even a duplicate ACK. */
export function wasSilent(dropped: readonly Moment[], peer: Part): boolean {
  return dropped.some(({ earlier }) => {
    const since = earlier?.time ?? 0;
    return !peer.moments.some(({ time, lastTime }) => lastTime > since && time < since + SHORTEST_TIMEOUT);
  });
}

/** Something other than loss and delay makes this flow repeat itself: its repetitions tell nothing about the path. */
export function isDisturbed({ alsoShows }: Pick<Case, 'alsoShows'>): boolean {
  const isStrange = alsoShows(synStrangelyAnswered) !== undefined || alsoShows(timeWaitDisturbed)?.wasProvoked === true;
  return isStrange || (alsoShows(timestampWentBack)?.refused ?? 0) > 0 || alsoShows(tooBig) !== undefined;
}

/** The server did not take the connection when the client thought so, or never did. */
export function isUntaken({ story, alsoShows }: Pick<Case, 'story' | 'alsoShows'>): boolean {
  const wasIgnored = alsoShows(ignoredAfterHandshake) !== undefined || alsoShows(synAckRepeated) !== undefined;
  return wasIgnored || (story.server.syns.length > 0 && !story.isOpenedByServer);
}

/** What looks like the work of the timer came too early for it, although nothing was held up: it was a probe of the tail. */
export function isProbe(given: Case): boolean {
  const timeouts = given.part.moments.filter(({ verdict }) => kindOf(verdict) === RESENT_TIMEOUT);
  const isEarly =
    timeouts.length > 0 && timeouts.every(({ time, earlier }) => earlier !== undefined && time - earlier.time < SHORTEST_TIMEOUT * EARLY);
  return isEarly && (delayOf(given) ?? 0) === 0 && bunchedUp(given) === undefined;
}

/** What was repeated had first been sent with the SYN (Fast Open). */
export function isOfSyn({ part }: Case): boolean {
  const timeouts = part.moments.filter(({ verdict, flags }) => kindOf(verdict) === RESENT_TIMEOUT && !(flags & SYN));
  return timeouts.every(({ earlier }) => part.syns.some(({ frame }) => frame === earlier?.frame));
}

/**
 * How much later than the quickest its slowest segment arrived, by its own timestamps: 0 at the end where the capture was made. Undefined
 * when its clock is not known to tick a thousand times a second, as that of Linux does since 4.13.
 */
function heldUp({ looks }: Case, part: Part): number | undefined {
  const stamped = part.moments.filter(({ hasTimestamps, flags }) => hasTimestamps && !(flags & (SYN | RST)));
  const [first] = stamped;
  const { isLinux, since } = looks(part);
  if (first === undefined || stamped.length < 2 || !isLinux || since !== '4.20') return undefined;
  const trips = stamped.map(({ time, tsval }) => time - first.time - distance(tsval, first.tsval) * TICK);
  const spread = Math.max(...trips) - Math.min(...trips);
  return spread > HELD_UP ? spread : 0;
}

/**
 * How many segments of an end never came to the point of capture: Linux counts the IP ID up with each segment of a
 * connection. Undefined where that cannot be told: IPv6, other systems, a beginning that was not captured, a capture with gaps.
 */
export function missingOf({ looks, story }: Case, part: Part, peer: Part): number | undefined {
  if (story.parts.some(({ endpoint }) => endpoint.missedBytes > 0)) return undefined; // the capture has lost some itself
  const { family, segments, syns, transmissions, pace } = part.endpoint;
  if (family !== 4 || !looks(part).isLinux || syns !== 1 || segments > 50_000 || (pace?.largest ?? 0) > peer.endpoint.mss) return undefined;
  const start = part.moments.find(({ ipId, flags }) => ipId > 0 && !(flags & RST));
  const before = part.moments.filter(({ frame }) => start !== undefined && frame < start.frame).length;
  if (start === undefined || before > 1 || !isBeginning(part, start, before)) return undefined;
  let end = transmissions.end - 1;
  while (end >= transmissions.oldest && transmissions.ipIdOf(end) === 0) end--;
  if (end < transmissions.oldest) return undefined;
  const captured = segments - before - (transmissions.end - 1 - end);
  const missing = ((transmissions.ipIdOf(end) - start.ipId) & 0xffff) + 1 - captured;
  return missing >= 0 && missing <= captured + 16 ? missing : undefined;
}

/** The first IP ID is that of its SYN, or of what it sent next after a SYN-ACK, which carries none. */
function isBeginning({ moments }: Part, start: Moment, before: number): boolean {
  return before === 0 ? (start.flags & SYN) !== 0 : ((moments[0]?.flags ?? 0) & SYN) !== 0;
}

/**
 * The first acknowledgment after each repetition answers the first copy, by its timestamp, and reports nothing as received twice: not even the
 * repetition had arrived by then. So the first copy was late, or its acknowledgment; had all of these been lost, the D-SACK would be the first.
 */
export function wasAnsweredLate({ part, peer, story }: Case): boolean {
  if (story.flow.hasCutOptions || !part.endpoint.sackPermitted || !peer.endpoint.sackPermitted) return false;
  const needless = part.moments.filter(({ verdict, flags }) => kindOf(verdict) === RESENT_TIMEOUT && verdict & SPURIOUS && !(flags & SYN));
  return needless.length > 0 && needless.every((moment) => moment.needless?.by === 'echo');
}

/** The larger of what the segments of both ends were held up; undefined when a clock that would have to tell does not. */
export function delayOf(given: Case): number | undefined {
  const [there, back] = [heldUp(given, given.part), heldUp(given, given.peer)];
  const delay = Math.max(there ?? 0, back ?? 0);
  return delay === 0 && (there === undefined || back === undefined) ? undefined : delay;
}

/**
 * At the receiver: how soon after the first copy a repetition by the timer came, when that is sooner than any timer fires. The first was
 * held up then. Undefined elsewhere, and where the timestamps tell more.
 */
export function bunchedUp(given: Case): number | undefined {
  const { story, part, peer } = given;
  if (!story.isAt(peer) || delayOf(given) !== undefined) return undefined;
  const waits = part.moments
    .filter(({ verdict, flags }) => kindOf(verdict) === RESENT_TIMEOUT && verdict & SPURIOUS && !(flags & SYN))
    .map(({ time, earlier }) => time - (earlier?.time ?? 0));
  const soonest = Math.min(...waits);
  return soonest < SHORTEST_TIMEOUT * EARLY ? soonest : undefined;
}
