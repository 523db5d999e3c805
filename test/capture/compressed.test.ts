import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { captureOf } from '../bytes.js';
import { pcap } from '../packets.js';

async function count(file: Buffer): Promise<{ frames: number; damage: string[] }> {
  const capture = captureOf(file, 100);
  let frames = 0;
  for await (const frame of capture) while (frame.next()) frames++;
  return { frames, damage: capture.damage.map(({ what }) => what) };
}

const file = pcap(Array.from({ length: 200 }, (_, i) => ({ time: i, bytes: Buffer.alloc(80, i) })));
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };
const PACKINGS: readonly [name: string, pack: ((bytes: Buffer) => Buffer) | undefined][] = [
  ['gzip', zlib.gzipSync],
  ['zstd', zstdCompressSync],
];

describe.each(PACKINGS)('%s', (name, compress) => {
  const packed = (bytes: Buffer): Buffer => compress?.(bytes) ?? bytes;

  test.runIf(compress)('a capture is recognised by its content and read', async () => {
    expect(await count(packed(file))).toEqual({ frames: 200, damage: [] });
  });

  test.runIf(compress)('several packed pieces are one capture', async () => {
    expect(await count(Buffer.concat([packed(file.subarray(0, 5000)), packed(file.subarray(5000))]))).toEqual({ frames: 200, damage: [] });
  });

  test.runIf(compress)('a long capture comes out in the order in which it went in', async () => {
    const long = pcap(Array.from({ length: 20_000 }, (_, i) => ({ time: i, bytes: Buffer.alloc(80, `${i * 7919}`) })));
    const capture = captureOf(packed(long), 5000);
    const bytes: number[] = [];
    for await (const frame of capture) while (frame.next()) bytes.push(frame.bytes[frame.start] ?? 0);
    expect(bytes).toEqual(Array.from({ length: 20_000 }, (_, i) => `${i * 7919}`.charCodeAt(0)));
  });

  test.runIf(compress)('cut data gives what could be unpacked, and says so', async () => {
    const long = pcap(Array.from({ length: 20_000 }, (_, i) => ({ time: i, bytes: Buffer.alloc(80, `${i * 7919}`) })));
    const { frames, damage } = await count(packed(long).subarray(0, -40));
    expect(frames).toBeGreaterThan(0);
    expect(frames).toBeLessThan(20_000);
    expect(damage).toEqual([`the ${name} data is cut off`]);
  });

  test.runIf(compress)('a thousand times as many zeros do not fill the memory', async () => {
    const bomb = packed(Buffer.concat([pcap([]), Buffer.alloc(64 * 1024 * 1024)]));
    const before = process.memoryUsage().rss;
    await count(bomb);
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });
});

test('gzip within gzip is refused with a next step', async () => {
  await expect(count(zlib.gzipSync(zlib.gzipSync(file)))).rejects.toThrow('it is compressed twice; unpack it first');
});
