import { ADVERTISEMENT, decodeDiscovery, SOLICITATION } from './neighbour.js';
import type { Packet } from './packet.js';
import { CUT, ICMP_ERROR, NOT_TCP, SEGMENT, type Skipped } from './skipped.js';
import { decodeTcp } from './tcp.js';

export const ICMP = 1;
export const ICMP6 = 58;
const TCP = 6;

// Errors that quote the packet they are about, RFC 792
export const UNREACHABLE = 3;
const SOURCE_QUENCH = 4;
const REDIRECT = 5;
export const TIME_EXCEEDED = 11;
const PARAMETER_PROBLEM = 12;
export const FRAGMENTATION_NEEDED = 4;

// RFC 4443
export const UNREACHABLE6 = 1;
export const PACKET_TOO_BIG = 2;
export const TIME_EXCEEDED6 = 3;
const PARAMETER_PROBLEM6 = 4;

/**
 * An ICMP error about a TCP segment: the segment cursor is filled with what is quoted of that segment, as far as it
 * reaches. At least ports and sequence number are there (8 bytes, all that RFC 792 asks for).
 */
export function decodeIcmp(packet: Packet, protocol: typeof ICMP | typeof ICMP6): Skipped {
  const { view, at, segment } = packet;
  if (packet.left < 8) return CUT;
  const type = view.getUint8(at);
  if (protocol === ICMP6 && (type === SOLICITATION || type === ADVERTISEMENT)) return decodeDiscovery(packet, type);
  if (!(protocol === ICMP ? isError4(type) : isError6(type))) return NOT_TCP;
  segment.icmpType = type;
  segment.icmpCode = view.getUint8(at + 1);
  segment.icmpMtu = 0;
  if (protocol === ICMP && type === UNREACHABLE && segment.icmpCode === FRAGMENTATION_NEEDED) segment.icmpMtu = view.getUint16(at + 6);
  if (protocol === ICMP6 && type === PACKET_TOO_BIG) segment.icmpMtu = view.getUint32(at + 4);
  segment.icmpSource.set([segment.source0, segment.source1, segment.source2, segment.source3]);
  packet.at = at + 8;
  return protocol === ICMP ? decodeQuote4(packet) : decodeQuote6(packet);
}

function isError4(type: number): boolean {
  return type === UNREACHABLE || type === SOURCE_QUENCH || type === REDIRECT || type === TIME_EXCEEDED || type === PARAMETER_PROBLEM;
}

function isError6(type: number): boolean {
  return type === UNREACHABLE6 || type === PACKET_TOO_BIG || type === TIME_EXCEEDED6 || type === PARAMETER_PROBLEM6;
}

function decodeQuote4(packet: Packet): Skipped {
  const { view, at, segment } = packet;
  if (packet.left < 20) return CUT;
  const headerLength = (view.getUint8(at) & 0x0f) << 2;
  const isFirstFragment = (view.getUint16(at + 6) & 0x1fff) === 0;
  if (view.getUint8(at) >>> 4 !== 4 || headerLength < 20 || view.getUint8(at + 9) !== TCP || !isFirstFragment) return NOT_TCP;
  segment.ipId = view.getUint16(at + 4);
  segment.ttl = view.getUint8(at + 8);
  segment.source3 = view.getInt32(at + 12);
  segment.destination3 = view.getInt32(at + 16);
  packet.at = at + headerLength;
  return decodeQuotedTcp(packet, at + view.getUint16(at + 2));
}

function decodeQuote6(packet: Packet): Skipped {
  const { view, at, segment } = packet;
  if (packet.left < 40) return CUT;
  if (view.getUint8(at) >>> 4 !== 6 || view.getUint8(at + 6) !== TCP) return NOT_TCP;
  segment.ttl = view.getUint8(at + 7);
  segment.source0 = view.getInt32(at + 8);
  segment.source1 = view.getInt32(at + 12);
  segment.source2 = view.getInt32(at + 16);
  segment.source3 = view.getInt32(at + 20);
  segment.destination0 = view.getInt32(at + 24);
  segment.destination1 = view.getInt32(at + 28);
  segment.destination2 = view.getInt32(at + 32);
  segment.destination3 = view.getInt32(at + 36);
  packet.at = at + 40;
  return decodeQuotedTcp(packet, at + 40 + view.getUint16(at + 4));
}

/** `quotedEnd` is where the quoted packet ended when it was whole. */
function decodeQuotedTcp(packet: Packet, quotedEnd: number): Skipped {
  const { view, at, segment } = packet;
  segment.quotedLength = packet.left;
  if (segment.quotedLength < 8) return CUT;
  packet.wireEnd = Math.max(quotedEnd, at);
  if (decodeTcp(packet) === SEGMENT) return ICMP_ERROR;
  segment.sourcePort = view.getUint16(at);
  segment.destinationPort = view.getUint16(at + 2);
  segment.seq = segment.end = view.getInt32(at + 4);
  segment.flags = segment.ack = segment.length = 0;
  return ICMP_ERROR;
}
