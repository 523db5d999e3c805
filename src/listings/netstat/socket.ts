import type { Endpoint } from '../../flow/endpoint.js';
import type { Flow } from '../../flow/flow.js';
import { mixed } from '../../flow/memory/secret.js';
import { type Basis, ESTABLISHED, isOpen, type State, UNKNOWN } from '../../flow/state.js';
import type { Side } from '../../flow/timeline.js';
import { unacknowledged } from '../../flow/timers/retransmission.js';
import { runningTimer, synAckTimer } from '../../flow/timers/running.js';
import type { RunningTimer } from '../../flow/timers/timer.js';
import { addressHash, hostText, socketText } from '../../hosts/address.js';
import { type Change, changesUntil, type History } from '../history.js';

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
  readonly side: Side;
  readonly host: string;
  readonly local: string;
  /** The local one. */
  readonly port: number;
  readonly peer: string;
  readonly isClient: boolean;
  /** The same number for all sockets of a host towards the same one of its peers; others can have it too. */
  readonly pair: number;
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

/** `end`: of the capture. `replacedAt`: another connection between the same two ports ends what is left of this one. */
export function socketOf(history: History, side: Side, end: number, replacedAt: number): Socket {
  const { stream, ends, client } = history;
  const [own, peer] = side === 0 ? ends : [ends[1], ends[0]];
  const stays = staysOf(changesUntil(end, history), side);
  if (isLeftOpen(history, side)) for (const stay of stays) stay.to = Math.min(stay.to, replacedAt);
  return {
    stream,
    side,
    host: hostText(own),
    local: socketText(own),
    port: own.port,
    peer: socketText(peer),
    isClient: side === client,
    pair: mixed(mixed(addressHash(own), addressHash(peer)), peer.port),
    stays,
  };
}

/** When a socket was there for the first time; undefined when it never was, as far as the capture shows. */
export function birthOf({ changes }: History, side: Side): number | undefined {
  const first = changes.find((change) => change.side === side && isOpen(change.to));
  return first === undefined ? undefined : beginOf(first);
}

/** No segment shows its end. */
function isLeftOpen({ changes }: History, side: Side): boolean {
  const last = changes.findLast((change) => change.side === side);
  return last !== undefined && isOpen(last.to);
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

/** When a socket was there for the last time; minus infinity when it never was. */
export function endOf({ stays }: Socket): number {
  return stays.at(-1)?.to ?? Number.NEGATIVE_INFINITY;
}

function staysOf(changes: readonly Change[], side: Side): Stay[] {
  const stays: Stay[] = [];
  for (const change of changes) {
    if (change.side !== side) continue;
    const last = stays.at(-1);
    if (last !== undefined) last.to = Math.min(last.to, change.at);
    if (isOpen(change.to)) stays.push({ state: change.to, from: beginOf(change), to: Number.POSITIVE_INFINITY, basis: change.basis });
  }
  return stays;
}

/** It was there before where its handshake was not captured. */
function beginOf({ from, to, at }: Change): number {
  return from === UNKNOWN && to === ESTABLISHED ? Number.NEGATIVE_INFINITY : at;
}
