import type { Packet } from './packet.js';
import { CUT, NEIGHBOUR, NOT_IP, NOT_TCP, type Skipped } from './skipped.js';

/** The cursor for who asks for whose link address, or answers: ARP (RFC 826) or neighbour discovery (RFC 4861). */
export class Solicitation {
  isAnswer = false;
  /** 4 or 6. */
  family = 4;
  /** Who asks, or is told, as four words; of IPv4 the first three are 0. */
  readonly asker: Int32Array = new Int32Array(4);
  /** Whose link address it is about. */
  readonly target: Int32Array = new Int32Array(4);
}

const IP4_TYPE = 0x0800;
const REQUEST = 1;
const REPLY = 2;
const ARP_LENGTH = 28;

export function decodeArp(packet: Packet): Skipped {
  const { view, at, solicitation } = packet;
  if (packet.left < ARP_LENGTH) return CUT;
  const isIp4OverEthernet = view.getUint16(at + 2) === IP4_TYPE && view.getUint8(at + 4) === 6 && view.getUint8(at + 5) === 4;
  const operation = view.getUint16(at + 6);
  if (!isIp4OverEthernet || (operation !== REQUEST && operation !== REPLY)) return NOT_IP;
  const sender = view.getInt32(at + 14);
  const target = view.getInt32(at + 24);
  solicitation.family = 4;
  solicitation.isAnswer = operation === REPLY;
  solicitation.asker.fill(0);
  solicitation.target.fill(0);
  solicitation.asker[3] = solicitation.isAnswer ? target : sender;
  solicitation.target[3] = solicitation.isAnswer ? sender : target;
  return NEIGHBOUR;
}

export const SOLICITATION = 135;
export const ADVERTISEMENT = 136;

/** An ICMPv6 message of neighbour discovery; the addresses of its packet are in the segment cursor. */
export function decodeDiscovery(packet: Packet, type: typeof SOLICITATION | typeof ADVERTISEMENT): Skipped {
  const { view, at, solicitation, segment } = packet;
  if (packet.left < 24) return CUT;
  if (segment.family !== 6) return NOT_TCP;
  solicitation.family = 6;
  solicitation.isAnswer = type === ADVERTISEMENT;
  const { source0, source1, source2, source3, destination0, destination1, destination2, destination3 } = segment;
  if (solicitation.isAnswer) solicitation.asker.set([destination0, destination1, destination2, destination3]);
  else solicitation.asker.set([source0, source1, source2, source3]);
  for (let word = 0; word < 4; word++) solicitation.target[word] = view.getInt32(at + 8 + word * 4);
  return NEIGHBOUR;
}
