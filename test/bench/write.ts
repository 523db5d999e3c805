import { closeSync, openSync, writeSync } from 'node:fs';
import { conversation, type Mix, type Random, randomFrom, type Sent } from './traffic.js';

const CHUNK = 4 << 20;
/** A port that no dissector claims: what is compared is the analysis of TCP. */
const SERVER_PORT = 39_999;
const PAYLOAD: Buffer = Buffer.alloc(1 << 16, 'tcp');
/** Of its first 0, 1, 2 ... words. */
const PAYLOAD_SUMS: Uint32Array = sums();

interface Talk {
  readonly packets: Iterator<Sent>;
  readonly addresses: readonly [number, number];
  readonly port: number;
  readonly ids: [number, number];
}

/** Writes a capture of so many packets, or, where `conversations` have come to an end before, fewer. Always the same bytes for the same wishes. */
export function writeCapture(path: string, mix: Mix, packets: number, conversations: number = Number.POSITIVE_INFINITY): void {
  const file = openSync(path, 'w');
  const out = Buffer.alloc(CHUNK + (1 << 17));
  let used = head(out, mix.snapLength);
  const random = randomFrom(packets);
  let begun = 0;
  const begin = (): Talk => talk(random, mix, begun++);
  const talks = Array.from({ length: Math.min(mix.together, conversations) }, begin);
  let time = 1_700_000_000_000_000;
  for (let written = 0; written < packets && talks.length > 0; ) {
    const i = random(talks.length);
    const { value } = (talks[i] as Talk).packets.next();
    if (value !== undefined) {
      time += 1 + random(19);
      used = record(out, used, talks[i] as Talk, value as Sent, time, mix.snapLength);
      written++;
    } else if (begun < conversations) talks[i] = begin();
    else talks.splice(i, 1);
    if (used > CHUNK) used -= writeSync(file, out, 0, used);
  }
  writeSync(file, out, 0, used);
  closeSync(file);
}

function talk(random: Random, mix: Mix, number: number): Talk {
  const addresses = [0x0a000000 | (1 + random(60_000)), 0xc0a80000 | (1 + random(4000))] as const;
  return { packets: conversation(random, mix), addresses, port: 1024 + ((number * 7919) % 64_000), ids: [random(65_536), random(65_536)] };
}

function head(out: Buffer, snapLength: number): number {
  for (const [i, word] of [0xa1b2c3d4, 0x00040002, 0, 0, snapLength, 1].entries()) out.writeUInt32LE(word, i * 4);
  return 24;
}

/** Record header, Ethernet, IPv4, TCP with timestamps. Returns where the next one goes. */
function record(out: Buffer, at: number, { addresses, port, ids }: Talk, sent: Sent, time: number, snapLength: number): number {
  const { fromClient, flags, seq, ack, length, window, sack } = sent;
  const side = fromClient ? 0 : 1;
  const isSyn = (flags & 2) !== 0;
  const options = isSyn ? 20 : sack === undefined ? 12 : 24;
  const total = 54 + options + length;
  const kept = Math.min(total, snapLength);
  out.writeUInt32LE(Math.floor(time / 1e6), at);
  out.writeUInt32LE(time % 1e6, at + 4);
  out.writeUInt32LE(kept, at + 8);
  out.writeUInt32LE(total, at + 12);
  const ip = at + 30;
  out.write('0200000000010200000000020800', at + 16, 'hex');
  out.write('4500000000004000400600000000000000000000', ip, 'hex');
  out.writeUInt16BE(total - 14, ip + 2);
  out.writeUInt16BE(ids[side]++ & 0xffff, ip + 4);
  out.writeUInt32BE(addresses[side] >>> 0, ip + 12);
  out.writeUInt32BE((addresses[1 - side] as number) >>> 0, ip + 16);
  const tcp = ip + 20;
  out.writeUInt16BE(fromClient ? port : SERVER_PORT, tcp);
  out.writeUInt16BE(fromClient ? SERVER_PORT : port, tcp + 2);
  out.writeUInt32BE(seq, tcp + 4);
  out.writeUInt32BE(ack, tcp + 8);
  out.writeUInt16BE((((20 + options) / 4) << 12) | flags, tcp + 12);
  out.writeUInt16BE(window, tcp + 14);
  out.writeUInt32BE(0, tcp + 16);
  const ticks = Math.floor(time / 1000) >>> 0;
  out.write(isSyn ? '020405b40402080a000000000000000001030307' : '0101080a0000000000000000', tcp + 20, 'hex');
  out.writeUInt32BE(ticks, tcp + (isSyn ? 28 : 24));
  if (!isSyn) out.writeUInt32BE(ticks, tcp + 28);
  if (sack !== undefined) {
    out.write('0101050a', tcp + 32, 'hex');
    out.writeUInt32BE(sack[0], tcp + 36);
    out.writeUInt32BE(sack[1], tcp + 40);
  }
  PAYLOAD.copy(out, tcp + 20 + options, 0, length);
  out.writeUInt16BE(checksum(sumOf(out, ip, ip + 20)), ip + 10);
  const pseudoHeader = 6 + total - 34 + sumOf(out, ip + 12, ip + 20);
  out.writeUInt16BE(checksum(pseudoHeader + sumOf(out, tcp, tcp + 20 + options) + payloadSum(length)), tcp + 16);
  return at + 16 + kept;
}

/** Of 16-bit words. */
function sumOf(bytes: Buffer, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at += 2) sum += bytes.readUInt16BE(at);
  return sum;
}

/** Of the first so many bytes of what is sent. */
function payloadSum(length: number): number {
  const even = PAYLOAD_SUMS[length >> 1] as number;
  return length % 2 === 0 ? even : even + (PAYLOAD[length - 1] as number) * 256;
}

/** RFC 1071. */
function checksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return ~folded & 0xffff;
}

function sums(): Uint32Array {
  const all = new Uint32Array(PAYLOAD.length / 2 + 1);
  for (let i = 1; i < all.length; i++) all[i] = (all[i - 1] as number) + PAYLOAD.readUInt16BE((i - 1) * 2);
  return all;
}
