import { ACK, RST, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import { isAfter, isBefore, type Seq } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
import { NOTHING } from '../listed.js';
import { NONE } from '../memory/slab.js';
import type { Moment } from '../timeline.js';
import { SPURIOUS, type Verdict } from '../verdict.js';
import { UNKNOWN_SCALE } from '../wireshark/direction.js';
import type { Proof } from './proof.js';

/** Nanoseconds: a SYN is sent again after a second, or after three (RFC 6298 appendix A). */
const SLOWEST_HANDSHAKE = 3e9;

/** Nanoseconds: shorter round trips say more about the hosts than about the path. */
const NEAR = 1e6;

/** Is told of every verdict that what came later has changed. */
export type Corrected = (frame: number, verdict: Verdict) => void;

/** What the acknowledgment in `segment`, sent by `peer`, tells of the bytes that `sender` has sent. */
export function acknowledge(segment: Segment, sender: Endpoint, peer: Endpoint, corrected: Corrected): void {
  if (!(segment.flags & ACK) || segment.flags & RST || sender.segments === 0) return;
  const hasNews = segment.sackCount > 0 && readBlocks(segment, sender, corrected);
  sender.loss.heard(segment.ack);
  if (!sender.isAcknowledged || isAfter(segment.ack, sender.sndUna)) advance(segment, sender, corrected);
  else if (hasNews) {
    sender.loss = sender.loss.own();
    sender.loss.missing(segment.time, segment.ack);
  } else if (isDuplicateAck(segment, sender, peer)) {
    sender.loss = sender.loss.own();
    sender.loss.repeated(segment.time, segment.ack, isBefore(segment.ack, sender.sndNxt));
  }
}

/** What was sent again has overtaken its first copy, which now comes after all, in `segment`. */
export function arriveLate({ seq, end, frame }: Segment, sender: Endpoint, corrected: Corrected): void {
  proveNeedless(sender.resends.arrivedTwice(seq, end), { by: 'first-copy', frame }, corrected);
}

function advance(segment: Segment, sender: Endpoint, corrected: Corrected): void {
  // More than was captured: the rest passed by unseen, or the acknowledgment is wrong. What comes next will tell.
  const isBeyond = isAfter(segment.ack, sender.sndNxt);
  const ack = isBeyond ? sender.sndNxt : segment.ack;
  if (isBeyond) sender.ackedBeyond = segment.ack;
  if (sender.hasResent && isAfter(ack, sender.sndUna)) answerResends(segment, sender, corrected);
  sender.largestDelivered = Math.max(sender.largestDelivered, sender.transmissions.acknowledge(ack));
  const wasResent = sender.hasResent && isBefore(sender.sndUna, sender.resentUpTo); // a part of what it acknowledges (RFC 6298 section 3)
  // After a hole the last segment may have arrived long before it is acknowledged: Linux takes no sample of what was SACKed either.
  if (wasResent || sender.loss.duplicateAcks > 0) sender.roundTrips.skip();
  else if (!isBeyond) measure(segment, sender);
  sender.isAcknowledged = true;
  sender.sndUna = ack;
  sender.sndUnaTime = segment.time;
  if (!sender.sacked.isEmpty) forgetSacked(ack, sender);
  if (!sender.holes.isEmpty) sender.missedBytes += sender.holes.close(ack);
  if (sender.loss.acknowledged(ack) && !segment.hasTimestamps) {
    proveNeedless(sender.resends.last(), { by: 'further-ack', frame: segment.frame }, corrected);
  }
}

/** Its timestamp may tell that it answers what was sent before the first unacknowledged segment was sent again, or else its time. */
function answerResends({ hasTimestamps, tsecr, time, frame }: Segment, sender: Endpoint, corrected: Corrected): void {
  if (isAfter(sender.sndUna, sender.resentUpTo)) return; // no look at the list for every segment
  const { shortest } = sender.roundTrips;
  const isFar = shortest > NEAR;
  const tooSoon = isFar ? sender.resends.answeredTooSoon(sender.sndUna, time, shortest) : NOTHING;
  const needless = hasTimestamps ? sender.resends.answered(sender.sndUna, tsecr) : tooSoon;
  if (needless.length === 0) return;
  proveNeedless(needless, { by: hasTimestamps ? 'echo' : 'too-soon', frame }, corrected);
  if (hasTimestamps) sender.loss.undo();
}

/** How long after the segment that it acknowledges it came. */
function measure({ ack, time, frame }: Segment, sender: Endpoint): void {
  const sent = sender.transmissions.lastUpTo(ack);
  if (sent === NONE) return;
  const span = time - sender.transmissions.timeOf(sent);
  if (!isTooLate(ack, span, sender)) sender.roundTrips.add(span, frame);
}

function forgetSacked(ack: Seq, sender: Endpoint): void {
  sender.sacked.removeBefore(ack);
  if (sender.sacked.covers(ack, (ack + 1) | 0)) sender.takenBack++;
}

/**
 * Without an answer a SYN would have been sent again by then. So the first answer is not in the capture, or the sender
 * keeps nothing that could repeat it (SYN cookies).
 */
function isTooLate(ack: Seq, span: number, { hasSyn, iss }: Endpoint): boolean {
  return span > SLOWEST_HANDSHAKE && hasSyn && ack === ((iss + 1) | 0);
}

/** SACK blocks (RFC 2018). True when one of them reports bytes that were not reported before. */
function readBlocks({ ack, frame, sackCount, sackEdges }: Segment, sender: Endpoint, corrected: Corrected): boolean {
  let hasNews = false;
  for (let i = 0; i < sackCount; i++) {
    const from = sackEdges[i * 2] as number;
    const to = sackEdges[i * 2 + 1] as number;
    if (i === 0 && isTwice(from, to, ack, sackCount, sackEdges)) {
      sender.arrivedTwice++;
      proveNeedless(sender.resends.arrivedTwice(from, to), { by: 'd-sack', frame }, corrected);
    } else if (!sender.sacked.covers(from, to) && !isAfter(to, sender.sndNxt) && isAfter(from, ack)) {
      sender.sacked = sender.sacked.own();
      sender.sacked.add(from, to);
      hasNews = true;
    }
  }
  return hasNews;
}

/** The first block of a D-SACK lies below the acknowledgment or inside the second block (RFC 2883 section 4). */
export function isTwice(from: number, to: number, ack: number, count: number, edges: Int32Array): boolean {
  if (!isAfter(to, ack)) return true;
  return count > 1 && !isBefore(from, edges[2] as number) && !isAfter(to, edges[3] as number);
}

function proveNeedless(moments: readonly Moment[], proof: Proof, corrected: Corrected): void {
  for (const moment of moments) {
    moment.verdict |= SPURIOUS;
    moment.needless = proof;
    corrected(moment.frame, moment.verdict);
  }
}

/**
 * The peer asks for the same byte once more: for one that is on its way, if there is any. Where both ends know SACK nothing is asked for without a
 * block (RFC 6675 section 2), unless it was cut off, and an ACK from beyond the window is not read (`tcp_sequence`).
 */
function isDuplicateAck({ seq, ack, length, flags, sackCount, optionsCut }: Segment, sender: Endpoint, peer: Endpoint): boolean {
  if (length > 0 || flags & SYN || sackCount > 0) return false;
  if (sender.sackPermitted && peer.sackPermitted && !optionsCut) return false;
  if (sender.scaleInUse !== UNKNOWN_SCALE && sender.hasRcvNxt && isAfter(seq, sender.windowEdge)) return false;
  return ack === sender.sndUna && (peer.windowIsUnchanged || optionsCut);
}
