import { addressBytes, type Renaming } from './renaming.js';

/** Bytes of an Ethernet header. */
const ETHERNET = 14;
const IP4 = 0x0800;
const IP6 = 0x86dd;
const ARP = 0x0806;
const [ICMP, TCP, ICMP6] = [1, 6, 58];

/** An Ethernet frame with other addresses and ports, in ARP and in what ICMP quotes as well. */
export function renamed(frame: Buffer, names: Renaming): Buffer {
  const bytes = Buffer.from(frame);
  const type = bytes.readUInt16BE(12);
  if (type === IP4) rename4(bytes, ETHERNET, names);
  if (type === IP6) rename6(bytes, ETHERNET, names);
  if (type === ARP) for (const at of [ETHERNET + 14, ETHERNET + 24]) names.address(bytes.subarray(at, at + 4));
  return bytes;
}

function rename4(bytes: Buffer, at: number, names: Renaming): void {
  const header = (bytes.readUInt8(at) & 15) * 4;
  const before = bytes.subarray(at + 12, at + 20).toString('hex');
  names.address(bytes.subarray(at + 12, at + 16));
  names.address(bytes.subarray(at + 16, at + 20));
  const after = bytes.subarray(at + 12, at + 20);
  adjust(bytes, at + 10, Buffer.from(before, 'hex'), after);
  renameInside(bytes, at + header, bytes.readUInt8(at + 9), Buffer.from(before, 'hex'), after, names);
}

function rename6(bytes: Buffer, at: number, names: Renaming): void {
  const before = Buffer.from(bytes.subarray(at + 8, at + 40));
  names.address(bytes.subarray(at + 8, at + 24));
  names.address(bytes.subarray(at + 24, at + 40));
  renameInside(bytes, at + 40, bytes.readUInt8(at + 6), before, bytes.subarray(at + 8, at + 40), names);
}

function renameInside(bytes: Buffer, at: number, protocol: number, before: Buffer, after: Buffer, names: Renaming): void {
  if (protocol === ICMP && isIcmpError(bytes[at]) && bytes.length >= at + 8 + 24) rename4(bytes, at + 8, names);
  if (protocol === ICMP6 && (bytes[at] ?? 128) < 128 && bytes.length >= at + 8 + 44) rename6(bytes, at + 8, names);
  if (protocol !== TCP || bytes.length < at + 4) return;
  const ports = Buffer.from(bytes.subarray(at, at + 4));
  for (const port of [at, at + 2]) bytes.writeUInt16BE(names.port(bytes.readUInt16BE(port)), port);
  if (bytes.length < at + 18) return; // quoted without its checksum
  adjust(bytes, at + 16, Buffer.concat([before, ports]), Buffer.concat([after, bytes.subarray(at, at + 4)]));
}

function isIcmpError(type: number | undefined): boolean {
  return type === 3 || type === 11 || type === 12;
}

/** RFC 1624: a checksum after some words that it covers have changed. A wrong one stays wrong. */
export function adjust(bytes: Buffer, at: number, before: Buffer, after: Buffer): void {
  let sum = ~bytes.readUInt16BE(at) & 0xffff;
  for (let i = 0; i < before.length; i += 2) sum += ~before.readUInt16BE(i) & 0xffff;
  for (let i = 0; i < after.length; i += 2) sum += after.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(~sum & 0xffff, at);
}

/** The same segment in IPv6; undefined for anything but TCP in IPv4. */
export function inIp6(frame: Buffer): Buffer | undefined {
  if (frame.readUInt16BE(12) !== IP4 || frame.readUInt8(ETHERNET + 9) !== TCP) return undefined;
  const at = ETHERNET;
  const header = (frame.readUInt8(at) & 15) * 4;
  const ip6 = Buffer.alloc(40);
  ip6.writeUInt32BE(0x60000000 + frame.readUInt8(at + 1) * 0x100000, 0);
  ip6.writeUInt16BE(frame.readUInt16BE(at + 2) - header, 4);
  ip6[6] = TCP;
  ip6[7] = frame.readUInt8(at + 8);
  addressBytes(frame.subarray(at + 12, at + 16)).copy(ip6, 8);
  addressBytes(frame.subarray(at + 16, at + 20)).copy(ip6, 24);
  const tcp = Buffer.from(frame.subarray(at + header));
  if (tcp.length >= 18) adjust(tcp, 16, frame.subarray(at + 12, at + 20), ip6.subarray(8, 40));
  const ethernet = Buffer.from(frame.subarray(0, ETHERNET));
  ethernet.writeUInt16BE(IP6, 12);
  return Buffer.concat([ethernet, ip6, tcp]);
}

export function withVlan(frame: Buffer): Buffer {
  return Buffer.concat([frame.subarray(0, 12), Buffer.from([0x81, 0x00, 0x00, 0x2a]), frame.subarray(12)]);
}

/** LINKTYPE_LINUX_SLL2: the protocol, the interface, the kind of packet (0: to this host) and the sender's address come first. */
export function cooked(frame: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(frame.readUInt16BE(12), 0);
  head.writeUInt32BE(3, 4);
  head.writeUInt16BE(1, 8);
  head[10] = 5; // none of the kinds that tell a direction
  head[11] = 6;
  frame.copy(head, 12, 6, 12);
  return Buffer.concat([head, frame.subarray(ETHERNET)]);
}

/** In VXLAN (RFC 7348), between two other hosts. */
export function inVxlan(frame: Buffer, original: number): Buffer {
  const outer = Buffer.alloc(ETHERNET + 20 + 8 + 8);
  outer.writeUInt16BE(IP4, 12);
  outer[14] = 0x45;
  outer.writeUInt16BE(36 + original, 16);
  outer[22] = 64;
  outer[23] = 17;
  Buffer.from([192, 0, 2, 1, 192, 0, 2, 2]).copy(outer, 26);
  outer.writeUInt16BE(50000, 34);
  outer.writeUInt16BE(4789, 36);
  outer.writeUInt16BE(16 + original, 38);
  outer[42] = 0x08;
  outer[48] = 7;
  return Buffer.concat([outer, frame]);
}

/** Who sent a TCP segment over IPv4 or IPv6, and its flags; undefined for anything else. */
export function tcpOf(frame: Buffer): { sender: string; source: number; flags: number; from: string; to: string } | undefined {
  const type = frame.readUInt16BE(12);
  const is4 = type === IP4 && frame.readUInt8(ETHERNET + 9) === TCP;
  if (!is4 && !(type === IP6 && frame.readUInt8(ETHERNET + 6) === TCP)) return undefined;
  const at = ETHERNET + (is4 ? (frame.readUInt8(ETHERNET) & 15) * 4 : 40);
  const [first, size] = is4 ? [ETHERNET + 12, 4] : [ETHERNET + 8, 16];
  const from = frame.subarray(first, first + size).toString('hex');
  const to = frame.subarray(first + size, first + 2 * size).toString('hex');
  const source = frame.readUInt16BE(at);
  return { sender: `${from}:${source}`, source, flags: frame.readUInt8(at + 13), from, to };
}
