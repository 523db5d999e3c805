import { decodeByVersion } from '../network.js';
import type { Packet } from '../packet.js';
import { CUT, NOT_IP, type Skipped } from '../skipped.js';
import { decodeEthernet } from './ethernet.js';

const MAGIC = 0x4d4743;
const HAS_EXTENSIONS = 0x80;
const HAS_NO_LINK_HEADER = 0x02;

/** LINKTYPE_JUNIPER_ETHER: "MGC", flags, and extensions as long as they say; then Ethernet, or four bytes and an IP packet. */
export function decodeJuniper(packet: Packet): Skipped {
  if (packet.left < 6) return CUT;
  const { view, at } = packet;
  const start = view.getUint32(at);
  if (start >>> 8 !== MAGIC) return NOT_IP;
  packet.at = at + 4 + (start & HAS_EXTENSIONS ? 2 + view.getUint16(at + 4) : 0);
  return start & HAS_NO_LINK_HEADER ? decodeByVersion(packet, 4) : decodeEthernet(packet);
}
