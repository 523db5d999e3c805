import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { type Basis, CLOSE_WAIT, CLOSED, ESTABLISHED, FIN_WAIT2, SYN_RECV, SYN_SENT, TIME_WAIT } from '../state.js';
import { runningTimer } from '../timers/running.js';
import type { RunningTimer } from '../timers/timer.js';
import { LATEST } from '../timers.js';
import { doubtAcceptance } from './opening.js';

/** The state of an end gives way to CLOSED although no segment shows it. Nanoseconds since the capture's epoch. */
export interface Expiry {
  readonly at: number;
  readonly basis: Basis;
  /** A capture that goes on until then proves it. */
  readonly provenAt: number;
  /** It must go on for longer: at that time something could still have been sent. */
  readonly isLater: boolean;
}

/**
 * What timers of the kernel have done to the states of a flow until `now`, although no segment shows it. `seenUntil`: the end of the
 * capture, when `now` is later; what was not sent after it may have been sent.
 */
export function expire(flow: Flow, seenUntil: number, now: number = seenUntil): void {
  doubtAcceptance(flow);
  expireAt(flow, flow.first, seenUntil, now);
  expireAt(flow, flow.second, seenUntil, now);
}

/** What is to become of an end that sends nothing more and is sent nothing more; undefined when its state lasts, or nobody can know. */
export function expiryOf(flow: Flow, endpoint: Endpoint): Expiry | undefined {
  const timer = runningTimer(flow, endpoint);
  return timer === undefined ? undefined : expiryBy(flow, endpoint, timer);
}

/** Whether a capture that ends `now` proves it. */
export function isProven({ provenAt, isLater }: Pick<Expiry, 'provenAt' | 'isLater'>, now: number): boolean {
  return isLater ? provenAt < now : provenAt <= now;
}

function expireAt(flow: Flow, endpoint: Endpoint, seenUntil: number, now: number): void {
  const timer = runningTimer(flow, endpoint);
  if (timer === undefined) return;
  const expiry = expiryBy(flow, endpoint, timer);
  if (expiry !== undefined && isProven(expiry, seenUntil)) flow.enter(endpoint, CLOSED, expiry.at, flow.lastFrame, expiry.basis, true);
  else if (now > seenUntil && timer.to <= now) flow.enter(endpoint, CLOSED, timer.to, flow.lastFrame, 'timer', true);
}

function expiryBy(flow: Flow, endpoint: Endpoint, timer: RunningTimer): Expiry | undefined {
  switch (endpoint.state) {
    case SYN_SENT:
      return givenUp(timer, 1, true);
    case SYN_RECV:
      return givenUp(timer, 1);
    case FIN_WAIT2:
    case TIME_WAIT:
      return { at: timer.to, basis: 'timer', provenAt: timer.to, isLater: false };
    case ESTABLISHED:
    case CLOSE_WAIT: // elsewhere what it sends can be lost before it gets here
      return timer.kind === 'keepalive' || !isNear(flow, endpoint) ? undefined : givenUp(timer, 3);
    default:
      return givenUp(timer, 2);
  }
}

/**
 * Nothing is sent any more: the next wait was the last one by the schedule, or it has passed, after `enough` transmissions. Before its schedule is
 * over an application may have closed it as well, where nothing is sent for that (`isSilent`).
 */
function givenUp({ repeats, nextAt, from, to }: RunningTimer, enough: number, isSilent = false): Expiry | undefined {
  if (repeats === undefined || repeats.count < enough) return undefined;
  const isComplete = from <= nextAt && to <= nextAt;
  const grace = (nextAt - repeats.last) * (LATEST - 1);
  const basis = isSilent && nextAt < from ? 'inferred' : 'timer';
  return { at: nextAt, basis, provenAt: isComplete ? Number.NEGATIVE_INFINITY : nextAt + grace, isLater: true };
}

function isNear(flow: Flow, endpoint: Endpoint): boolean {
  return flow.delayTo(endpoint) < flow.delayTo(flow.peer(endpoint));
}
