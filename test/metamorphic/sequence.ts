import { adjust } from './headers.js';

const ETHERNET = 14;
const [IP4, IP6] = [0x0800, 0x86dd];
const [ICMP, TCP, ICMP6] = [1, 6, 58];
const [RST, ACK] = [4, 16];
const SACK = 5;

/**
 * TCP whose sequence numbers count from elsewhere: `by(sender)` is added to those of one side, modulo 2^32, also where ICMP quotes them.
 * Other frames are left as they are. A reset that answers a SYN has sequence number 0, whoever sends it (RFC 9293, section 3.5.2).
 */
export function renumbered(frame: Buffer, by: (sender: string) => number): Buffer {
  const bytes = Buffer.from(frame);
  const type = bytes.readUInt16BE(12);
  if (type === IP4 || type === IP6) renumberIp(bytes, ETHERNET, type === IP4, by);
  return bytes;
}

function renumberIp(bytes: Buffer, ip: number, is4: boolean, by: (sender: string) => number): void {
  if (bytes.length < ip + (is4 ? 20 : 40)) return;
  const protocol = bytes.readUInt8(ip + (is4 ? 9 : 6));
  const at = ip + (is4 ? (bytes.readUInt8(ip) & 15) * 4 : 40);
  const isError = (protocol === ICMP && [3, 11, 12].includes(bytes[at] ?? 0)) || (protocol === ICMP6 && (bytes[at] ?? 128) < 128);
  if (isError) renumberIp(bytes, at + 8, is4, by);
  if (protocol !== TCP || bytes.length < at + 8) return;
  const [first, size] = is4 ? [ip + 12, 4] : [ip + 8, 16];
  const [from, to] = [first, first + size].map((start) => bytes.subarray(start, start + size).toString('hex'));
  const [own, others] = [by(`${from}:${bytes.readUInt16BE(at)}`), by(`${to}:${bytes.readUInt16BE(at + 2)}`)];
  const flags = bytes[at + 13] ?? 0;
  if (!(flags & RST) || bytes.readUInt32BE(at + 4) !== 0) add(bytes, at, 4, own);
  if (bytes.length < at + 20) return; // quoted, and no more of it
  if (flags & ACK) add(bytes, at, 8, others);
  for (const edge of sackEdges(bytes, at)) add(bytes, at, edge, others);
}

/** Adds to a number of 32 bits in a TCP header; a wrong checksum stays wrong. */
function add(bytes: Buffer, at: number, offset: number, by: number): void {
  const number = bytes.subarray(at + offset, at + offset + 4);
  const before = Buffer.from(number);
  number.writeUInt32BE((before.readUInt32BE(0) + by) >>> 0, 0);
  if (bytes.length >= at + 18) adjust(bytes, at + 16, before, number);
}

/** Where in the header the edges of SACK blocks are. */
function sackEdges(bytes: Buffer, at: number): number[] {
  const end = Math.min(at + ((bytes.readUInt8(at + 12) >> 4) << 2), bytes.length);
  const edges: number[] = [];
  for (let option = at + 20; option < end; ) {
    const kind = bytes[option] ?? 0;
    const length = kind === 1 ? 1 : (bytes[option + 1] ?? 0);
    if (kind === 0 || length === 0) break;
    if (kind === SACK) for (let edge = option + 2; edge + 4 <= Math.min(option + length, end); edge += 4) edges.push(edge - at);
    option += length;
  }
  return edges;
}
