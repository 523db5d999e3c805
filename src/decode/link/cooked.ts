import { packetType } from '../../capture/pcap.js';
import { decodeNetwork } from '../network.js';
import type { Packet } from '../packet.js';
import { CUT, type Skipped } from '../skipped.js';

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
