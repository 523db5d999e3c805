import { ACK, FIN, RST, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import { distance, isAfter, isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../endpoint.js';
import { SYN_SENT } from '../state.js';
import { KEEP_ALIVE_PROBE, NETWORK_DUPLICATE, NONE, REORDERED, RESENT_FIN, RESENT_SYN, SPURIOUS, type Verdict, WINDOW_PROBE } from '../verdict.js';
import { UNKNOWN_SCALE } from '../wireshark/direction.js';
import { copyOf } from './copies.js';
import type { Hole } from './holes.js';
import { isBygone, isLate, isOvertaken } from './overtaken.js';
import type { Judgement } from './proof.js';
import { hasGoneBack } from './went-back.js';

/**
 * The verdict on a segment, judged by what is known when it is captured. Asked before the sender's record moves on.
 * Most segments continue where the last one ended, and nothing is to be said of them.
 */
export function judge(segment: Segment, sender: Endpoint, receiver: Endpoint, judgement: Judgement): Verdict {
  judgement.reset();
  if (sender.segments === 0 || segment.flags & RST) return NONE;
  const ahead = distance(segment.seq, sender.sndNxt);
  if (segment.seq === segment.end)
    return ahead < 0 || isBehindUncaptured(segment, sender, receiver)
      ? judgeOldAck(segment, sender, receiver, judgement)
      : judgeAck(segment, sender, receiver, judgement);
  if (ahead > 0 && hasGoneBack(segment, sender)) sender.loss = sender.loss.own().after(segment.seq);
  if (ahead >= 0) return isBeyondWindow(segment, receiver) ? probe(true, judgement) : NONE;
  return judgeRepeated(segment, sender, receiver, judgement);
}

/** It begins below what was captured already. */
function judgeRepeated(segment: Segment, sender: Endpoint, receiver: Endpoint, judgement: Judgement): Verdict {
  if (isCrossedAnswer(segment, sender)) return NONE;
  const copy = copyOf(segment, sender, receiver, judgement);
  if (copy !== NONE) return copy;
  if (isBeyondWindow(segment, receiver)) return probe(true, judgement);
  if (isOneByteProbe(segment, sender)) return probe(isWindowClosed(sender, receiver), judgement);
  if (isStray(segment, sender, judgement)) return NONE;
  const hole = sender.holes.at(segment.seq, segment.end);
  if (hole === undefined && isBygone(segment, sender, judgement)) return wasResent(segment, sender) ? REORDERED : NETWORK_DUPLICATE;
  if (isOvertaken(segment, hole, sender, receiver, judgement)) return REORDERED;
  return judgeResent(segment, hole, sender, receiver, judgement);
}

/** Nearly everybody does: unless its SYN says otherwise. */
function mayKnowSack({ sackPermitted, hasOffer }: Endpoint): boolean {
  return sackPermitted || !hasOffer;
}

/** Nanoseconds. */
const AT_ONCE = 1e6;

/** Of the way to the sender nothing is known, but the receiver is here. */
function isAnsweredAtOnce(sender: Endpoint, receiver: Endpoint): boolean {
  return receiver.roundTrips.count === 0 && sender.roundTrips.count > 0 && sender.roundTrips.shortest < AT_ONCE;
}

function wasResent({ seq }: Segment, { hasResent, resentUpTo }: Endpoint): boolean {
  return hasResent && isBefore(seq, resentUpTo);
}

function judgeResent(segment: Segment, hole: Hole | undefined, sender: Endpoint, receiver: Endpoint, judgement: Judgement): Verdict {
  const { seq, end, time, flags } = segment;
  const { sndUna, sndUnaTime, sndNxt, sacked } = sender;
  const hasSack = mayKnowSack(sender) && mayKnowSack(receiver);
  const loop = receiver.roundTrips.shortest;
  const isFar = loop > sender.roundTrips.shortest || isAnsweredAtOnce(sender, receiver);
  const slowest = sender.roundTrips.swollen + receiver.roundTrips.swollen;
  const since = sender.transmissions.lastOf(seq, end)?.time ?? hole?.time ?? Number.NEGATIVE_INFINITY;
  sender.loss = sender.loss.own();
  const reason = sender.loss.resending({ seq, end, time, since, sndUna, sndUnaTime, sndNxt, sacked, hasSack, loop, isFar, slowest });
  if (flags & SYN) return RESENT_SYN;
  const kind = flags & FIN && segment.length === 0 ? RESENT_FIN : reason;
  if (sender.isAcknowledged && !isAfter(end, sndUna)) judgement.needless = 'acknowledged';
  else if (sacked.covers(seq, end)) judgement.needless = 'sacked';
  return judgement.needless === 'nothing' ? kind : kind | SPURIOUS;
}

function probe(isForRoom: boolean, judgement: Judgement): Verdict {
  judgement.rests(isForRoom ? 'window' : 'idle');
  return isForRoom ? WINDOW_PROBE : KEEP_ALIVE_PROBE;
}

/** Its numbers were used before, but not by the connection that it belongs to. */
function isStray(segment: Segment, sender: Endpoint, judgement: Judgement): boolean {
  if (isOfOldConnection(segment, sender)) judgement.rests('before-syn');
  else if (sender.strangers?.precededOnly(segment, sender.lastTsval)) judgement.rests('other-clock');
  else return false;
  return true;
}

/** Two SYNs crossed: the SYN-ACK that answers the other end's repeats the sequence number of the own one (RFC 9293 section 3.5). */
function isCrossedAnswer({ flags }: Segment, sender: Endpoint): boolean {
  return (flags & (SYN | ACK)) === (SYN | ACK) && sender.state === SYN_SENT;
}

/** What it sent before was not captured, but its peer has acknowledged one byte more than this. */
function isBehindUncaptured({ seq }: Segment, sender: Endpoint, receiver: Endpoint): boolean {
  return !sender.hasSyn && receiver.hasRcvNxt && seq === ((receiver.rcvNxt - 1) | 0);
}

/** An ACK without payload that carries an old sequence number: Linux asks its peer for an answer that way. */
function judgeOldAck(segment: Segment, sender: Endpoint, receiver: Endpoint, judgement: Judgement): Verdict {
  const copy = copyOf(segment, sender, receiver, judgement);
  if (copy !== NONE) return copy;
  const isBehind = segment.seq === ((sender.sndNxt - 1) | 0) || segment.seq === ((sender.sndUna - 1) | 0);
  const isJustBefore = isBehind || isBehindUncaptured(segment, sender, receiver);
  if (!isJustBefore || (segment.flags & (SYN | FIN | RST | ACK)) !== ACK || isLate(segment, sender)) return NONE;
  return probe(isStillProbing(sender) || isWindowClosed(sender, receiver), judgement);
}

/** An ACK that tells nothing new can be a copy of the one before. */
function judgeAck(segment: Segment, sender: Endpoint, receiver: Endpoint, judgement: Judgement): Verdict {
  return isAfter(segment.ack, sender.rcvNxt) ? NONE : copyOf(segment, sender, receiver, judgement);
}

/** Nanoseconds: an idle connection is not probed sooner, a lost byte is sent again sooner. */
const IDLE = 5e9;

/** One byte that was acknowledged long before, as other systems than Linux send it. */
function isOneByteProbe(segment: Segment, sender: Endpoint): boolean {
  const isLastByte = segment.length === 1 && segment.end === sender.sndNxt && segment.end === sender.sndUna && (segment.flags & (SYN | FIN)) === 0;
  return isLastByte && segment.time - sender.sndUnaTime > IDLE;
}

/** It has asked for room before and sent no data since, which it would have done if it knew of any: data is waiting. */
function isStillProbing({ probeRepeats, lastDataTime }: Endpoint): boolean {
  return probeRepeats.count > 0 && probeRepeats.last > lastDataTime;
}

function isWindowClosed(sender: Endpoint, receiver: Endpoint): boolean {
  return receiver.window === 0 || (receiver.scaleInUse !== UNKNOWN_SCALE && !isAfter(receiver.windowEdge, sender.sndNxt));
}

/** One byte of data for a receiver that has no room for any, as other systems than Linux send it. */
function isBeyondWindow({ seq, length, flags }: Segment, receiver: Endpoint): boolean {
  if (length !== 1 || receiver.window !== 0 || (flags & (SYN | FIN)) !== 0) return false;
  return receiver.hasRcvNxt && receiver.scaleInUse !== UNKNOWN_SCALE && !isBefore(seq, receiver.windowEdge);
}

/** Data that lies before the SYN: the connection before it goes on, because its peer did not accept that SYN (RFC 5961 section 4). */
function isOfOldConnection({ seq, flags }: Segment, { hasSyn, iss }: Endpoint): boolean {
  return hasSyn && !(flags & SYN) && !isAfter(seq, iss);
}
