import { describe, expect, test } from 'vitest';
import { INBOUND, OUTBOUND } from '../../src/capture/frame.js';
import { captureOf } from '../bytes.js';

/** Builds pcapng blocks in one byte order. */
class Writer {
  constructor(private readonly little: boolean) {}

  u32(...values: number[]): Buffer {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [i, value] of values.entries())
      if (this.little) bytes.writeUInt32LE(value >>> 0, i * 4);
      else bytes.writeUInt32BE(value >>> 0, i * 4);
    return bytes;
  }

  u16(...values: number[]): Buffer {
    const bytes = Buffer.alloc(values.length * 2);
    for (const [i, value] of values.entries())
      if (this.little) bytes.writeUInt16LE(value, i * 2);
      else bytes.writeUInt16BE(value, i * 2);
    return bytes;
  }

  option(code: number, value: Buffer): Buffer {
    return Buffer.concat([this.u16(code, value.length), value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
  }

  block(type: number, ...body: Buffer[]): Buffer {
    const content = Buffer.concat(body);
    const padded = Buffer.concat([content, Buffer.alloc((4 - (content.length % 4)) % 4)]);
    return Buffer.concat([this.u32(type, padded.length + 12), padded, this.u32(padded.length + 12)]);
  }

  section(): Buffer {
    return this.block(0x0a0d0d0a, this.u32(0x1a2b3c4d), this.u16(1, 0), this.u32(0xffffffff, 0xffffffff));
  }

  interface(linkType: number, ...options: Buffer[]): Buffer {
    return this.block(1, this.u16(linkType, 0), this.u32(262144), ...options);
  }

  packet(interfaceId: number, ticks: bigint, data: Buffer, ...options: Buffer[]): Buffer {
    const padding = Buffer.alloc((4 - (data.length % 4)) % 4);
    return this.block(
      6,
      this.u32(interfaceId, Number(ticks >> 32n), Number(ticks & 0xffffffffn), data.length, data.length),
      data,
      padding,
      ...options,
    );
  }
}

interface Seen {
  time: number;
  linkType: number;
  interfaceId: number;
  direction: number;
  text: string;
}

async function read(file: Buffer): Promise<{ frames: Seen[]; damage: string[]; dropped: number }> {
  const capture = captureOf(file, 333);
  const frames: Seen[] = [];
  for await (const frame of capture) {
    while (frame.next()) {
      const { time, linkType, interfaceId, direction } = frame;
      frames.push({
        time: frame.epoch * 1e9 + time,
        linkType,
        interfaceId,
        direction,
        text: Buffer.from(frame.bytes.slice(frame.start, frame.start + frame.capturedLength)).toString(),
      });
    }
  }
  return { frames, damage: capture.damage.map(({ what }) => what), dropped: capture.files[0]?.dropped ?? 0 };
}

describe.each([true, false])('pcapng, little endian: %s', (little) => {
  const w = new Writer(little);

  test('several interfaces with their own link types and resolutions', async () => {
    const file = Buffer.concat([
      w.section(),
      w.interface(1),
      w.interface(113, w.option(9, Buffer.from([9])), w.u32(0)),
      w.packet(0, 5_000_001n, Buffer.from('microseconds')),
      w.packet(1, 5_000_000_123n, Buffer.from('nanoseconds')),
    ]);
    const { frames } = await read(file);
    expect(frames.map(({ time, linkType, interfaceId, text }) => [time, linkType, interfaceId, text])).toEqual([
      [5_000_001_000, 1, 0, 'microseconds'],
      [5_000_000_123, 113, 1, 'nanoseconds'],
    ]);
  });

  test('ticks that do not fit into 53 bits are exact to the nanosecond', async () => {
    const file = Buffer.concat([
      w.section(),
      w.interface(1, w.option(9, Buffer.from([9])), w.u32(0)),
      w.packet(0, 1_700_000_000_987_654_321n, Buffer.from('x')),
    ]);
    const capture = captureOf(file);
    for await (const frame of capture) while (frame.next()) expect([frame.epoch, frame.time]).toEqual([1_700_000_000, 987_654_321]);
  });

  test('a time offset of the interface and a resolution in powers of two', async () => {
    const offset = Buffer.alloc(8);
    if (little) offset.writeBigInt64LE(100n);
    else offset.writeBigInt64BE(100n);
    const file = Buffer.concat([
      w.section(),
      w.interface(1, w.option(9, Buffer.from([0x80 | 10])), w.option(14, offset), w.u32(0)),
      w.packet(0, 1536n, Buffer.from('x')),
    ]);
    expect((await read(file)).frames[0]?.time).toBe(101.5e9);
  });

  test('blocks that are no packets are skipped, unknown ones and secrets too', async () => {
    const file = Buffer.concat([
      w.section(),
      w.interface(1),
      w.block(4, w.u32(0)),
      w.block(0x0a, w.u32(0x544c534b, 6), Buffer.from('secret')),
      w.block(0x0bad, Buffer.alloc(40)),
      w.packet(0, 1n, Buffer.from('packet')),
      w.block(3, w.u32(6), Buffer.from('simple'), Buffer.alloc(2)),
    ]);
    expect((await read(file)).frames.map(({ text }) => text)).toEqual(['packet', 'simple']);
  });

  test('a second section forgets the interfaces of the first', async () => {
    const file = Buffer.concat([
      w.section(),
      w.interface(1),
      w.packet(0, 1n, Buffer.from('a')),
      w.section(),
      w.interface(101),
      w.packet(0, 2n, Buffer.from('b')),
    ]);
    expect((await read(file)).frames.map(({ linkType }) => linkType)).toEqual([1, 101]);
  });

  test('a second section in the other byte order is read in that', async () => {
    const other = new Writer(!little);
    const [first, second] = [Buffer.from('first'), Buffer.from('second')];
    const file = Buffer.concat([
      w.section(),
      w.interface(1),
      w.packet(0, 1n, first),
      other.section(),
      other.interface(101),
      other.packet(0, 2n, second),
    ]);
    const { frames, damage } = await read(file);
    expect(frames.map(({ time, linkType, text }) => [time, linkType, text])).toEqual([
      [1000, 1, 'first'],
      [2000, 101, 'second'],
    ]);
    expect(damage).toEqual([]);
  });

  test('a simple packet has no more bytes than the snaplen of its interface', async () => {
    const simple = w.block(3, w.u32(500), Buffer.from('what was kept'));
    const file = Buffer.concat([w.section(), w.block(1, w.u16(1, 0), w.u32(13)), simple, w.packet(0, 1n, Buffer.from('next'))]);
    expect((await read(file)).frames.map(({ text }) => text)).toEqual(['what was kept', 'next']);
  });

  test('the direction and the number of dropped packets are taken from the options', async () => {
    const count = Buffer.alloc(8);
    if (little) count.writeBigUInt64LE(7n);
    else count.writeBigUInt64BE(7n);
    const file = Buffer.concat([
      w.section(),
      w.interface(1),
      w.packet(0, 1n, Buffer.from('in'), w.option(2, w.u32(1)), w.u32(0)),
      w.packet(0, 2n, Buffer.from('out'), w.option(2, w.u32(2)), w.u32(0)),
      w.block(5, w.u32(0, 0, 3), w.option(5, count), w.u32(0)),
    ]);
    const { frames, dropped } = await read(file);
    expect(frames.map(({ direction }) => direction)).toEqual([INBOUND, OUTBOUND]);
    expect(dropped).toBe(7);
  });

  test.each([
    ['a block of impossible length', w.u32(6, 4), 'a block claims an impossible length of 4 bytes'],
    [
      'a block whose two lengths differ',
      Buffer.concat([w.u32(5, 16), w.u32(0), w.u32(99)]),
      'the two lengths of a block differ (16 bytes at its start)',
    ],
    ['a packet of an unknown interface', w.packet(9, 1n, Buffer.from('x')), 'a packet names interface 9, which the file does not describe'],
    ['a block that is cut off', w.packet(0, 1n, Buffer.from('x')).subarray(0, 20), 'the last record is cut off'],
    [
      'a packet larger than its block',
      w.block(6, w.u32(0, 0, 1, 500, 500), Buffer.alloc(8)),
      'a packet block claims 500 captured bytes, more than it can hold',
    ],
  ])('damage is named: %s', async (_, tail, what) => {
    const { frames, damage } = await read(
      Buffer.concat([
        w.section(),
        w.interface(1),
        w.packet(0, 1n, Buffer.from('good')),
        Buffer.concat([tail, Buffer.alloc(12)]).subarray(0, Math.max(tail.length, 20)),
      ]),
    );
    expect(frames.map(({ text }) => text)).toEqual(['good']);
    expect(damage).toEqual([what]);
  });
});
