import type { Segment } from '../../decode/segment.js';
import type { Endpoint } from '../endpoint.js';
import { CAPTURE_DUPLICATE, NETWORK_DUPLICATE, NONE, type Verdict } from '../verdict.js';
import { placeOf, type Transmissions } from './transmissions.js';

/** So many segments back a copy is looked for. */
const REACH = 24;
/** Nanoseconds within which packets without an IP ID count as copies when all else is equal. */
const AT_ONCE = 2e6;

/**
 * Whether the segment is a copy of one that its sender sent only once: same IP ID, same bytes. A sender that repeats a
 * segment gives it a new IP ID (Linux counts them per socket). A copy with another TTL, from another interface or in the other
 * direction passed the point of capture twice; others were made by the network.
 */
export function copyOf(segment: Segment, sender: Endpoint): typeof NETWORK_DUPLICATE | typeof CAPTURE_DUPLICATE | typeof NONE {
  const sent = sender.transmissions;
  const oldest = Math.max(sent.oldest, sent.end - REACH);
  for (let position = sent.end - 1; position >= oldest; position--) {
    if (!isSame(segment, sent, position)) continue;
    const elsewhere = sent.ttlOf(position) !== segment.ttl || sent.placeOf(position) !== placeOf(segment);
    return elsewhere ? CAPTURE_DUPLICATE : hasIdentity(segment) || isAtOnce(segment, sender, position) ? NETWORK_DUPLICATE : NONE;
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

/** Without an identity only data that comes again at once, and that nobody has asked for, is a copy; equal ACKs may well have been sent twice. */
function isAtOnce(segment: Segment, { transmissions, loss }: Endpoint, position: number): boolean {
  return segment.length > 0 && loss.duplicateAcks === 0 && segment.time - transmissions.timeOf(position) < AT_ONCE;
}
