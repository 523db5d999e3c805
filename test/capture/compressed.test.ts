import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { captureOf } from '../bytes.js';
import { pcap } from '../packets.js';

async function count(file: Buffer): Promise<{ frames: number; damage: string[] }> {
  const capture = captureOf(file, 100);
  let frames = 0;
  for await (const frame of capture) while (frame.next()) frames++;
  return { frames, damage: capture.damage.map(({ what }) => what) };
}

const file = pcap(Array.from({ length: 200 }, (_, i) => ({ time: i, bytes: Buffer.alloc(80, i) })));

test('a gzipped capture is recognised by its content and read', async () => {
  expect(await count(gzipSync(file))).toEqual({ frames: 200, damage: [] });
});

test('several gzip members are one capture', async () => {
  expect(await count(Buffer.concat([gzipSync(file.subarray(0, 5000)), gzipSync(file.subarray(5000))]))).toEqual({ frames: 200, damage: [] });
});

test('cut gzip data gives what could be unpacked, and says so', async () => {
  const { frames, damage } = await count(gzipSync(file).subarray(0, -40));
  expect(frames).toBeGreaterThan(0);
  expect(frames).toBeLessThan(201);
  expect(damage).toEqual(['the gzip data is cut off']);
});

test('gzip within gzip is refused with a next step', async () => {
  await expect(count(gzipSync(gzipSync(file)))).rejects.toThrow('it is compressed twice; unpack it first');
});

test('a gigabyte of zeros in a megabyte of gzip does not fill the memory', async () => {
  const head = pcap([]);
  const bomb = gzipSync(Buffer.concat([head, Buffer.alloc(64 * 1024 * 1024)]));
  const before = process.memoryUsage().rss;
  await count(bomb);
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
});
