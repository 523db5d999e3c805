import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { CLOSE_WAIT, CLOSING, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, LAST_ACK, SYN_RECV, SYN_SENT, TIME_WAIT } from '../state.js';
import { FIN_TIMEOUT, TIME_WAIT_LENGTH } from '../timers.js';
import { keepAliveTimer, persistTimer } from './asking.js';
import { retransmissionTimer } from './retransmission.js';
import { endOf, type Schedule, SYN_ACK_SCHEDULES, SYN_SCHEDULES, schedulesOf, waitAfter } from './schedules.js';
import { OPEN, ORPHAN, type RunningTimer } from './timer.js';

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
      return persistTimer(flow, endpoint, ORPHAN) ?? retransmissionTimer(flow, endpoint, ORPHAN);
    case ESTABLISHED:
    case CLOSE_WAIT:
      return persistTimer(flow, endpoint, OPEN) ?? retransmissionTimer(flow, endpoint, OPEN) ?? keepAliveTimer(flow, endpoint);
    default:
      return undefined;
  }
}

/** The timer that runs at a server that got no acknowledgment of its SYN-ACK, or ignores it, whatever state it is taken to be in. */
export function synAckTimer(endpoint: Endpoint): RunningTimer | undefined {
  return endpoint.segments === endpoint.syns ? handshakeTimer(endpoint, SYN_ACK_SCHEDULES, 'forgotten', 'tcp_synack_retries') : undefined;
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
