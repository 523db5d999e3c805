import { decodeIcmp, ICMP, ICMP6 } from './icmp.js';
import type { Packet } from './packet.js';
import { CUT, FRAGMENT, MALFORMED, NOT_TCP, type Skipped } from './skipped.js';
import { decodeTcp } from './tcp.js';
import { decodeTunnel } from './tunnel.js';

export const TCP = 6;

// IPv6 extension headers, RFC 8200 section 4, RFC 4302, RFC 6275
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT_HEADER = 44;
const AUTHENTICATION_HEADER = 51;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
/** A chain longer than this is an attack, not a packet. */
const LONGEST_CHAIN = 16;

/** `carried`: the protocol that is carried, where the header does not say it. */
export function decodeIp4(packet: Packet, carried?: number): Skipped {
  const { view, at, segment } = packet;
  if (packet.left < 20) return CUT;
  const headerLength = (view.getUint8(at) & 0x0f) << 2;
  const totalLength = view.getUint16(at + 2);
  // A total length of 0 is what a host captures when the network card is to cut the packet into segments (TSO).
  if (totalLength !== 0) packet.limit(totalLength);
  if (headerLength < 20 || view.getUint8(at) >>> 4 !== 4 || packet.wireEnd < at + headerLength) return MALFORMED;
  segment.family = 4;
  segment.ecn = view.getUint8(at + 1) & 3;
  segment.ipId = view.getUint16(at + 4);
  segment.ttl = view.getUint8(at + 8);
  segment.source0 = segment.source1 = segment.source2 = 0;
  segment.destination0 = segment.destination1 = segment.destination2 = 0;
  segment.source3 = view.getInt32(at + 12);
  segment.destination3 = view.getInt32(at + 16);
  if (headerLength > 20) followSourceRoute(packet, at + headerLength);
  const protocol = carried ?? view.getUint8(at + 9);
  packet.at = at + headerLength;
  const field = view.getUint16(at + 6);
  if ((field & 0x3fff) !== 0) {
    const key = `${segment.ipId} ${protocol} ${segment.source3} ${segment.destination3}`;
    if (!packet.fragments.add(key, (field & 0x1fff) << 3, (field & 0x2000) !== 0, packet)) return protocol === TCP ? FRAGMENT : NOT_TCP;
  }
  return decodeTransport(packet, protocol);
}

const LOOSE_ROUTE = 131;
const STRICT_ROUTE = 137;

/** RFC 791 section 3.1: on its way along a source route a packet is addressed to the next hop, its destination comes last. */
function followSourceRoute({ view, at, end, segment }: Packet, headerEnd: number): void {
  const last = Math.min(headerEnd, end);
  for (let option = at + 20; option < last; ) {
    const kind = view.getUint8(option);
    const size = kind > 1 && option + 1 < last ? view.getUint8(option + 1) : 1;
    if (kind === 0 || size === 0 || option + size > last) return;
    const isRoute = (kind === LOOSE_ROUTE || kind === STRICT_ROUTE) && size >= 7;
    if (isRoute && view.getUint8(option + 2) <= size) segment.destination3 = view.getInt32(option + size - 4);
    option += size;
  }
}

export function decodeIp6(packet: Packet): Skipped {
  const { view, at, segment } = packet;
  if (packet.left < 40) return CUT;
  if (view.getUint8(at) >>> 4 !== 6) return MALFORMED;
  const payload = view.getUint16(at + 4);
  if (payload !== 0) packet.limit(40 + payload); // 0: longer than the field can say (RFC 2675), or yet to be cut by the network card
  segment.family = 6;
  segment.ecn = (view.getUint8(at + 1) >>> 4) & 3;
  segment.ipId = -1;
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
  const protocol = view.getUint8(at + 6);
  return isExtension(protocol) ? decodeExtensions(packet, protocol) : decodeTransport(packet, protocol);
}

function decodeExtensions(packet: Packet, first: number): Skipped {
  const { view } = packet;
  let protocol = first;
  for (let headers = 0; isExtension(protocol); headers++) {
    if (headers === LONGEST_CHAIN) return MALFORMED;
    if (packet.left < 8) return CUT;
    const header = packet.at;
    const next = view.getUint8(header);
    if (protocol === FRAGMENT_HEADER) {
      packet.at = header + 8;
      const isWhole = (view.getUint16(header + 2) & 0xfff9) === 0; // RFC 6946
      if (!isWhole) return decodeFragment(packet, next, header);
    } else {
      const units = view.getUint8(header + 1);
      packet.at = header + (protocol === AUTHENTICATION_HEADER ? (units + 2) << 2 : (units + 1) << 3);
    }
    protocol = next;
  }
  return packet.at > packet.wireEnd ? MALFORMED : decodeTransport(packet, protocol);
}

function decodeFragment(packet: Packet, next: number, header: number): Skipped {
  const field = packet.view.getUint16(header + 2);
  const isComplete = packet.fragments.add(fragmentKey(packet, next, header), field & 0xfff8, (field & 1) !== 0, packet);
  if (isComplete) return decodeTransport(packet, next);
  return next === TCP ? FRAGMENT : NOT_TCP;
}

function fragmentKey({ segment: s, view }: Packet, protocol: number, header: number): string {
  const source = `${s.source0} ${s.source1} ${s.source2} ${s.source3}`;
  return `${view.getInt32(header + 4)} ${protocol} ${source} ${s.destination0} ${s.destination1} ${s.destination2} ${s.destination3}`;
}

function isExtension(protocol: number): boolean {
  switch (protocol) {
    case HOP_BY_HOP:
    case ROUTING:
    case FRAGMENT_HEADER:
    case AUTHENTICATION_HEADER:
    case DESTINATION_OPTIONS:
    case MOBILITY:
      return true;
    default:
      return false;
  }
}

function decodeTransport(packet: Packet, protocol: number): Skipped {
  switch (protocol) {
    case TCP:
      return decodeTcp(packet);
    case ICMP:
    case ICMP6:
      return decodeIcmp(packet, protocol);
    default:
      return decodeTunnel(packet, protocol);
  }
}
