import { ethernet, tcpBytes } from '../packets.js';
import { type RecordedFrame, toPcap } from './frames.js';

const CLIENT = '198.51.100.1';
const SERVER = '198.51.100.2';
const [FIN, SYN, ACK] = [1, 2, 16];
const MILLISECOND = 1_000_000n;

/** A short, healthy conversation of two other hosts put among the frames, somewhere else for each `turn`. */
export function withUnrelated(
  frames: readonly RecordedFrame[],
  turn: number,
): { file: Buffer; unrelated: (frame: number) => boolean; numberOf: (frame: number) => number } {
  const from = frames[turn % frames.length]?.time ?? 0n;
  const others = conversation(from);
  const all = [...frames, ...others].sort((a, b) => Number(a.time - b.time));
  const place = new Map(all.map((frame, i) => [frame, i + 1]));
  const strangers = new Set(others.map((frame) => place.get(frame)));
  return {
    file: toPcap(all),
    unrelated: (frame) => strangers.has(frame),
    numberOf: (frame) => place.get(frames[frame - 1] as RecordedFrame) ?? 0,
  };
}

function conversation(from: bigint): RecordedFrame[] {
  const steps: [isClient: boolean, flags: number, seq: number, ack: number, length: number][] = [
    [true, SYN, 0, 0, 0],
    [false, SYN | ACK, 0, 1, 0],
    [true, ACK, 1, 1, 0],
    [true, ACK, 1, 1, 100],
    [false, ACK, 1, 101, 300],
    [true, FIN | ACK, 101, 301, 0],
    [false, FIN | ACK, 301, 102, 0],
    [true, ACK, 102, 302, 0],
  ];
  return steps.map(([isClient, flags, seq, ack, length], i) => {
    const [source, destination] = isClient ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const [sourcePort, destinationPort] = isClient ? [41000, 80] : [80, 41000];
    const segment = { source, destination, sourcePort, destinationPort, seq, ack, flags, length };
    const payload = tcpBytes({ ...segment, window: 64240, options: Buffer.alloc(0), badChecksum: false });
    const bytes = ethernet({ time: 0, source, destination, ttl: 64, ipId: i + 1, ecn: 0, payload, protocol: 6 });
    return { time: from + BigInt(i) * MILLISECOND + 1n, bytes, original: bytes.length };
  });
}
