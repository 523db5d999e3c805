import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pcapParser from 'pcap-parser';
import { describe, expect, test } from 'vitest';
import type { Capture } from '../../src/capture/capture.js';
import { captureOf } from '../bytes.js';
import { ethernet, ip4, pcap } from '../packets.js';
import { recordings } from '../recordings.js';

interface Read {
  number: number;
  /** Microseconds since 1970. */
  time: bigint;
  /** Hexadecimal. */
  bytes: string;
  original: number;
}

async function readAll(capture: Capture): Promise<Read[]> {
  const frames: Read[] = [];
  for await (const frame of capture) {
    while (frame.next()) {
      const time = BigInt(frame.epoch) * 1_000_000n + BigInt(Math.floor(frame.time / 1000));
      frames.push({
        number: frame.number,
        time,
        bytes: Buffer.from(frame.bytes.subarray(frame.start, frame.start + frame.capturedLength)).toString('hex'),
        original: frame.originalLength,
      });
    }
  }
  return frames;
}

/** The same file read by an independent library. */
function readByLibrary(file: Buffer): Promise<Read[]> {
  return new Promise((resolve, reject) => {
    const frames: Read[] = [];
    const parser = pcapParser.parse(Readable.from([file]));
    parser.on('packet', ({ header, data }) => {
      const time = BigInt(header.timestampSeconds) * 1_000_000n + BigInt(header.timestampMicroseconds);
      frames.push({ number: frames.length + 1, time, bytes: data.toString('hex'), original: header.originalLength });
    });
    parser.on('end', () => resolve(frames));
    parser.on('error', reject);
  });
}

const A = ethernet({
  time: 0,
  source: '10.0.0.1',
  destination: '10.0.0.2',
  ttl: 64,
  ipId: 1,
  ecn: 0,
  payload: Buffer.from('0123456789'),
  protocol: 17,
});

describe('classic pcap', () => {
  test.each(recordings().flatMap(({ name, folder, captures }) => captures.map((file) => [`${name}/${file}`, join(folder, file)] as const)))(
    'an independent reader finds the same packets in %s',
    async (_, path) => {
      const file = readFileSync(path);
      expect(await readAll(captureOf(file))).toEqual(await readByLibrary(file));
    },
  );

  test('is read the same in pieces of any size', async () => {
    const file = pcap([1, 2, 3, 4, 5].map((time) => ({ time, bytes: A })));
    const whole = await readAll(captureOf(file));
    for (const piece of [1, 7, 16, 40, 4096]) expect(await readAll(captureOf(file, piece))).toEqual(whole);
    expect(whole.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  });

  test('keeps nanoseconds, in both byte orders', async () => {
    for (const little of [true, false]) {
      const file = Buffer.alloc(24 + 16);
      const u32 = (value: number, at: number): number => (little ? file.writeUInt32LE(value, at) : file.writeUInt32BE(value, at));
      const u16 = (value: number, at: number): number => (little ? file.writeUInt16LE(value, at) : file.writeUInt16BE(value, at));
      u32(0xa1b23c4d, 0);
      u16(2, 4);
      u16(4, 6);
      u32(65535, 16);
      u32(1, 20);
      u32(1_700_000_000, 24);
      u32(123_456_789, 28);
      const times: number[] = [];
      for await (const frame of captureOf(file)) while (frame.next()) times.push(frame.epoch, frame.time);
      expect(times).toEqual([1_700_000_000, 123_456_789]);
    }
  });

  test('gives the captured bytes when the snaplen cut a frame, and says how long it was', async () => {
    const [frame] = await readAll(captureOf(pcap([{ time: 0, bytes: A.subarray(0, 20), original: A.length }])));
    expect([frame?.bytes, frame?.original]).toEqual([A.toString('hex', 0, 20), A.length]);
  });
});

describe('a damaged pcap gives what was readable, and says what was not', () => {
  const whole = pcap([1, 2, 3].map((time) => ({ time, bytes: A })));
  const record = 16 + A.length;

  test.each([
    ['cut inside the last record', whole.subarray(0, whole.length - 5), 2, 'the last record is cut off'],
    ['cut inside the last record header', whole.subarray(0, 24 + 2 * record + 7), 2, 'the last record is cut off'],
    [
      'garbage instead of the third record',
      Buffer.concat([whole.subarray(0, 24 + 2 * record), Buffer.alloc(100, 0xff)]),
      2,
      'a record claims 4294967295 captured bytes (at most 262144 are possible)',
    ],
  ])('%s', async (_, file, frames, what) => {
    const capture = captureOf(file);
    expect((await readAll(capture)).length).toBe(frames);
    expect(capture.damage.map((damage) => damage.what)).toEqual([what]);
    expect(capture.damage[0]?.offset).toBe(24 + 2 * record);
  });

  test('a header alone is an empty capture, not a damaged one', async () => {
    const capture = captureOf(whole.subarray(0, 24));
    expect(await readAll(capture)).toEqual([]);
    expect(capture.damage).toEqual([]);
  });
});

describe('what is no capture is refused with a next step', () => {
  test.each([
    ['an empty file', Buffer.alloc(0), /is empty/],
    ['a few bytes of a header', pcap([]).subarray(0, 10), /it ends after 10 bytes, inside the file header/],
    ['text', Buffer.from('12:00:01 IP 10.0.0.1.80 > 10.0.0.2.40000: Flags [S]'), /it is text; record with "tcpdump -w FILE"/],
    ['a PNG image', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108', 'hex'), /it is a PNG image/],
    ['zstd', Buffer.from('28b52ffd04580100000000000000000000000000000000000000', 'hex'), /run "zstd -dc FILE \| tcpexplain -"/],
    [
      'random bytes',
      Buffer.from(ip4({ time: 0, source: '1.2.3.4', destination: '5.6.7.8', ttl: 1, ipId: 1, ecn: 0, payload: Buffer.alloc(20, 200), protocol: 6 })),
      /its first bytes are unknown/,
    ],
  ])('%s', async (_, file, message) => {
    await expect(readAll(captureOf(file))).rejects.toThrow(message);
  });
});
