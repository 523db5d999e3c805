import type { Capture } from '../capture/capture.js';
import { secondsText } from '../capture/time.js';
import type { Flow } from '../flow/flow.js';
import { type Basis, STATE_NAMES } from '../flow/state.js';
import { type FollowOptions, follow } from '../follow.js';
import { socketText } from '../hosts/address.js';
import { Histories } from './histories.js';
import { changesUntil, type History, historyOf } from './history.js';

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
  const histories = new Histories();
  const over = (flow: Flow, now: number): void => histories.add(historyOf(flow, now));
  const { lastTime, firstTime } = await follow(capture, { over }, options);
  const origin = capture.isAnonymous ? firstTime : 0; // not even the fraction of the first second tells the time
  return rows(histories, lastTime, (time) => secondsText(capture.epoch, time - origin));
}

function* rows(histories: Iterable<History>, end: number, timeText: (time: number) => string): Generator<StateRow, void, void> {
  for (const history of histories) {
    const { stream, ends, client } = history;
    const [first, second] = ends.map(socketText) as [string, string];
    for (const { side, at, from, to, frame, basis } of changesUntil(end, history)) {
      yield {
        time: timeText(at),
        stream,
        side: side === client ? 'client' : 'server',
        address: side === 0 ? first : second,
        peer: side === 0 ? second : first,
        from: STATE_NAMES[from] ?? '',
        to: STATE_NAMES[to] ?? '',
        frame,
        basis,
      };
    }
  }
}
