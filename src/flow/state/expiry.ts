import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { CLOSED, FIN_WAIT1, FIN_WAIT2, LAST_ACK, SYN_RECV, SYN_SENT, TIME_WAIT } from '../state.js';
import { FIN_TIMEOUT, giveUpAfterFin, giveUpAfterSyn, giveUpAfterSynAck, TIME_WAIT_LENGTH } from '../timers.js';

/** What timers of the kernel have done to the states of a flow until `now`, although no segment shows it. */
export function expire(flow: Flow, now: number): void {
  expireAt(flow, flow.first, now);
  expireAt(flow, flow.second, now);
}

function expireAt(flow: Flow, endpoint: Endpoint, now: number): void {
  const at = expiryOf(endpoint, now);
  if (at !== undefined) flow.enter(endpoint, CLOSED, at, flow.lastFrame, 'timer', true);
}

/** When the state that the endpoint is in has ended by itself; undefined when it has not, or nobody can know. */
function expiryOf(endpoint: Endpoint, now: number): number | undefined {
  switch (endpoint.state) {
    case SYN_SENT:
      return giveUpAfterSyn(endpoint.synRepeats, now);
    case SYN_RECV:
      return giveUpAfterSynAck(endpoint.synRepeats, now);
    case FIN_WAIT1:
    case LAST_ACK:
      return giveUpAfterFin(endpoint.finRepeats, now);
    case FIN_WAIT2:
      return past(endpoint.stateTime + FIN_TIMEOUT, now);
    case TIME_WAIT:
      return past(Math.max(endpoint.stateTime, endpoint.lastTime) + TIME_WAIT_LENGTH, now);
    default:
      return undefined;
  }
}

function past(time: number, now: number): number | undefined {
  return time <= now ? time : undefined;
}
