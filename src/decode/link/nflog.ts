import { decodeByVersion } from '../network.js';
import type { Packet } from '../packet.js';
import { CUT, NOT_IP, type Skipped } from '../skipped.js';

const PAYLOAD = 9;

/** LINKTYPE_NFLOG: type-length-value, lengths in the byte order of the host; the packet is one of the values. */
export function decodeNflog(packet: Packet): Skipped {
  const { view } = packet;
  packet.at += 4;
  while (packet.left >= 4) {
    const little = view.getUint8(packet.at + 1) === 0 || view.getUint8(packet.at) > view.getUint8(packet.at + 1);
    const length = view.getUint16(packet.at, little);
    const type = view.getUint16(packet.at + 2, little) & 0x7fff;
    if (length < 4) return NOT_IP;
    if (type === PAYLOAD) {
      packet.limit(length);
      return decodeByVersion(packet, 4);
    }
    packet.at += padded(length);
  }
  return NOT_IP;
}

const COOKED_HEADER = 16;
const MESSAGE_HEADER = 16;
const NETFILTER = 12;
/** Subsystem NFNL_SUBSYS_ULOG, message NFULNL_MSG_PACKET. */
const LOGGED_PACKET = 0x0400;

/** LINKTYPE_NETLINK: what a netlink socket carries; of the netfilter family, packets that were logged, many in a frame. */
export function decodeNetlink(packet: Packet): Skipped {
  if (packet.left < COOKED_HEADER) return CUT;
  const family = packet.view.getUint16(packet.at + 14);
  packet.at += COOKED_HEADER;
  return family === NETFILTER ? packet.rest.hold(loggedPackets(packet), packet, decodeLogged) : NOT_IP;
}

function decodeLogged(packet: Packet): Skipped {
  packet.limit(messageLength(packet.view, packet.at));
  packet.at += MESSAGE_HEADER;
  return decodeNflog(packet);
}

/** Where the messages start that hold a packet. */
function loggedPackets({ view, at, end }: Packet): number[] {
  const starts: number[] = [];
  for (let message = at; message + MESSAGE_HEADER <= end; ) {
    const length = messageLength(view, message);
    if (length < MESSAGE_HEADER) break;
    const isLittle = view.getUint32(message, true) === length;
    if (view.getUint16(message + 4, isLittle) === LOGGED_PACKET) starts.push(message);
    message += padded(length);
  }
  return starts;
}

/** It stands in the byte order of the host, whichever that is: read in the other, it would be a thousand times as long. */
function messageLength(view: DataView, at: number): number {
  return Math.min(view.getUint32(at, true), view.getUint32(at));
}

/** Messages and values start at multiples of four bytes. */
function padded(length: number): number {
  return length + (-length & 3);
}
