import { readFileSync } from 'node:fs';

/** A frame of a recording, to be changed and written again. */
export interface RecordedFrame {
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly bytes: Buffer;
  /** Bytes it had on the wire. */
  readonly original: number;
}

export const ETHERNET = 1;

/** The frames of a recording on Ethernet; undefined for another link type. */
export function framesOf(path: string): RecordedFrame[] | undefined {
  const { linkType, frames } = recordedIn(path);
  return linkType === ETHERNET ? frames : undefined;
}

/** What is in a recording as the lab writes it: classic pcap, little endian, microseconds. */
export function recordedIn(path: string): { linkType: number; frames: RecordedFrame[] } {
  const file = readFileSync(path);
  if (file.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error(`${path} is not as the lab writes recordings`);
  const frames: RecordedFrame[] = [];
  for (let at = 24; at < file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const time = BigInt(file.readUInt32LE(at)) * 1_000_000_000n + BigInt(file.readUInt32LE(at + 4)) * 1000n;
    frames.push({ time, bytes: file.subarray(at + 16, at + 16 + length), original: file.readUInt32LE(at + 12) });
    at += 16 + length;
  }
  return { linkType: file.readUInt32LE(20), frames };
}

/** As classic pcap with nanoseconds. */
export function toPcap(frames: readonly RecordedFrame[], linkType: number = ETHERNET): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b23c4d, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(262144, 16);
  head.writeUInt32LE(linkType, 20);
  return Buffer.concat([head, ...frames.flatMap(record)]);
}

function record({ time, bytes, original }: RecordedFrame): Buffer[] {
  return [words(Number(time / 1_000_000_000n), Number(time % 1_000_000_000n), bytes.length, original), bytes];
}

/** As pcapng with nanoseconds. */
export function toPcapng(frames: readonly RecordedFrame[]): Buffer {
  const nanoseconds = Buffer.concat([Buffer.from([9, 0, 1, 0, 9, 0, 0, 0]), words(0)]);
  const description = block(1, words(ETHERNET, 262144), nanoseconds);
  const section = block(0x0a0d0d0a, words(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff));
  return Buffer.concat([section, description, ...frames.map(({ time, bytes, original }) => packetBlock(time, bytes, original))]);
}

function packetBlock(time: bigint, bytes: Buffer, original: number): Buffer {
  const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4);
  return block(6, words(0, Number(time >> 32n), Number(time & 0xffffffffn), bytes.length, original), bytes, padding);
}

function block(type: number, ...body: Buffer[]): Buffer {
  const length = 12 + body.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([words(type, length), ...body, words(length)]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, i * 4);
  return bytes;
}
