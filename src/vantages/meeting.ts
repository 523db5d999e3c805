import type { Flow } from '../flow/flow.js';
import { type Clock, estimateClock, nearTime } from './clock.js';
import { type Conversation, conversationOf, opposite, reversed, type Times } from './conversation.js';
import type { CommonTime } from './cover.js';
import type { Point } from './hull.js';
import { lonely } from './lonely.js';
import { type Matching, match } from './match.js';
import { type Pairing, pairFlows } from './pairing.js';
import type { Passage } from './passage.js';
import type { Recorded } from './recorded.js';
import { sendersOf } from './senders.js';

/** Two captures of the same conversations: how their clocks differ, and what became of every segment between the two points. */
export interface Meeting {
  readonly one: Recorded;
  readonly other: Recorded;
  /** The one is the near side, the other the far one. */
  readonly clock: Clock;
  readonly met: readonly Met[];
}

/** One conversation between the two points. */
export interface Met {
  /** As the one shows it and as the other does, each with the endpoint (0 first, 1 second) that sends from the one to the other. */
  readonly pairing?: Pairing;
  readonly one: Seen | undefined;
  readonly other: Seen | undefined;
  /** From the one to the other, and back. */
  readonly ways: readonly [Way, Way];
}

export interface Seen {
  readonly flow: Flow;
  readonly sender: 0 | 1;
}

/** One direction of it. */
export interface Way {
  readonly passage: Passage;
  readonly matching: Matching;
  /** On the one's clock. */
  readonly time: CommonTime;
}

/** Undefined when the two have no conversation in common. */
export function meet(one: Recorded, other: Recorded): Meeting | undefined {
  const conversations = pairFlows(one.trace, other.trace).map((pairing) => conversationOf(pairing, one, other));
  if (conversations.length === 0) return undefined;
  const senders = sendersOf(conversations, one);
  const clock = clockOf(conversations, senders);
  const earliest = clock.basis === 'both ways' ? clock.uncertainty : 0;
  const toOther: CommonTime = { sent: (time) => time, arrived: (time) => nearTime(clock, time) };
  const toOne: CommonTime = { sent: (time) => nearTime(clock, time), arrived: (time) => time };
  const ways = (out: Passage, back: Passage): [Way, Way] => [
    { passage: out, time: toOther, matching: match(out, toOther, earliest) },
    { passage: back, time: toOne, matching: match(back, toOne, earliest) },
  ];
  const met = conversations.map(({ pairing, sides }, i) => {
    const sender = senders[i] as 0 | 1;
    return {
      pairing,
      one: { flow: one.trace.flows[pairing.one] as Flow, sender },
      other: { flow: other.trace.flows[pairing.other] as Flow, sender: pairing.isCrossed ? opposite(sender) : sender },
      ways: ways(sides[sender], reversed(sides[opposite(sender)])),
    };
  });
  const joined = (streams: (pairing: Pairing) => number[]): Set<number> => new Set(conversations.flatMap(({ pairing }) => streams(pairing)));
  const onlyOne = lonely(
    one.trace,
    met.map((each) => ({ ...each.one, twin: each.other.flow })),
    joined((each) => [each.one, ...each.alsoOne]),
  ).map(({ stream, sender }): Met => {
    const side = (k: 0 | 1): Passage => solitary(one, other, stream * 2 + k);
    return { one: { flow: one.trace.flows[stream] as Flow, sender }, other: undefined, ways: ways(side(sender), reversed(side(opposite(sender)))) };
  });
  const onlyOther = lonely(
    other.trace,
    met.map((each) => ({ ...each.other, twin: each.one.flow })),
    joined((each) => [each.other, ...each.alsoOther]),
  ).map(({ stream, sender }): Met => {
    const side = (k: 0 | 1): Passage => solitary(other, one, stream * 2 + k);
    return { one: undefined, other: { flow: other.trace.flows[stream] as Flow, sender }, ways: ways(reversed(side(sender)), side(opposite(sender))) };
  });
  return { one, other, clock, met: [...met, ...onlyOne, ...onlyOther] };
}

function solitary({ trace, lanes }: Recorded, { trace: down }: Recorded, lane: number): Passage {
  return { up: trace, down, ups: lanes.of(lane), downs: new Int32Array(0), seqShift: 0, ackShift: 0 };
}

function clockOf(conversations: readonly Conversation[], senders: readonly (0 | 1)[]): Clock {
  const away = conversations.flatMap(({ certain }, i) => certain[senders[i] as 0 | 1]);
  const back = conversations.flatMap(({ certain }, i) => certain[opposite(senders[i] as 0 | 1)]);
  return estimateClock(
    fastest(away, (y, best) => y < best),
    fastest(back, (y, best) => y > best),
  );
}

/** Time is cut into so many pieces; only the fastest segment of each says something about the clocks. */
const PIECES = 8192;

function fastest(times: readonly Times[], isFaster: (y: number, best: number) => boolean): Point[] {
  const first = times.reduce((least, { one }) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, { one }) => Math.max(most, one), Number.NEGATIVE_INFINITY);
  const found = new Map<number, Point>();
  for (const { one, other } of times) {
    const piece = Math.floor(((one - first) / Math.max(last - first, 1)) * PIECES);
    const best = found.get(piece);
    if (best === undefined || isFaster(other - one, best.y)) found.set(piece, { x: one, y: other - one });
  }
  return [...found.values()];
}
