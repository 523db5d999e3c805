import { packetType } from '../../capture/pcap.js';
import { decodeByVersion, decodeNetwork } from '../network.js';
import type { Packet } from '../packet.js';
import { CUT, NOT_IP, type Skipped } from '../skipped.js';

/** LINKTYPE_LINUX_SLL: what tcpdump writes for the device "any". */
export function decodeCooked(packet: Packet): Skipped {
  if (packet.left < 16) return CUT;
  const { view, at, segment } = packet;
  segment.direction = packetType(view.getUint16(at));
  packet.at = at + 16;
  return decodeNetwork(packet, view.getUint16(at + 14));
}

/** LINKTYPE_LINUX_SLL2: the same with the number of the interface. */
export function decodeCooked2(packet: Packet): Skipped {
  if (packet.left < 20) return CUT;
  const { view, at, segment } = packet;
  segment.interfaceId = view.getInt32(at + 4);
  segment.direction = packetType(view.getUint8(at + 10));
  packet.at = at + 20;
  return decodeNetwork(packet, view.getUint16(at));
}

const NFLOG_PAYLOAD = 9;

/** LINKTYPE_NFLOG: type-length-value, lengths in the byte order of the host; the packet is one of the values. */
export function decodeNflog(packet: Packet): Skipped {
  const { view } = packet;
  packet.at += 4;
  while (packet.left >= 4) {
    const little = view.getUint8(packet.at + 1) === 0 || view.getUint8(packet.at) > view.getUint8(packet.at + 1);
    const length = view.getUint16(packet.at, little);
    const type = view.getUint16(packet.at + 2, little) & 0x7fff;
    if (length < 4) return NOT_IP;
    if (type === NFLOG_PAYLOAD) {
      packet.limit(length);
      return decodeByVersion(packet, 4);
    }
    packet.at += (length + 3) & ~3;
  }
  return NOT_IP;
}
