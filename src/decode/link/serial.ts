import { decodeIp4, TCP } from '../ip.js';
import { decodeByVersion, decodeNetwork, IP4, IP6 } from '../network.js';
import type { Packet } from '../packet.js';
import { CUT, NOT_IP, type Skipped } from '../skipped.js';
import { decodeLlc } from './ethernet.js';

// PPP protocols, https://www.iana.org/assignments/ppp-numbers
const PPP_IP4 = 0x0021;
const PPP_IP6 = 0x0057;
const PPP_MPLS = 0x0281;
/** The packet with which a compressed connection begins (RFC 1144 section 3.2.3): a connection number stands for the protocol. */
const PPP_UNCOMPRESSED_TCP = 0x002f;
const MPLS = 0x8847;

/** RFC 1661; with or without the address and control bytes of RFC 1662, with or without a compressed protocol field. */
export function decodePpp(packet: Packet): Skipped {
  const { view } = packet;
  if (packet.left < 4) return CUT;
  const first = view.getUint8(packet.at);
  if (first === CISCO_UNICAST || first === CISCO_MULTICAST) return decodeCiscoHdlc(packet);
  if (view.getUint16(packet.at) === 0xff03) packet.at += 2;
  const isCompressed = (view.getUint8(packet.at) & 1) !== 0;
  const protocol = isCompressed ? view.getUint8(packet.at) : packet.left >= 2 ? view.getUint16(packet.at) : 0;
  packet.at += isCompressed ? 1 : 2;
  if (protocol === PPP_IP4) return decodeNetwork(packet, IP4);
  if (protocol === PPP_IP6) return decodeNetwork(packet, IP6);
  if (protocol === PPP_UNCOMPRESSED_TCP) return decodeIp4(packet, TCP);
  return protocol === PPP_MPLS ? decodeNetwork(packet, MPLS) : NOT_IP;
}

/** RFC 2516, session stage. */
export function decodePppoe(packet: Packet): Skipped {
  if (packet.left < 8) return CUT;
  const length = packet.view.getUint16(packet.at + 4);
  packet.segment.encapsulation += packet.view.getUint16(packet.at + 2);
  packet.at += 6;
  packet.limit(length);
  return decodePpp(packet);
}

const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;

export function decodeCiscoHdlc(packet: Packet): Skipped {
  if (packet.left < 4) return CUT;
  packet.at += 4;
  return decodeNetwork(packet, packet.view.getUint16(packet.at - 2));
}

/** RFC 2427: a two-byte address, then the network layer's protocol identifier, or Cisco's type field. */
export function decodeFrameRelay(packet: Packet): Skipped {
  const { view, at } = packet;
  if (packet.left < 4) return CUT;
  if (view.getUint8(at + 2) === 0x03) {
    const identifier = view.getUint8(at + 3);
    if (identifier === 0xcc || identifier === 0x8e) return decodeByVersion(packet, 4);
  }
  packet.at = at + 4;
  return decodeNetwork(packet, view.getUint16(at + 2));
}

/** IEEE 802.5: the route is there when the highest bit of the source address is set. */
export function decodeTokenRing(packet: Packet): Skipped {
  const { view, at } = packet;
  if (packet.left < 16) return CUT;
  const hasRoute = (view.getUint8(at + 8) & 0x80) !== 0;
  packet.at = at + 14 + (hasRoute ? view.getUint8(at + 14) & 0x1f : 0);
  return decodeLlc(packet);
}

/**
 * RFC 1201 (with a split flag and a sequence number behind the type, twice in exception frames) and the older RFC 1051.
 * Linux writes two bytes of offset before the type.
 */
export function decodeArcnet(packet: Packet, typeAt: number): Skipped {
  if (packet.left < typeAt + 4) return CUT;
  const type = packet.view.getUint8(packet.at + typeAt);
  if (type === 0xf0) return decodeByVersion(packet, typeAt + 1);
  if (type !== 0xd4) return NOT_IP;
  const isException = packet.view.getUint8(packet.at + typeAt + 1) === 0xff;
  return decodeByVersion(packet, typeAt + (isException ? 8 : 4));
}
