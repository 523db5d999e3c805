import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ethernet, ip4, tcpBytes } from '../packets.js';
import { CLIENT, decoded, hex, SERVER } from './decoded.js';

const segment = (seq: number): { source: string; destination: string; payload: Buffer } => ({
  source: CLIENT,
  destination: SERVER,
  payload: tcpBytes({
    ...{ source: CLIENT, destination: SERVER, sourcePort: 40000, destinationPort: 443 },
    ...{ seq, ack: 1, flags: 0x18, window: 512, options: Buffer.alloc(0), length: 5, badChecksum: false },
  }),
});
const ordinary = { time: 0, ttl: 64, ipId: 7, ecn: 0, protocol: 6 };
const packet = (seq: number): Buffer => ip4({ ...ordinary, ...segment(seq) });
const frame = (seq: number): Buffer => ethernet({ ...ordinary, ...segment(seq) });

const seqs = (found: Awaited<ReturnType<typeof decoded>>): number[] => found.filter(({ as }) => as === 'TCP').map(({ segment: { seq } }) => seq);
const kinds = (found: Awaited<ReturnType<typeof decoded>>): string[] => found.map(({ as }) => as);

describe('a netlink socket hands over several logged packets at once', () => {
  type Order = 'LE' | 'BE';

  const u16 = (value: number, order: Order): Buffer => Buffer.from(order === 'LE' ? [value & 0xff, value >> 8] : [value >> 8, value & 0xff]);
  const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const value = (type: number, bytes: Buffer, order: Order): Buffer => padded(Buffer.concat([u16(4 + bytes.length, order), u16(type, order), bytes]));

  function message(type: number, body: Buffer, order: Order): Buffer {
    const head = Buffer.alloc(16);
    head[order === 'LE' ? 'writeUInt32LE' : 'writeUInt32BE'](16 + body.length, 0);
    u16(type, order).copy(head, 4);
    return padded(Buffer.concat([head, body]));
  }

  const logged = (seq: number, order: Order): Buffer =>
    message(0x0400, Buffer.concat([hex('02000001'), value(10, hex('00'), order), value(9, packet(seq), order)]), order);

  const netlink = (family: number, ...messages: Buffer[]): Buffer =>
    Buffer.concat([hex('0004 0338 0000 0000000000000000'), u16(family, 'BE'), ...messages]);

  test.each<Order>(['LE', 'BE'])('each is found, whatever else is said between them (%s)', async (order) => {
    const other = message(0x0401, hex('02000001 01020304'), order);
    const found = await decoded(253, { bytes: netlink(12, logged(100, order), other, logged(200, order), logged(300, order), other) });
    expect(seqs(found)).toEqual([100, 200, 300]);
    expect(found).toHaveLength(3);
    expect(found[2]?.segment).toMatchObject({ frame: 1, sourcePort: 40000, length: 5, checksumVerdict: 1 });
  });

  test('the next frame begins anew', async () => {
    const found = await decoded(253, { bytes: netlink(12, logged(100, 'LE'), logged(200, 'LE')) }, { bytes: netlink(12, logged(300, 'LE')) });
    expect(found.map(({ segment: { frame, seq } }) => [frame, seq])).toEqual([
      [1, 100],
      [1, 200],
      [2, 300],
    ]);
  });

  test('messages about routes hold no packet', async () => {
    expect(kinds(await decoded(253, { bytes: netlink(0, logged(100, 'LE')) }))).toEqual(['not IP']);
  });

  test('what the snaplen cut off of the last packet is missing there, and only there', async () => {
    const whole = netlink(12, logged(100, 'LE'), logged(200, 'LE'));
    const found = await decoded(253, { bytes: whole.subarray(0, whole.length - 30), original: whole.length });
    expect(kinds(found)).toEqual(['TCP', 'cut too short']);
  });

  test('a message that claims to be shorter than its own header ends the frame', async () => {
    const found = await decoded(253, { bytes: netlink(12, logged(100, 'LE'), Buffer.alloc(16), logged(200, 'LE')) });
    expect(seqs(found)).toEqual([100]);
  });
});

describe('an sFlow datagram brings samples of packets', () => {
  const u32 = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
    return bytes;
  };
  const tagged = (type: number, body: Buffer): Buffer => Buffer.concat([u32(type, body.length), body]);
  const rawHeader = (protocol: number, header: Buffer): Buffer =>
    tagged(1, Buffer.concat([u32(protocol, 1500, 4, header.length), header, Buffer.alloc(-header.length & 3)]));
  const otherRecord = tagged(1001, u32(1, 2, 3, 4));
  const flowSample = (...records: Buffer[]): Buffer => tagged(1, Buffer.concat([u32(1, 2, 3, 4, 5, 6, 7, records.length), ...records]));
  const expandedSample = (...records: Buffer[]): Buffer => tagged(3, Buffer.concat([u32(1, 0, 2, 3, 4, 5, 0, 6, 0, 7, records.length), ...records]));
  const counters = tagged(2, Buffer.concat([u32(1, 2, 1), tagged(1, Buffer.alloc(88))]));

  const udp = (payload: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(6343, 2);
    head.writeUInt16BE(8 + payload.length, 4);
    return ip4({ ...ordinary, source: '10.0.0.9', destination: '10.0.0.8', protocol: 17, payload: Buffer.concat([head, payload]) });
  };
  const sflow = (...samples: Buffer[]): Buffer => Buffer.concat([u32(5, 1, 0x0a000009, 0, 1, 1000, samples.length), ...samples]);
  const sampled = 'TCP sampled by sFlow';

  test('each of them is found, in samples of both forms, and is no segment of a conversation', async () => {
    const bytes = udp(sflow(counters, flowSample(otherRecord, rawHeader(1, frame(100))), expandedSample(rawHeader(11, packet(200)), otherRecord)));
    const found = await decoded(101, { bytes });
    expect(kinds(found)).toEqual([sampled, sampled]);
    expect(found.map(({ segment: { seq, quotedLength } }) => [seq, quotedLength])).toEqual([
      [100, 25],
      [200, 25],
    ]);
  });

  test('from an agent with an IPv6 address', async () => {
    const bytes = udp(Buffer.concat([u32(5, 2, 1, 2, 3, 4, 0, 1, 1000, 1), flowSample(rawHeader(1, frame(100)))]));
    expect(kinds(await decoded(101, { bytes }))).toEqual([sampled]);
  });

  test.each<[string, Buffer]>([
    ['counters alone', sflow(counters)],
    ['an older version', Buffer.concat([u32(4), sflow(flowSample(rawHeader(1, frame(100)))).subarray(4)])],
    ['a header of another kind', sflow(flowSample(rawHeader(4, frame(100))))],
    ['nothing at all', Buffer.alloc(4)],
  ])('%s: no TCP', async (_, payload) => {
    expect(kinds(await decoded(101, { bytes: udp(payload) }))).toEqual(['not TCP']);
  });

  test('samples within samples come to an end', async () => {
    let nested = frame(100);
    for (let i = 0; i < 40; i++) nested = udp(sflow(flowSample(rawHeader(11, nested))));
    expect(kinds(await decoded(101, { bytes: nested }))).toEqual(['not TCP']);
  });

  test('lengths that are lies lead nowhere', async () => {
    const honest = udp(sflow(counters, flowSample(otherRecord, rawHeader(1, frame(100))), expandedSample(rawHeader(1, frame(200)))));
    const lie = fc.tuple(fc.integer({ min: 28, max: honest.length - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(lie, { minLength: 1, maxLength: 8 }), async (lies) => {
        const bytes = Buffer.from(honest);
        for (const [at, value] of lies) bytes[at] = value;
        const found = await decoded(101, { bytes });
        expect(found.length).toBeLessThanOrEqual(bytes.length / 24);
      }),
    );
  });
});
