import type { Capture } from '../capture/capture.js';
import { secondsText } from '../capture/time.js';
import type { Flow } from '../flow/flow.js';
import { expire } from '../flow/state/expiry.js';
import { type Basis, STATE_NAMES } from '../flow/state.js';
import { type Follower, follow } from '../follow.js';
import { socketText } from '../hosts/address.js';

/** One end of a conversation changes its state. */
export interface StateRow {
  /** Seconds since 1970, with nine decimals. */
  time: string;
  stream: number;
  side: 'client' | 'server';
  /** IP:port or [IPv6]:port, as `peer`. */
  address: string;
  peer: string;
  from: string;
  to: string;
  /** The frame that shows it. */
  frame: number;
  basis: Basis;
}

/** What every end of every conversation lived through, conversation by conversation. */
export async function listStates(capture: Capture): Promise<Iterable<StateRow>> {
  const flows = new Flows();
  const { lastTime } = await follow(capture, flows);
  for (const flow of flows.all) expire(flow, lastTime);
  return rows(flows.all, capture.epoch);
}

function* rows(flows: readonly Flow[], epoch: number): Generator<StateRow, void, void> {
  for (const flow of flows.toSorted((a, b) => a.stream - b.stream)) yield* rowsOf(flow, epoch);
}

class Flows implements Follower {
  readonly all: Flow[] = [];

  over(flow: Flow): void {
    this.all.push(flow);
  }
}

function* rowsOf(flow: Flow, epoch: number): Generator<StateRow, void, void> {
  for (const { side, at, from, to, frame, basis } of flow.timeline.transitions) {
    const endpoint = side === flow.first.side ? flow.first : flow.second;
    yield {
      time: secondsText(epoch, at),
      stream: flow.stream,
      side: endpoint === flow.client ? 'client' : 'server',
      address: socketText(endpoint),
      peer: socketText(flow.peer(endpoint)),
      from: STATE_NAMES[from] ?? '',
      to: STATE_NAMES[to] ?? '',
      frame,
      basis,
    };
  }
}
