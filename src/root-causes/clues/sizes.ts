import type { Moment } from '../../flow/timeline.js';
import { isResent, REORDERED } from '../../flow/verdict.js';
import type { Story } from '../../patterns/story.js';
import type { Case } from '../cause.js';

/** TCP options that a full segment has to leave room for. */
const OPTIONS = 12;

/**
 * Seen at the receiver: most of what came was sent again, and nothing ever came that was as large as the handshake allows. Whatever got lost
 * may have been too large, and what came then was cut smaller.
 */
export function arrivesOnlySmall({ story, part, peer }: Case, resends: number, dataSegments: number): boolean {
  const { mss } = peer.endpoint;
  const largest = part.endpoint.pace?.largest ?? 0;
  return story.isAt(peer) && mss > 0 && resends * 2 > dataSegments && dataSegments > 2 && largest < mss - OPTIONS;
}

export interface Recut {
  /** Bytes of a segment before, and since. */
  readonly from: number;
  readonly to: number;
  /** Nanoseconds of silence shortly before the first piece, in which timers may have tried; 0 without. */
  readonly waited: number;
}

/** So many segments of one super-segment are cut anew together. */
const MOST_TOGETHER = 44;
/** Fewer pieces may have their size by chance. */
const SOME = 2;

/**
 * Seen at the receiver: what was missing came in pieces, of the size that is the largest from then on or of the rest that is left when segments of the
 * size before are cut to it (`tcp_retransmit_skb`). The sender had been told of a smaller MTU. Undefined when that was not so.
 */
export function recutAt({ story, part, peer }: Case): Recut | undefined {
  if (!story.isAt(peer)) return undefined;
  const pieces = part.moments.filter(({ verdict, length }) => length > 0 && (isResent(verdict) || verdict === REORDERED));
  const [first] = pieces;
  if (first === undefined) return undefined;
  const largest = (isWanted: (frame: number) => boolean): number =>
    part.moments.reduce((most, { frame, length }) => (isWanted(frame) ? Math.max(most, length) : most), 0);
  const to = largest((frame) => frame >= first.frame);
  const allowed = peer.endpoint.mss - (part.endpoint.hasTimestamps ? OPTIONS : 0);
  const before = largest((frame) => frame < first.frame);
  const from = before > to ? before : allowed;
  const isRest = (length: number): boolean => Array.from({ length: MOST_TOGETHER }, (_, i) => ((i + 1) * from) % to).includes(length);
  const whole = pieces.filter(({ length }) => length === to).length;
  const rest = pieces.filter(({ length }) => length !== to && isRest(length)).length;
  return to < from && whole >= SOME && rest >= SOME ? { from, to, waited: pauseShortlyBefore(first, story) } : undefined;
}

/** Round trips in which a sender that has found a size fills the first hole. */
const SHORTLY = 10;

function pauseShortlyBefore(first: Moment, { flow, roundTrip }: Story): number {
  const pauses = flow.pauses.filter(({ frame, time }) => frame <= first.frame && first.time - time < roundTrip * SHORTLY);
  return Math.max(0, ...pauses.map(({ span }) => span));
}
