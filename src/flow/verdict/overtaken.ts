import type { Segment } from '../../decode/segment.js';
import { isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
import type { Hole } from './holes.js';
import type { Judgement } from './proof.js';
import { isOfOtherClock } from './strangers.js';

/** Something of the same sender that was captured sooner. */
type Witness = Pick<Hole, 'frame' | 'ipId' | 'tsval'>;

/** Of a sender that counts its packets two close ones do not differ by more in IP ID. */
const CLOSE = 256;
/** Nanoseconds: no timestamp clock ticks slower than 100 times a second and stands still for two ticks. */
export const TWO_TICKS = 20e6;

/**
 * The segment begins below what was captured already: was it sent sooner and overtaken on the way? Either it fills a hole, and was sent
 * before the segment that showed it; or its bytes were sent again in the meantime, and the resend came first.
 */
export function isOvertaken(segment: Segment, hole: Hole | undefined, sender: Endpoint, receiver: Endpoint, judgement: Judgement): boolean {
  if (hole === undefined) return isOvertakenByResend(segment, sender, judgement);
  const order = isOlder(segment, hole, judgement);
  if (order !== undefined) return order;
  // Nothing tells: a resend takes a round trip at least, and somebody asks for it.
  const roundTrip = sender.roundTrips.shortest + receiver.roundTrips.shortest;
  judgement.rests('timing', hole.frame);
  if (roundTrip === 0) return sender.loss.duplicateAcks === 0;
  const hasStamps = segment.hasTimestamps && hole.tsval !== undefined;
  return segment.time - hole.time < roundTrip * 0.8 || (hasStamps && roundTrip > TWO_TICKS);
}

function isOvertakenByResend(segment: Segment, { transmissions, hasTimestamps, lastTsval }: Endpoint, judgement: Judgement): boolean {
  const last = transmissions.positionOfLast(segment.seq, segment.end);
  if (last === undefined || isOfOtherClock(segment, lastTsval)) return false;
  const tsval = hasTimestamps ? transmissions.tsvalOf(last) : undefined;
  if (isOlder(segment, { frame: transmissions.frameOf(last), ipId: transmissions.ipIdOf(last), tsval }, judgement)) return true;
  judgement.reset();
  return false;
}

/**
 * Its bytes were captured, acknowledged and forgotten, and it was sent before anything that is still remembered: it is no repetition, but a late
 * copy, or a late original that its repetition has overtaken.
 */
export function isBygone(segment: Segment, sender: Endpoint, judgement: Judgement): boolean {
  const { transmissions, hasTimestamps, lastTsval, missedBytes } = sender;
  const { oldest, end } = transmissions;
  if (oldest === end || missedBytes > 0 || isOfOtherClock(segment, lastTsval)) return false;
  if (transmissions.positionOfLast(segment.seq, segment.end) !== undefined) return false;
  const tsval = hasTimestamps ? transmissions.tsvalOf(oldest) : undefined;
  const order = isOlder(segment, { frame: transmissions.frameOf(oldest), ipId: transmissions.ipIdOf(oldest), tsval }, judgement);
  if (order ?? (sender.hasSyn && isLate(segment, sender))) return true; // of what was before the capture nothing is known to have come
  judgement.reset();
  return false;
}

/** It was sent before what was captured of its sender already. */
export function isLate(segment: Segment, { transmissions, hasTimestamps, lastTsval }: Endpoint): boolean {
  const last = transmissions.end - 1;
  if (last < transmissions.oldest || isOfOtherClock(segment, lastTsval)) return false;
  if (hasTimestamps && segment.hasTimestamps && segment.tsval !== lastTsval) return isBefore(segment.tsval, lastTsval);
  const step = stepOf(segment.ipId, transmissions.ipIdOf(last));
  return step < 0 && step > -CLOSE;
}

/** Timestamps never run backwards, IP IDs count up in the order of sending. Undefined when both are silent. */
function isOlder(segment: Segment, { frame, tsval, ipId }: Witness, judgement: Judgement): boolean | undefined {
  judgement.rests('timestamp', frame);
  if (segment.hasTimestamps && tsval !== undefined && segment.tsval !== tsval) return isBefore(segment.tsval, tsval);
  const step = stepOf(segment.ipId, ipId);
  judgement.rests('ip-id', frame);
  if (step !== 0 && Math.abs(step) < CLOSE) return step < 0;
  return undefined;
}

/** From one IP ID to a later one; 0 where one of them tells nothing. */
function stepOf(later: number, sooner: number): number {
  return later > 0 && sooner > 0 ? ((later - sooner) << 16) >> 16 : 0;
}
