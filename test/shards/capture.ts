import { join } from 'node:path';
import { framesOf, type RecordedFrame, toPcap } from '../metamorphic/frames.js';
import { checksum } from '../packets.js';
import { recordings } from '../recordings.js';

const ETHERNET = 14;
const IP4 = 0x0800;
const IP_IN_IP = 4;
const MORE_FRAGMENTS = 0x2000;

/** What the client saw in each recording whose name passes, as if all had begun in the same moment and on one wire. */
export function recordedTogether(
  isWanted: (name: string) => boolean,
  change: (frame: RecordedFrame) => RecordedFrame[] = (frame) => [frame],
): Buffer {
  const all = recordings().filter(({ name }) => isWanted(name));
  const frames = all.flatMap(({ folder, captures }) => {
    const [first] = captures;
    const own = first === undefined ? [] : (framesOf(join(folder, first)) ?? []);
    const start = own[0]?.time ?? 0n;
    return own.flatMap(change).map((frame) => ({ ...frame, time: 1_700_000_000_000_000_000n + frame.time - start }));
  });
  return toPcap(frames.toSorted((a, b) => Number(a.time - b.time)));
}

function isIp4({ bytes, original }: RecordedFrame): boolean {
  return bytes.length === original && bytes.readUInt16BE(12) === IP4 && bytes[ETHERNET] === 0x45;
}

/** In a tunnel between two hosts that have nothing to do with the conversation. */
export function tunnelled(frame: RecordedFrame): RecordedFrame[] {
  if (!isIp4(frame)) return [frame];
  const inner = frame.bytes.subarray(ETHERNET);
  const outer = Buffer.from('4500000000004000400400000ac800010ac80002', 'hex');
  outer.writeUInt16BE(outer.length + inner.length, 2);
  outer[9] = IP_IN_IP;
  return [ofBytes(frame, frame.bytes.subarray(0, ETHERNET), withSum(outer), inner)];
}

/** Every packet that is long enough, in two fragments: the second one has no ports. */
export function fragmented(frame: RecordedFrame): RecordedFrame[] {
  const { bytes } = frame;
  const end = ETHERNET + bytes.readUInt16BE(ETHERNET + 2);
  const cut = ETHERNET + 20 + 24;
  if (!isIp4(frame) || end <= cut || end > bytes.length) return [frame];
  const part = (from: number, to: number): RecordedFrame => {
    const header = Buffer.from(bytes.subarray(ETHERNET, ETHERNET + 20));
    header.writeUInt16BE(20 + to - from, 2);
    header.writeUInt16BE((to < end ? MORE_FRAGMENTS : 0) | ((from - ETHERNET - 20) / 8), 6);
    return ofBytes(frame, bytes.subarray(0, ETHERNET), withSum(header), bytes.subarray(from, to));
  };
  return [part(ETHERNET + 20, cut), part(cut, end)];
}

function ofBytes({ time }: RecordedFrame, ...parts: readonly Uint8Array[]): RecordedFrame {
  const bytes = Buffer.concat(parts);
  return { time, bytes, original: bytes.length };
}

function withSum(header: Buffer): Buffer {
  header.writeUInt16BE(0, 10);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}
