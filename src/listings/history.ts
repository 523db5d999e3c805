import type { Flow } from '../flow/flow.js';
import { type Expiry, expiryOf, isProven } from '../flow/state/expiry.js';
import { doubtAcceptance } from '../flow/state/opening.js';
import { CLOSED } from '../flow/state.js';
import { MOST_TRANSITIONS } from '../flow/timeline/transitions.js';
import type { Side, Transition } from '../flow/timeline.js';
import type { Address } from '../hosts/address.js';

/** A change of state of one end. */
export type Change = Omit<Transition, 'isAssumed'>;

/** The change that a capture proves if it goes on for long enough without another word of the conversation. */
export interface Expected extends Pick<Expiry, 'provenAt' | 'isLater'> {
  readonly change: Change;
}

export type End = Address & { readonly port: number };

/** What the states of a conversation need when all else of it is gone. */
export interface History {
  readonly stream: number;
  /** The one that sent the first segment, and its peer. */
  readonly ends: readonly [End, End];
  readonly client: Side;
  /** In the order of time. */
  readonly changes: readonly Change[];
  readonly expected: readonly Expected[];
}

/** `now`: up to then it was followed, whether or not the capture goes on. */
export function historyOf(flow: Flow, now: number): History {
  doubtAcceptance(flow);
  const { stream, first, second, client, timeline, lastFrame: frame, givenUpAt } = flow;
  const expected = [first, second].flatMap((endpoint): Expected[] => {
    const expiry = expiryOf(flow, endpoint);
    if (expiry === undefined || (Number.isFinite(givenUpAt) && !isProven(expiry, now))) return [];
    const { at, basis, provenAt, isLater } = expiry;
    return [{ change: { side: endpoint.side, at, frame, from: endpoint.state, to: CLOSED, basis }, provenAt, isLater }];
  });
  return { stream, ends: [first, second], client: client.side, changes: timeline.transitions, expected };
}

/** What has changed until the end of the capture, in the order of time. */
export function changesUntil(end: number, { changes, expected }: History): readonly Change[] {
  let all = changes;
  for (const { change } of expected.filter((one) => isProven(one, end))) {
    if (all.length >= MOST_TRANSITIONS) break;
    const { side, at } = change;
    all = [...all.map((earlier) => (earlier.side === side && earlier.at > at ? { ...earlier, at } : earlier)), change];
  }
  return all === changes ? changes : all.toSorted((a, b) => a.at - b.at);
}
