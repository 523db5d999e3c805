import { decodeNetwork } from '../network.js';
import type { Packet } from '../packet.js';
import { CUT, NOT_IP, type Skipped } from '../skipped.js';

/** Type fields below this are lengths (IEEE 802.3). */
const SMALLEST_TYPE = 0x0600;

export function decodeEthernet(packet: Packet): Skipped {
  if (packet.left < 14) return CUT;
  const type = packet.view.getUint16(packet.at + 12);
  packet.at += 14;
  if (type >= SMALLEST_TYPE) return decodeNetwork(packet, type);
  packet.limit(type);
  return decodeLlc(packet);
}

/** IEEE 802.2 with SNAP: the type field follows after six bytes. */
export function decodeLlc(packet: Packet): Skipped {
  if (packet.left < 8) return CUT;
  const { view, at } = packet;
  const isSnap = view.getUint16(at) === 0xaaaa && view.getUint8(at + 2) === 3;
  if (!isSnap) return NOT_IP;
  packet.at = at + 8;
  return decodeNetwork(packet, view.getUint16(at + 6));
}
