import { begunMidstream } from './capture/begun-midstream.js';
import { capturedTwice } from './capture/captured-twice.js';
import { cutShort } from './capture/cut-short.js';
import { endedEarly } from './capture/ended-early.js';
import { offloadSegments } from './capture/offload-segments.js';
import { oneDirectionOnly } from './capture/one-direction-only.js';
import { packetsMissed } from './capture/packets-missed.js';
import { aborted } from './closing/aborted.js';
import { abortedTogether } from './closing/aborted-together.js';
import { closeMissing } from './closing/close-missing.js';
import { dataAfterClose } from './closing/data-after-close.js';
import { finRepeated } from './closing/fin-repeated.js';
import { finUnacknowledged } from './closing/fin-unacknowledged.js';
import { lateFinReset } from './closing/late-fin-reset.js';
import { resetAnswered } from './closing/reset-answered.js';
import { simultaneousClose } from './closing/simultaneous-close.js';
import { timeWaitDisturbed } from './closing/time-wait-disturbed.js';
import { timeWaitsPileUp } from './closing/time-waits-pile-up.js';
import { connectionRefused } from './handshake/connection-refused.js';
import { connectionRejected } from './handshake/connection-rejected.js';
import { halfOpenPile } from './handshake/half-open-pile.js';
import { handshakeAckReset } from './handshake/handshake-ack-reset.js';
import { ignoredAfterHandshake } from './handshake/ignored-after-handshake.js';
import { olderTimestampsIgnored } from './handshake/older-timestamps-ignored.js';
import { optionsWithheld } from './handshake/options-withheld.js';
import { portsUsedUp } from './handshake/ports-used-up.js';
import { simultaneousOpen } from './handshake/simultaneous-open.js';
import { synAckRepeated } from './handshake/syn-ack-repeated.js';
import { synAckReset } from './handshake/syn-ack-reset.js';
import { synRepeated } from './handshake/syn-repeated.js';
import { synStrangelyAnswered } from './handshake/syn-strangely-answered.js';
import { synUnanswered } from './handshake/syn-unanswered.js';
import { timeWaitReopened } from './handshake/time-wait-reopened.js';
import { icmpAboutOpenConnection } from './path/icmp-about-open-connection.js';
import { largeSegmentsLost } from './path/large-segments-lost.js';
import { neighbourSilent } from './path/neighbour-silent.js';
import { segmentsShrink } from './path/segments-shrink.js';
import { tooBig } from './path/too-big.js';
import type { HostPattern, Match, Pattern } from './pattern.js';
import type { Part, Story } from './story.js';
import { acksAnswerAcks } from './transfer/acks-answer-acks.js';
import { congestionMarked } from './transfer/congestion-marked.js';
import { flightLimited } from './transfer/flight-limited.js';
import { keepAliveAnswered } from './transfer/keep-alive-answered.js';
import { keepAliveUnanswered } from './transfer/keep-alive-unanswered.js';
import { lossRepaired } from './transfer/loss-repaired.js';
import { nagleDelayedAck } from './transfer/nagle-delayed-ack.js';
import { packetsDuplicated } from './transfer/packets-duplicated.js';
import { queueGrowing } from './transfer/queue-growing.js';
import { resentNeedlessly } from './transfer/resent-needlessly.js';
import { resetRefused } from './transfer/reset-refused.js';
import { retransmissionTimeout } from './transfer/retransmission-timeout.js';
import { segmentsCorrupted } from './transfer/segments-corrupted.js';
import { segmentsReordered } from './transfer/segments-reordered.js';
import { senderIdle } from './transfer/sender-idle.js';
import { slowAnswer } from './transfer/slow-answer.js';
import { slowRestart } from './transfer/slow-restart.js';
import { smallFirstFlight } from './transfer/small-first-flight.js';
import { tailProbed } from './transfer/tail-probed.js';
import { timestampWentBack } from './transfer/timestamp-went-back.js';
import { windowLimited } from './transfer/window-limited.js';
import { zeroWindow } from './transfer/zero-window.js';

// biome-ignore lint/suspicious/noExplicitAny: each has its own kind of evidence; a cause names the pattern it explains and gets the right one
type Patterns = readonly Pattern<string, any>[];

const handshake: Patterns = [
  synUnanswered,
  synRepeated,
  synAckRepeated,
  synAckReset,
  synStrangelyAnswered,
  handshakeAckReset,
  connectionRefused,
  connectionRejected,
  ignoredAfterHandshake,
  optionsWithheld,
  timeWaitReopened,
  simultaneousOpen,
];

const transfer: Patterns = [
  zeroWindow,
  windowLimited,
  retransmissionTimeout,
  lossRepaired,
  tailProbed,
  resentNeedlessly,
  segmentsReordered,
  packetsDuplicated,
  segmentsCorrupted,
  timestampWentBack,
  congestionMarked,
  queueGrowing,
  nagleDelayedAck,
  slowAnswer,
  slowRestart,
  smallFirstFlight,
  senderIdle,
  flightLimited,
  keepAliveAnswered,
  keepAliveUnanswered,
  resetRefused,
  acksAnswerAcks,
];

const closing: Patterns = [
  resetAnswered,
  aborted,
  dataAfterClose,
  lateFinReset,
  finUnacknowledged,
  finRepeated,
  closeMissing,
  simultaneousClose,
  timeWaitDisturbed,
];

const path: Patterns = [icmpAboutOpenConnection, tooBig, largeSegmentsLost, segmentsShrink];

/** What is asked of every flow that is not plainly healthy, in the order of a connection's life. */
export const patterns: Patterns = [...handshake, ...transfer, ...closing, ...path];

/** What is asked of the hosts once all flows are known. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export const hostPatterns: readonly HostPattern<string, any>[] = [
  halfOpenPile,
  olderTimestampsIgnored,
  abortedTogether,
  neighbourSilent,
  portsUsedUp,
  timeWaitsPileUp,
  offloadSegments,
  capturedTwice,
  begunMidstream,
  packetsMissed,
  cutShort,
  oneDirectionOnly,
  endedEarly,
];

/** All of them by topic, for people who look for one. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export const patternTopics: readonly { readonly title: string; readonly patterns: readonly (Pattern<string, any> | HostPattern<string, any>)[] }[] = [
  { title: 'Handshake', patterns: handshake },
  { title: 'Transfer', patterns: transfer },
  { title: 'Closing', patterns: closing },
  { title: 'The path', patterns: path },
  { title: 'What many conversations tell together', patterns: hostPatterns },
];

/** A pattern found at one end of a flow. */
export interface Found {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly pattern: Pattern<string, any>;
  readonly part: Part;
  readonly match: Match<unknown>;
}

/** Every story that a flow tells. */
export function recogniseAll(story: Story): Found[] {
  const found: Found[] = [];
  for (const pattern of patterns) {
    for (const part of story.parts) {
      const match = pattern.recognise(part, story);
      if (match !== undefined) found.push({ pattern, part, match });
    }
  }
  return found;
}
