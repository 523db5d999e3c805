import { decodeIp4, decodeIp6 } from './ip.js';
import { decodeEthernet } from './link/ethernet.js';
import { decodePppoe } from './link/serial.js';
import { decodeArp } from './neighbour.js';
import type { Packet } from './packet.js';
import { CUT, MALFORMED, NOT_IP, type Skipped } from './skipped.js';

// Values of the type field of Ethernet, https://www.iana.org/assignments/ieee-802-numbers
export const IP4 = 0x0800;
const ARP_TYPE = 0x0806;
const VLAN = 0x8100;
export const IP6 = 0x86dd;
const MPLS = 0x8847;
const MPLS_MULTICAST = 0x8848;
const PPPOE_SESSION = 0x8864;
const PROVIDER_VLAN = 0x88a8;
const FABRIC_PATH = 0x8903;
const OLD_PROVIDER_VLAN = 0x9100;

/** Tags and tunnels nested deeper than this are an attack, not a network. */
const DEEPEST = 16;

/** What the type field of Ethernet says comes next. */
export function decodeNetwork(packet: Packet, type: number): Skipped {
  switch (type) {
    case IP4:
      return decodeIp4(packet);
    case IP6:
      return decodeIp6(packet);
    case ARP_TYPE:
      return decodeArp(packet);
    case VLAN:
    case PROVIDER_VLAN:
    case OLD_PROVIDER_VLAN:
      return enter(packet) ? decodeVlan(packet) : MALFORMED;
    case MPLS:
    case MPLS_MULTICAST:
      return decodeMpls(packet);
    case PPPOE_SESSION:
      return enter(packet) ? decodePppoe(packet) : MALFORMED;
    case FABRIC_PATH:
      packet.at += 2;
      return enter(packet) ? decodeEthernet(packet) : MALFORMED;
    default:
      return NOT_IP;
  }
}

/** IP behind `skip` bytes that say no more than the version in its first four bits does. */
export function decodeByVersion(packet: Packet, skip: number): Skipped {
  packet.at += skip;
  if (packet.left < 1) return CUT;
  const version = packet.view.getUint8(packet.at) >>> 4;
  return version === 4 ? decodeIp4(packet) : version === 6 ? decodeIp6(packet) : NOT_IP;
}

/** One layer deeper; false when there are too many. */
export function enter(packet: Packet): boolean {
  return ++packet.depth <= DEEPEST;
}

/** IEEE 802.1Q */
function decodeVlan(packet: Packet): Skipped {
  if (packet.left < 4) return CUT;
  const { view, at } = packet;
  packet.segment.vlan = view.getUint16(at) & 0x0fff;
  packet.segment.encapsulation += 1 + packet.segment.vlan;
  packet.at = at + 4;
  return decodeNetwork(packet, view.getUint16(at + 2));
}

/** RFC 3032: labels up to the one that is marked as the last; what follows must be guessed. */
function decodeMpls(packet: Packet): Skipped {
  for (let isLast = false; !isLast; packet.at += 4) {
    if (packet.left < 4) return CUT;
    if (!enter(packet)) return MALFORMED;
    const label = packet.view.getUint32(packet.at);
    packet.segment.encapsulation += label >>> 12;
    isLast = (label & 0x100) !== 0;
  }
  return decodeByVersion(packet, 0);
}
