import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { Capture } from '../../src/capture/capture.js';
import { chunkSource } from '../../src/capture/source.js';
import { ethernet, pcap, tcpBytes } from '../packets.js';

const ENDS = { source: '10.0.0.1', destination: '10.0.0.2', destinationPort: 80 };
const FLOWS = 500;
const ROUNDS = 600;
/** Seconds: the rounds make an hour. */
const PAUSE = 6;

/** A live pipe: many conversations that go on sending, in one round after another, for an hour of the capture's clock. */
async function* rounds(measure: (round: number) => void): AsyncGenerator<Uint8Array> {
  const frames = Array.from({ length: FLOWS }, (_, i) => {
    const segment = tcpBytes({
      ...ENDS,
      sourcePort: 10_000 + i,
      seq: 0,
      ack: 1,
      flags: 16,
      window: 500,
      options: Buffer.alloc(0),
      length: 100,
      badChecksum: false,
    });
    return { time: 0, bytes: ethernet({ ...ENDS, time: 0, ttl: 64, ipId: 1, ecn: 0, payload: segment, protocol: 6 }) };
  });
  const file = pcap(frames);
  const record = (file.length - 24) / FLOWS;
  yield file.subarray(0, 24);
  for (let round = 0; round < ROUNDS; round++) {
    const next = Buffer.from(file.subarray(24));
    for (let at = 0; at < next.length; at += record) {
      next.writeUInt32LE(1_700_000_000 + round * PAUSE, at);
      next.writeUInt32BE(round * 100, at + 16 + 14 + 20 + 4);
      next.writeUInt16BE(round & 0xffff, at + 16 + 14 + 4);
    }
    measure(round);
    yield next;
  }
}

test('a live capture that goes on and on needs no more memory', async () => {
  const used: number[] = [];
  const measure = (round: number): void => {
    if (round % 100 !== 99) return;
    globalThis.gc?.();
    used.push(process.memoryUsage().heapUsed);
  };
  const report = await analyze(new Capture([async () => chunkSource('pipe', rounds(measure))]));
  expect(report.capture.frames).toBe(FLOWS * ROUNDS);
  expect(report.capture.seconds).toBe((ROUNDS - 1) * PAUSE);
  const [, warm = 0] = used;
  expect(((used.at(-1) ?? 0) - warm) / 1e6).toBeLessThan(40); // megabytes, garbage included
});
