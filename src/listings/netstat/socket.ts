import type { Endpoint } from '../../flow/endpoint.js';
import type { Flow } from '../../flow/flow.js';
import { type Basis, ESTABLISHED, isOpen, type State, UNKNOWN } from '../../flow/state.js';
import { unacknowledged } from '../../flow/timers/retransmission.js';
import { runningTimer, synAckTimer } from '../../flow/timers/running.js';
import type { RunningTimer } from '../../flow/timers/timer.js';
import { hostText, socketText } from '../../hosts/address.js';

/** A state that a socket was in, [from, to) in nanoseconds since the capture's epoch. */
export interface Stay {
  readonly state: State;
  readonly from: number;
  to: number;
  readonly basis: Basis;
}

/** One end of a connection, as `ss` lists it: what it lived through, without the times when it did not exist. */
export interface Socket {
  readonly stream: number;
  readonly host: string;
  readonly local: string;
  /** The local one. */
  readonly port: number;
  readonly peer: string;
  readonly isClient: boolean;
  readonly stays: readonly Stay[];
}

/** What a socket has to do at a moment. */
export interface Figures {
  readonly state: State;
  /** Bytes that it has sent and nobody has acknowledged, SYN and FIN counted. What waits to be sent cannot be seen. */
  readonly queued: number;
  readonly timer: RunningTimer | undefined;
  /** What runs if it turns out later that the handshake was not over. */
  readonly synAckTimer: RunningTimer | undefined;
}

export function socketOf(flow: Flow, endpoint: Endpoint): Socket {
  return {
    stream: flow.stream,
    host: hostText(endpoint),
    local: socketText(endpoint),
    port: endpoint.port,
    peer: socketText(flow.peer(endpoint)),
    isClient: endpoint === flow.client,
    stays: staysOf(flow, endpoint),
  };
}

export function figuresOf(flow: Flow, endpoint: Endpoint): Figures {
  return {
    state: endpoint.state,
    queued: unacknowledged(endpoint),
    timer: runningTimer(flow, endpoint),
    synAckTimer: endpoint.state === ESTABLISHED ? synAckTimer(endpoint) : undefined,
  };
}

export function stayAt({ stays }: Socket, time: number): Stay | undefined {
  return stays.find(({ from, to }) => from <= time && time < to);
}

function staysOf(flow: Flow, { side }: Endpoint): Stay[] {
  const stays: Stay[] = [];
  for (const { side: of, at, from, to: state, basis } of flow.timeline.transitions) {
    if (of !== side) continue;
    const last = stays.at(-1);
    if (last !== undefined) last.to = Math.min(last.to, at);
    const wasThereBefore = from === UNKNOWN && state === ESTABLISHED; // its handshake was not captured
    if (isOpen(state)) stays.push({ state, from: wasThereBefore ? Number.NEGATIVE_INFINITY : at, to: Number.POSITIVE_INFINITY, basis });
  }
  return stays;
}
