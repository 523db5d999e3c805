import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { CLOSE_WAIT, CLOSED, ESTABLISHED, FIN_WAIT2, SYN_RECV, SYN_SENT, TIME_WAIT } from '../state.js';
import { runningTimer } from '../timers/running.js';
import type { RunningTimer } from '../timers/timer.js';
import { LATEST } from '../timers.js';

/**
 * What timers of the kernel have done to the states of a flow until `now`, although no segment shows it. `seenUntil`: the end of the
 * capture, when `now` is later; what was not sent after it may have been sent.
 */
export function expire(flow: Flow, seenUntil: number, now: number = seenUntil): void {
  expireAt(flow, flow.first, seenUntil, now);
  expireAt(flow, flow.second, seenUntil, now);
}

function expireAt(flow: Flow, endpoint: Endpoint, seenUntil: number, now: number): void {
  const timer = runningTimer(flow, endpoint);
  if (timer === undefined) return;
  const byDefault = now > seenUntil && timer.to <= now ? timer.to : undefined;
  const at = expiryOf(flow, endpoint, timer, seenUntil) ?? byDefault;
  // Before its schedule is over an application may have closed it as well: nothing is sent for that.
  const basis = endpoint.state === SYN_SENT && at !== undefined && at < timer.from ? 'inferred' : 'timer';
  if (at !== undefined) flow.enter(endpoint, CLOSED, at, flow.lastFrame, basis, true);
}

/** When the state that the endpoint is in has ended by itself; undefined when it has not, or nobody can know. */
function expiryOf(flow: Flow, endpoint: Endpoint, timer: RunningTimer, now: number): number | undefined {
  switch (endpoint.state) {
    case SYN_SENT:
    case SYN_RECV:
      return givenUp(timer, 1, now);
    case FIN_WAIT2:
    case TIME_WAIT:
      return timer.to <= now ? timer.to : undefined;
    case ESTABLISHED:
    case CLOSE_WAIT: // elsewhere what it sends can be lost before it gets here
      return timer.kind === 'keepalive' || !isNear(flow, endpoint) ? undefined : givenUp(timer, 3, now);
    default:
      return givenUp(timer, 2, now);
  }
}

/** Nothing is sent any more: the next wait was the last one by the schedule, or it has passed, after `enough` transmissions. */
function givenUp({ repeats, nextAt, from, to }: RunningTimer, enough: number, now: number): number | undefined {
  if (repeats === undefined || repeats.count < enough) return undefined;
  const isComplete = from <= nextAt && to <= nextAt;
  const grace = (nextAt - repeats.last) * (LATEST - 1);
  return isComplete || nextAt + grace < now ? nextAt : undefined;
}

function isNear(flow: Flow, endpoint: Endpoint): boolean {
  return flow.delayTo(endpoint) < flow.delayTo(flow.peer(endpoint));
}
