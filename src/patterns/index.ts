import { begunMidstream } from './capture/begun-midstream.js';
import { capturedTwice } from './capture/captured-twice.js';
import { cutShort } from './capture/cut-short.js';
import { endedEarly } from './capture/ended-early.js';
import { offloadSegments } from './capture/offload-segments.js';
import { oneDirectionOnly } from './capture/one-direction-only.js';
import { packetsMissed } from './capture/packets-missed.js';
import { closeMissing } from './closing/close-missing.js';
import { finAckReset } from './closing/fin-ack-reset.js';
import { finRepeated } from './closing/fin-repeated.js';
import { finUnacknowledged } from './closing/fin-unacknowledged.js';
import { lateFinReset } from './closing/late-fin-reset.js';
import { simultaneousClose } from './closing/simultaneous-close.js';
import { connectionRefused } from './connecting/connection-refused.js';
import { connectionRejected } from './connecting/connection-rejected.js';
import { olderTimestampsIgnored } from './connecting/older-timestamps-ignored.js';
import { optionsWithheld } from './connecting/options-withheld.js';
import { portsUsedUp } from './connecting/ports-used-up.js';
import { simultaneousOpen } from './connecting/simultaneous-open.js';
import { smallFirstFlight } from './connecting/small-first-flight.js';
import { synAckRepeated } from './connecting/syn-ack-repeated.js';
import { synAckReset } from './connecting/syn-ack-reset.js';
import { synRepeated } from './connecting/syn-repeated.js';
import { synStrangelyAnswered } from './connecting/syn-strangely-answered.js';
import { synUnanswered } from './connecting/syn-unanswered.js';
import { halfOpenPile } from './listening/half-open-pile.js';
import { handshakeAckReset } from './listening/handshake-ack-reset.js';
import { ignoredAfterHandshake } from './listening/ignored-after-handshake.js';
import { acksAnswerAcks } from './loss/acks-answer-acks.js';
import { lossRepaired } from './loss/loss-repaired.js';
import { packetsDuplicated } from './loss/packets-duplicated.js';
import { resentNeedlessly } from './loss/resent-needlessly.js';
import { retransmissionTimeout } from './loss/retransmission-timeout.js';
import { segmentsCorrupted } from './loss/segments-corrupted.js';
import { segmentsReordered } from './loss/segments-reordered.js';
import { tailProbed } from './loss/tail-probed.js';
import { timestampWentBack } from './loss/timestamp-went-back.js';
import { flightLimited } from './pace/flight-limited.js';
import { keepAliveAnswered } from './pace/keep-alive-answered.js';
import { nagleDelayedAck } from './pace/nagle-delayed-ack.js';
import { senderIdle } from './pace/sender-idle.js';
import { slowAnswer } from './pace/slow-answer.js';
import { slowRestart } from './pace/slow-restart.js';
import { windowLimited } from './pace/window-limited.js';
import { zeroWindow } from './pace/zero-window.js';
import { congestionMarked } from './path/congestion-marked.js';
import { icmpAboutOpenConnection } from './path/icmp-about-open-connection.js';
import { largeSegmentsLost } from './path/large-segments-lost.js';
import { neighbourSilent } from './path/neighbour-silent.js';
import { queueGrowing } from './path/queue-growing.js';
import { segmentsShrink } from './path/segments-shrink.js';
import { tooBig } from './path/too-big.js';
import type { HostPattern, Match, Pattern } from './pattern.js';
import { aborted } from './resets/aborted.js';
import { abortedTogether } from './resets/aborted-together.js';
import { dataAfterClose } from './resets/data-after-close.js';
import { foreignReset } from './resets/foreign-reset.js';
import { keepAliveUnanswered } from './resets/keep-alive-unanswered.js';
import { resetAnswered } from './resets/reset-answered.js';
import { resetRefused } from './resets/reset-refused.js';
import { straySegmentReset } from './resets/stray-segment-reset.js';
import type { Part, Story } from './story.js';
import { timeWaitDisturbed } from './time-wait/time-wait-disturbed.js';
import { timeWaitReopened } from './time-wait/time-wait-reopened.js';
import { timeWaitsPileUp } from './time-wait/time-waits-pile-up.js';

// biome-ignore lint/suspicious/noExplicitAny: each has its own kind of evidence; a cause names the pattern it explains and gets the right one
type Patterns = readonly Pattern<string, any>[];

const connecting: Patterns = [
  synUnanswered,
  synRepeated,
  synAckRepeated,
  synAckReset,
  synStrangelyAnswered,
  connectionRefused,
  connectionRejected,
  optionsWithheld,
  simultaneousOpen,
  smallFirstFlight,
];

const listening: Patterns = [handshakeAckReset, ignoredAfterHandshake];

const pace: Patterns = [zeroWindow, windowLimited, nagleDelayedAck, slowAnswer, slowRestart, senderIdle, flightLimited, keepAliveAnswered];

const loss: Patterns = [
  retransmissionTimeout,
  lossRepaired,
  tailProbed,
  resentNeedlessly,
  segmentsReordered,
  packetsDuplicated,
  segmentsCorrupted,
  timestampWentBack,
  acksAnswerAcks,
];

const path: Patterns = [congestionMarked, queueGrowing, icmpAboutOpenConnection, tooBig, largeSegmentsLost, segmentsShrink];

const resets: Patterns = [resetAnswered, aborted, foreignReset, dataAfterClose, keepAliveUnanswered, resetRefused];

const closing: Patterns = [lateFinReset, finAckReset, finUnacknowledged, finRepeated, closeMissing, simultaneousClose];

const timeWait: Patterns = [timeWaitDisturbed, timeWaitReopened];

/** What is asked of every flow, in the order of a connection's life. */
export const patterns: Patterns = [...connecting, ...listening, ...pace, ...loss, ...path, ...resets, ...closing, ...timeWait];

/** What is asked of the hosts once all flows are known. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export const hostPatterns: readonly HostPattern<string, any>[] = [
  halfOpenPile,
  olderTimestampsIgnored,
  abortedTogether,
  straySegmentReset,
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
  { title: 'Connecting', patterns: connecting },
  { title: 'Listening', patterns: listening },
  { title: 'Pace', patterns: pace },
  { title: 'Loss', patterns: loss },
  { title: 'The path', patterns: path },
  { title: 'Resets', patterns: resets },
  { title: 'Closing', patterns: closing },
  { title: 'TIME_WAIT', patterns: timeWait },
  { title: 'What many conversations tell together', patterns: hostPatterns },
];

/** A pattern found at one end of a flow. */
export interface Found {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly pattern: Pattern<string, any>;
  readonly part: Part;
  readonly match: Match<unknown>;
}

/** Every story that a flow tells; `found`: what they are added to. */
export function recogniseAll(story: Story, found: Found[] = []): Found[] {
  for (const pattern of patterns) {
    if (!(pattern.needs & story.signs)) continue;
    for (const part of story.parts) {
      const match = pattern.recognise(part, story);
      if (match !== undefined) found.push({ pattern, part, match });
    }
  }
  return found;
}
