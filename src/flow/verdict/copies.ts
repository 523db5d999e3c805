import type { Segment } from '../../decode/segment.js';
import { isAfter } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
import { CAPTURE_DUPLICATE, NETWORK_DUPLICATE, NONE, type Verdict } from '../verdict.js';
import { isTwice } from './acknowledge.js';
import { isLate, TWO_TICKS } from './overtaken.js';
import type { Judgement } from './proof.js';
import { placeOf, type Transmissions } from './transmissions.js';

/** So many segments back a copy is looked for; of data, which seldom comes twice, further than of acknowledgments. */
const REACH = 24;
const REACH_OF_DATA = 1024;
/** Nanoseconds; goes for the shortest round trip where that is not known. */
const AT_ONCE = 2e6;
/** So much of the shortest round trip at least passes before a sender can know that something was lost. */
const SOONEST = 0.8;
/** Nanoseconds; TCP_RTO_MIN. */
const RTO_MIN = 200e6;
/** An end that answers so much sooner than the other is the one where the capture was made. */
const MUCH_SOONER = 8;

/**
 * Whether the segment is a copy of one that its sender sent only once: same IP ID, same bytes. A sender that repeats a
 * segment gives it a new IP ID (Linux counts them per socket). A copy with another TTL, from another interface, in the other
 * direction or in the same frame (netfilter's log has one for each rule) passed the point of capture twice; others were made by
 * the network.
 */
export function copyOf(
  segment: Segment,
  sender: Endpoint,
  receiver: Endpoint,
  judgement: Judgement,
): typeof NETWORK_DUPLICATE | typeof CAPTURE_DUPLICATE | typeof NONE {
  const sent = sender.transmissions;
  const oldest = Math.max(sent.oldest, sent.end - (segment.length > 0 ? REACH_OF_DATA : REACH));
  for (let position = sent.end - 1; position >= oldest; position--) {
    if (!isSame(segment, sent, position)) continue;
    judgement.rests('same-packet', sent.frameOf(position));
    const elsewhere = sent.ttlOf(position) !== segment.ttl || sent.placeOf(position) !== placeOf(segment);
    if (elsewhere || sent.frameOf(position) === segment.frame) return CAPTURE_DUPLICATE;
    if (hasIdentity(segment) || isAtOnce(segment, sender, receiver, position) || isStale(segment, sender, receiver)) return NETWORK_DUPLICATE;
    judgement.reset();
    return NONE;
  }
  return NONE;
}

export function isCopy(verdict: Verdict): boolean {
  return verdict === NETWORK_DUPLICATE || verdict === CAPTURE_DUPLICATE;
}

function isSame(segment: Segment, sent: Transmissions, position: number): boolean {
  return (
    sent.seqOf(position) === segment.seq &&
    sent.endOf(position) === segment.end &&
    sent.ackOf(position) === segment.ack &&
    sent.ipIdOf(position) === (segment.ipId & 0xffff) &&
    sent.tsvalOf(position) === (segment.hasTimestamps ? segment.tsval : 0) &&
    sent.flagsOf(position) === (segment.flags & 0xff) &&
    sent.sumsOf(position) === ((segment.window << 16) | segment.checksum)
  );
}

/** An IP ID that can tell packets apart: not IPv6, and not the 0 of packets without a socket's counter. */
function hasIdentity(segment: Segment): boolean {
  return segment.ipId > 0;
}

/**
 * Without an identity: sooner than the sender can have learnt of a loss, and nothing had asked for it. Equal ACKs may well have been
 * sent twice, unless SACK would tell them apart and their checksum proves that it does not.
 */
function isAtOnce(segment: Segment, sender: Endpoint, receiver: Endpoint, position: number): boolean {
  const hasSack = sender.sackPermitted && receiver.sackPermitted;
  if (segment.length === 0 ? !(hasSack && isDistinct(segment)) : !hasSack && sender.loss.isRepairing) return false;
  if (isAtSender(sender, receiver)) return false;
  if (segment.length === 0 && isOneOfMany(segment, sender.transmissions, position)) return false;
  const since = sender.transmissions.timeOf(position);
  const roundTrip = wholeTrip(sender, receiver);
  const isTooSoon = segment.time - since < (roundTrip === 0 ? AT_ONCE : roundTrip * SOONEST);
  if (!isTooSoon || sender.loss.wasAskedFor(segment.seq, since) || wasHeldUp(segment, sender.transmissions, position)) return false;
  return isInFront(sender.transmissions, position) || !sender.loss.wasAskedSince(since - roundTrip);
}

/** The network has had no chance yet to do anything to its segments. */
function isAtSender(sender: Endpoint, receiver: Endpoint): boolean {
  const { count, shortest } = receiver.roundTrips;
  return sender.roundTrips.shortest > (count > 0 ? shortest * MUCH_SOONER : AT_ONCE);
}

/**
 * Data that is sent again carries a timestamp of that time, a round trip later at least (RFC 7323 section 5.2): one as old as that of the first copy
 * is the first copy's own, when the clock has ticked in between. It has when a later segment says so, or within any longer round trip.
 */
function isStale(segment: Segment, sender: Endpoint, receiver: Endpoint): boolean {
  if (segment.length === 0 || !segment.hasTimestamps || isAtSender(sender, receiver)) return false;
  return isLate(segment, sender) || wholeTrip(sender, receiver) > TWO_TICKS;
}

/** There and back; 0 while one half of it is not known. */
function wholeTrip({ roundTrips: there }: Endpoint, { roundTrips: back }: Endpoint): number {
  return there.count > 0 && back.count > 0 ? there.shortest + back.shortest : 0;
}

/**
 * What comes first after a silence may have been held up on the way, together with all that its sender sent in the meantime: if that came
 * between the two, the second may be what its timer made it send.
 */
function wasHeldUp(segment: Segment, sent: Transmissions, position: number): boolean {
  const before = position - 1;
  const isFirst = before >= sent.oldest && sent.timeOf(position) - sent.timeOf(before) >= RTO_MIN;
  return isFirst && segment.length > 0 && isAfter(sent.endOf(sent.end - 1), segment.end);
}

/** Nobody sends this acknowledgment twice; a D-SACK may well be, and options that no checksum proves to be equal may differ. */
function isDistinct({ checksumVerdict, ack, sackCount, sackEdges }: Segment): boolean {
  if (checksumVerdict <= 0) return false;
  return sackCount === 0 || !isTwice(sackEdges[0] as number, sackEdges[1] as number, ack, sackCount, sackEdges);
}

/** The same acknowledgment a third time: a host without memory drops one segment after the other, and gives each the same answer. */
function isOneOfMany(segment: Segment, sent: Transmissions, position: number): boolean {
  const before = position - 1;
  return before >= sent.oldest && isSame(segment, sent, before);
}

/** Nothing behind it had been captured before: nobody can have missed it by then. */
function isInFront(sent: Transmissions, position: number): boolean {
  const seq = sent.seqOf(position);
  for (let before = position - 1; before >= Math.max(sent.oldest, position - REACH); before--) {
    if (isAfter(sent.endOf(before), seq)) return false;
  }
  return true;
}
