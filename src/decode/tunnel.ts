import { decodeEthernet } from './link/ethernet.js';
import { decodePpp } from './link/serial.js';
import { decodeNetwork, enter, IP4, IP6 } from './network.js';
import type { Packet } from './packet.js';
import { decodeSflow } from './sflow.js';
import { CUT, MALFORMED, NOT_TCP, type Skipped } from './skipped.js';

// IP protocols that carry packets
const IP4_IN_IP = 4;
const UDP = 17;
const IP6_IN_IP = 41;
const GRE = 47;

// UDP ports of tunnels
const GTP_U = 2152;
const VXLAN = 4789;
const VXLAN_LINUX = 8472; // the port of Linux before it was assigned, still the default of `ip link add type vxlan`
const GENEVE = 6081;
const L2TP = 1701;

const SFLOW = 6343;

const ETHERNET_IN_GRE = 0x6558;
const ERSPAN = 0x88be;
const PPP_IN_GRE = 0x880b;

/** Looks into the tunnels that TCP travels in; the inner addresses are the ones that count. */
export function decodeTunnel(packet: Packet, protocol: number): Skipped {
  if (!enter(packet)) return MALFORMED;
  packet.segment.encapsulation += protocol;
  switch (protocol) {
    case IP4_IN_IP:
      return decodeNetwork(packet, IP4);
    case IP6_IN_IP:
      return decodeNetwork(packet, IP6);
    case GRE:
      return decodeGre(packet);
    case UDP:
      return decodeUdp(packet);
    default:
      return NOT_TCP;
  }
}

/** RFC 2784 with the key and sequence number of RFC 2890; version 1 carries PPP (RFC 2637). */
function decodeGre(packet: Packet): Skipped {
  if (packet.left < 8) return CUT;
  const flags = packet.view.getUint16(packet.at);
  const protocol = packet.view.getUint16(packet.at + 2);
  const hasAcknowledgment = (flags & 7) === 1 && (flags & 0x0080) !== 0;
  packet.at += 4 + words(flags & 0x8000) + words(flags & 0x2000) + words(flags & 0x1000) + (hasAcknowledgment ? 4 : 0);
  if (protocol === PPP_IN_GRE) return decodePpp(packet);
  if (protocol === ETHERNET_IN_GRE) return decodeEthernet(packet);
  if (protocol !== ERSPAN) return decodeNetwork(packet, protocol);
  packet.at += flags & 0x1000 ? 8 : 0; // without a sequence number it is type I, which has no header
  return decodeEthernet(packet);
}

function words(flag: number): number {
  return flag ? 4 : 0;
}

function decodeUdp(packet: Packet): Skipped {
  if (packet.left < 8) return NOT_TCP;
  const { view, at } = packet;
  const port = view.getUint16(at + 2);
  packet.at = at + 8;
  switch (port) {
    case VXLAN:
    case VXLAN_LINUX:
      return decodeVxlan(packet);
    case GENEVE:
      return decodeGeneve(packet);
    case GTP_U:
      return decodeGtp(packet);
    case L2TP:
      return decodeL2tp(packet);
    case SFLOW:
      return decodeSflow(packet);
    default:
      return NOT_TCP;
  }
}

/** RFC 7348 */
function decodeVxlan(packet: Packet): Skipped {
  if (packet.left < 8 || (packet.view.getUint8(packet.at) & 0x08) === 0) return NOT_TCP;
  packet.segment.encapsulation += packet.view.getUint32(packet.at + 4) >>> 8;
  packet.at += 8;
  return decodeEthernet(packet);
}

/** RFC 8926 */
function decodeGeneve(packet: Packet): Skipped {
  if (packet.left < 8) return NOT_TCP;
  const optionsLength = (packet.view.getUint8(packet.at) & 0x3f) << 2;
  const protocol = packet.view.getUint16(packet.at + 2);
  packet.segment.encapsulation += packet.view.getUint32(packet.at + 4) >>> 8;
  packet.at += 8 + optionsLength;
  return protocol === ETHERNET_IN_GRE ? decodeEthernet(packet) : decodeNetwork(packet, protocol);
}

/** 3GPP TS 29.281: version 1, message type 255 carries a packet. */
function decodeGtp(packet: Packet): Skipped {
  const { view, at } = packet;
  if (packet.left < 8 || view.getUint8(at) >>> 5 !== 1 || view.getUint8(at + 1) !== 255) return NOT_TCP;
  const flags = view.getUint8(at);
  packet.at = at + 8;
  if (flags & 7) {
    if (packet.left < 4) return CUT;
    let extension = flags & 4 ? view.getUint8(packet.at + 3) : 0;
    packet.at += 4;
    while (extension !== 0) {
      const length = packet.left > 0 ? view.getUint8(packet.at) << 2 : 0;
      if (length === 0 || packet.left < length) return CUT;
      extension = view.getUint8(packet.at + length - 1);
      packet.at += length;
    }
  }
  if (packet.left < 1) return CUT;
  return decodeNetwork(packet, view.getUint8(packet.at) >>> 4 === 6 ? IP6 : IP4);
}

/** RFC 2661: only data messages carry packets. */
function decodeL2tp(packet: Packet): Skipped {
  const { view, at } = packet;
  if (packet.left < 6) return NOT_TCP;
  const flags = view.getUint16(at);
  if (flags & 0x8000 || (flags & 0x0f) !== 2) return NOT_TCP;
  packet.at = at + 2 + (flags & 0x4000 ? 2 : 0) + 4 + (flags & 0x0800 ? 4 : 0);
  if (flags & 0x0200) {
    if (packet.left < 2) return CUT;
    packet.at += 2 + view.getUint16(packet.at);
  }
  return packet.left < 4 ? CUT : decodePpp(packet);
}
