import type { Capture } from '../capture/capture.js';
import { secondsText } from '../capture/time.js';
import type { Flow } from '../flow/flow.js';
import { expire } from '../flow/state/expiry.js';
import { type Basis, STATE_NAMES } from '../flow/state.js';
import { type Follower, type FollowOptions, follow } from '../follow.js';
import { socketText } from '../hosts/address.js';

/** One end of a conversation changes its state. */
export interface StateRow {
  /** Seconds since 1970, with nine decimals; since the first frame when nobody is to know. */
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
export async function listStates(capture: Capture, options: FollowOptions = {}): Promise<Iterable<StateRow>> {
  const flows = new Flows();
  const { lastTime, firstTime } = await follow(capture, flows, options);
  for (const flow of flows.all) expire(flow, Math.min(lastTime, flow.givenUpAt));
  const origin = capture.isAnonymous ? firstTime : 0; // not even the fraction of the first second tells the time
  return rows(flows.all, (time) => secondsText(capture.epoch, time - origin));
}

function* rows(flows: readonly Flow[], timeText: (time: number) => string): Generator<StateRow, void, void> {
  for (const flow of flows.toSorted((a, b) => a.stream - b.stream)) yield* rowsOf(flow, timeText);
}

class Flows implements Follower {
  readonly all: Flow[] = [];

  over(flow: Flow): void {
    flow.settle();
    this.all.push(flow);
  }
}

function* rowsOf(flow: Flow, timeText: (time: number) => string): Generator<StateRow, void, void> {
  for (const { side, at, from, to, frame, basis } of flow.timeline.transitions) {
    const endpoint = side === flow.first.side ? flow.first : flow.second;
    yield {
      time: timeText(at),
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
