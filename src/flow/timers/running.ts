import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { CLOSE_WAIT, CLOSING, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, LAST_ACK, SYN_RECV, SYN_SENT, TIME_WAIT } from '../state.js';
import {
  DATA_RETRIES,
  FIN_TIMEOUT,
  firstFiringAfter,
  KEEP_ALIVE_PROBES,
  modelTimeout,
  nextWait,
  ORPHAN_RETRIES,
  type Repeats,
  SHORTEST_TIMEOUT,
  TIME_WAIT_LENGTH,
} from '../timers.js';
import { KEEP_ALIVE_PROBE, kindOf, RESENT_FIN, RESENT_PROBE, RESENT_TIMEOUT, type Verdict, WINDOW_PROBE } from '../verdict.js';
import { endOf, type Schedule, SYN_ACK_SCHEDULES, SYN_SCHEDULES, schedulesOf, waitAfter } from './schedules.js';

/** Names as `ss -o` has them. */
export type TimerKind = 'on' | 'persist' | 'keepalive' | 'timewait';

/** A timer that runs at one end. Times in nanoseconds since the capture's epoch, by the kernel's defaults. */
export interface RunningTimer {
  readonly kind: TimerKind;
  /** What was sent, and how often; undefined when the timer only waits. */
  readonly repeats: Repeats | undefined;
  /** How often it has fired since the other end was heard: what `ss` shows as the third figure. */
  readonly fired: number;
  /** When it fires next. */
  readonly nextAt: number;
  /** When the kernel gives up, at the soonest and at the latest; never as long as the peer answers, or nobody knows: infinity. */
  readonly from: number;
  readonly to: number;
  /** What happens then. */
  readonly outcome: 'ETIMEDOUT' | 'given up' | 'forgotten' | 'over';
  /** The setting that decides. */
  readonly setting: string;
}

/** The timer that the state of an end and what it has sent in vain imply; undefined when none is known to run. */
export function runningTimer(flow: Flow, endpoint: Endpoint): RunningTimer | undefined {
  switch (endpoint.state) {
    case SYN_SENT:
      return handshakeTimer(endpoint, SYN_SCHEDULES, 'ETIMEDOUT', 'tcp_syn_retries');
    case SYN_RECV:
      return handshakeTimer(endpoint, SYN_ACK_SCHEDULES, 'forgotten', 'tcp_synack_retries');
    case FIN_WAIT2:
      return isHalfClosed(flow, endpoint)
        ? undefined
        : waitingTimer(endpoint.stateTime + FIN_TIMEOUT, 'tcp_fin_timeout, if it is closed and not only shut down');
    case TIME_WAIT:
      return waitingTimer(Math.max(endpoint.stateTime, endpoint.lastTime) + TIME_WAIT_LENGTH, 'TCP_TIMEWAIT_LEN');
    case FIN_WAIT1:
    case CLOSING:
    case LAST_ACK:
      return persistTimer(flow, endpoint, ORPHAN) ?? dataTimer(flow, endpoint, ORPHAN);
    case ESTABLISHED:
    case CLOSE_WAIT:
      return persistTimer(flow, endpoint, OPEN) ?? dataTimer(flow, endpoint, OPEN) ?? keepAliveTimer(flow, endpoint);
    default:
      return undefined;
  }
}

/** How often something is sent in vain, and who is told then. */
interface Patience extends Pick<RunningTimer, 'setting' | 'outcome'> {
  readonly retries: number;
}

const OPEN: Patience = { retries: DATA_RETRIES, setting: 'tcp_retries2', outcome: 'ETIMEDOUT' };
const ORPHAN: Patience = { retries: ORPHAN_RETRIES, setting: 'tcp_orphan_retries, if it is closed and not only shut down', outcome: 'given up' };

/** The timer that runs at a server that got no acknowledgment of its SYN-ACK, or ignores it, whatever state it is taken to be in. */
export function synAckTimer(endpoint: Endpoint): RunningTimer | undefined {
  return endpoint.segments === endpoint.syns ? handshakeTimer(endpoint, SYN_ACK_SCHEDULES, 'forgotten', 'tcp_synack_retries') : undefined;
}

/** Bytes and a FIN that the end has sent and nobody has acknowledged. */
export function unacknowledged({ sndNxt, sndUna, segments }: Endpoint): number {
  return segments === 0 ? 0 : Math.max((sndNxt - sndUna) | 0, 0);
}

/** It takes data after its own FIN: the application has only shut down one direction, and waits as long as it likes. */
function isHalfClosed(flow: Flow, endpoint: Endpoint): boolean {
  const { lastDataTime, sndUnaTime } = flow.peer(endpoint);
  return lastDataTime > endpoint.finRepeats.first && sndUnaTime > lastDataTime;
}

function handshakeTimer(endpoint: Endpoint, all: readonly Schedule[], outcome: RunningTimer['outcome'], setting: string): RunningTimer | undefined {
  const { synRepeats } = endpoint;
  if (synRepeats.count === 0) return undefined;
  const repeats = { ...synRepeats };
  const fitting = schedulesOf(repeats, all);
  const ends = fitting.map((schedule) => endOf(schedule, repeats));
  const nextAt = repeats.last + waitAfter(repeats, fitting);
  const [from, to] = ends.length === 0 ? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] : [Math.min(...ends), Math.max(...ends)];
  return { kind: 'on', repeats, fired: repeats.count - 1, nextAt, from, to, outcome, setting };
}

function waitingTimer(at: number, setting: string): RunningTimer {
  return { kind: 'timewait', repeats: undefined, fired: 0, nextAt: at, from: at, to: at, outcome: 'over', setting };
}

/** The retransmission timer: runs while something is unacknowledged. */
function dataTimer(flow: Flow, endpoint: Endpoint, { retries, setting, outcome }: Patience): RunningTimer | undefined {
  const sent = unacknowledged(endpoint) === 0 ? [] : sentInVain(endpoint);
  const [first, second] = sent;
  if (first === undefined) return undefined;
  const repeats = repeatsOf(sent.map(({ time }) => time));
  const fired = sent.slice(1).filter(({ frame }, i) => wasFired(flow, endpoint, frame, i === 0)).length;
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

/** Every transmission of the first byte that is not acknowledged. */
function sentInVain({ transmissions, sndUna }: Endpoint): { time: number; frame: number }[] {
  const sent: { time: number; frame: number }[] = [];
  for (let position = transmissions.firstUnacknowledged; position < transmissions.end; position++) {
    const carries = transmissions.seqOf(position) === sndUna && transmissions.endOf(position) !== sndUna;
    if (carries) sent.push({ time: transmissions.timeOf(position), frame: transmissions.frameOf(position) });
  }
  return sent;
}

/** The retransmission timer sent it: it is no tail loss probe, which comes before and needs SACK, and the receiver did not ask for it. */
function wasFired(flow: Flow, endpoint: Endpoint, frame: number, isFirst: boolean): boolean {
  const kind = kindOf(flow.timeline.moments.findLast((moment) => moment.frame === frame)?.verdict ?? 0);
  const isProbe = isFirst && endpoint.sackPermitted && flow.peer(endpoint).sackPermitted;
  return kind === RESENT_TIMEOUT || (kind === RESENT_FIN && !isProbe);
}

/** Asks a receiver without room; it goes on for ever as long as that answers. */
function persistTimer(flow: Flow, endpoint: Endpoint, { retries, setting, outcome }: Patience): RunningTimer | undefined {
  const peer = flow.peer(endpoint);
  const { closedWindow } = peer;
  if (!closedWindow?.isClosed) return undefined;
  const probes = probesSince(flow, endpoint, WINDOW_PROBE, closedWindow.since);
  if (probes.length === 0) return undefined;
  const repeats = repeatsOf(probes);
  const next = nextWait(repeats, SHORTEST_TIMEOUT + endpoint.roundTrips.smoothed);
  const inVain = probes.filter((time) => time > peer.lastTime);
  const isAnswered = inVain.length === 0;
  const at = isAnswered ? Number.POSITIVE_INFINITY : firstFiringAfter(inVain[0] ?? 0, modelTimeout(retries), repeats.last, next);
  return { kind: 'persist', repeats, fired: inVain.length, nextAt: repeats.last + next, from: at, to: at, outcome, setting };
}

/** Asks an idle peer; only probes that were seen prove that the application wants that (SO_KEEPALIVE). */
function keepAliveTimer(flow: Flow, endpoint: Endpoint): RunningTimer | undefined {
  const { lastTime } = flow.peer(endpoint);
  const probes = probesSince(flow, endpoint, KEEP_ALIVE_PROBE, 0);
  const inVain = probes.filter((time) => time > lastTime);
  if (inVain.length === 0) return idleTimer(probes, lastTime);
  if (inVain.length === 1) return undefined; // the interval shows between two
  const repeats = repeatsOf(inVain);
  const nextAt = repeats.last + repeats.lastGap;
  const end = Math.max(repeats.first + KEEP_ALIVE_PROBES * repeats.lastGap, nextAt);
  return { kind: 'keepalive', repeats, fired: inVain.length, nextAt, from: end, to: end, outcome: 'ETIMEDOUT', setting: 'tcp_keepalive_probes' };
}

/** All probes were answered: the next one comes as long after the last word of the peer as the others did (tcp_keepalive_timer()). */
function idleTimer(probes: readonly number[], heardAt: number): RunningTimer | undefined {
  if (probes.length < 2) return undefined;
  const idle = Math.min(...probes.slice(1).map((time, i) => time - (probes[i] ?? time)));
  const never = Number.POSITIVE_INFINITY;
  const times = { nextAt: heardAt + idle, from: never, to: never };
  return { kind: 'keepalive', repeats: undefined, fired: 0, ...times, outcome: 'ETIMEDOUT', setting: 'tcp_keepalive_time' };
}

function probesSince(flow: Flow, endpoint: Endpoint, kind: Verdict, since: number): number[] {
  return flow.timeline.moments.filter((moment) => isOf(moment, endpoint) && moment.verdict === kind && moment.time > since).map(({ time }) => time);
}

function isOf({ side }: { side: number }, endpoint: Endpoint): boolean {
  return side === endpoint.side;
}

function repeatsOf(times: readonly number[]): Repeats {
  const last = times.at(-1) ?? 0;
  return { count: times.length, first: times[0] ?? 0, last, lastGap: last - (times.at(-2) ?? last) };
}
