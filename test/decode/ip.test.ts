import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ip4 } from '../packets.js';
import { CLIENT, decoded, hex, ip6, SEGMENT, SERVER } from './decoded.js';

const IP = ip4({ time: 0, source: CLIENT, destination: SERVER, ttl: 64, ipId: 7, ecn: 0, payload: SEGMENT, protocol: 6 });

/** An IPv4 fragment of a packet with a payload. */
function fragment(from: number, to: number, whole: Buffer = SEGMENT): { bytes: Buffer } {
  const bytes = ip4({ time: 0, source: CLIENT, destination: SERVER, ttl: 64, ipId: 7, ecn: 0, payload: whole.subarray(from, to), protocol: 6 });
  bytes.writeUInt16BE((to < whole.length ? 0x2000 : 0) | (from >> 3), 6);
  return { bytes };
}

/** The same of an IPv6 packet. */
function fragment6(from: number, to: number): { bytes: Buffer } {
  const header = hex('0600 0000 000004d2');
  header.writeUInt16BE(from | (to < SEGMENT.length ? 1 : 0), 2);
  return { bytes: ip6(44, Buffer.concat([header, SEGMENT.subarray(from, to)])) };
}

const as = (found: { as: string }[]): string[] => found.map((one) => one.as);

describe('IPv4', () => {
  test('options are skipped', async () => {
    const withOptions = Buffer.concat([IP.subarray(0, 20), hex('94040000'), SEGMENT]);
    withOptions[0] = 0x46;
    withOptions.writeUInt16BE(withOptions.length, 2);
    expect((await decoded(101, { bytes: withOptions }))[0]).toMatchObject({ as: 'TCP', segment: { sourcePort: 40000, length: 5 } });
  });

  test('on its way along a source route a packet is addressed to its last hop', async () => {
    const routed = Buffer.concat([IP.subarray(0, 20), hex('83 07 04 0a000009 00'), SEGMENT]);
    routed[0] = 0x47;
    routed.writeUInt16BE(routed.length, 2);
    expect((await decoded(101, { bytes: routed }))[0]?.segment.destination3).toBe(0x0a000009);
  });
});

describe('fragments', () => {
  test.each([
    ['IPv4', fragment],
    ['IPv6', fragment6],
  ])('%s: the segment belongs to the frame that completes it, in whatever order they come', async (_, part) => {
    const parts = [part(0, 8), part(8, 16), part(16, 24), part(24, SEGMENT.length)];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), async (order) => {
        const found = await decoded(101, ...order.map((i) => parts[i] as { bytes: Buffer }));
        expect(as(found)).toEqual(['incomplete IP fragments', 'incomplete IP fragments', 'incomplete IP fragments', 'TCP']);
        expect(found.at(-1)?.segment).toMatchObject({ sourcePort: 40000, seq: 1000, ack: 2000, length: 5 });
      }),
      { numRuns: 24 },
    );
  });

  test('overlapping ones complete a packet, a hole does not', async () => {
    expect(as(await decoded(101, fragment(0, 16), fragment(8, SEGMENT.length)))).toEqual(['incomplete IP fragments', 'TCP']);
    expect(as(await decoded(101, fragment(0, 8), fragment(16, SEGMENT.length)))).toEqual(['incomplete IP fragments', 'incomplete IP fragments']);
  });

  test('however they overlap, the packet is complete with the fragment that brings its last missing byte', async () => {
    const whole = Buffer.concat([SEGMENT, Buffer.alloc(128 - SEGMENT.length)]);
    const part = fc.tuple(fc.nat({ max: 15 }), fc.nat({ max: 15 })).map(([a, b]) => ({ from: Math.min(a, b) * 8, to: (Math.max(a, b) + 1) * 8 }));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 30 }), async (parts) => {
        const missing = new Set(Array.from(whole, (_, at) => at));
        const complete = parts.findIndex(({ from, to }) => {
          for (let at = from; at < to; at++) missing.delete(at);
          return missing.size === 0;
        });
        const until = complete < 0 ? parts : parts.slice(0, complete + 1);
        const found = as(await decoded(101, ...until.map(({ from, to }) => fragment(from, to, whole))));
        expect(found).toEqual(until.map((_, i) => (i === complete ? 'TCP' : 'incomplete IP fragments')));
      }),
    );
  });

  test('a flood of first fragments is bounded, and the newest still completes', async () => {
    const flood = Array.from({ length: 2000 }, (_, i) => {
      const { bytes } = fragment(0, 8);
      bytes.writeUInt16BE(i + 100, 4);
      return { bytes };
    });
    expect(as(await decoded(101, ...flood, fragment(0, 8), fragment(8, SEGMENT.length))).at(-1)).toBe('TCP');
  });
});

describe('IPv6 extension headers', () => {
  const authentication = hex('06 04 0000 00000001 00000001 000102030405060708090a0b');

  test.each<[string, Buffer]>([
    ['hop by hop', ip6(0, Buffer.concat([hex('06 00 0104 00000000'), SEGMENT]))],
    ['routing', ip6(43, Buffer.concat([hex('06 02 0400 00000000'), Buffer.alloc(16), SEGMENT]))],
    ['destination options', ip6(60, Buffer.concat([hex('06 00 0104 00000000'), SEGMENT]))],
    ['authentication', ip6(51, Buffer.concat([authentication, SEGMENT]))],
    ['an atomic fragment (RFC 6946)', ip6(44, Buffer.concat([hex('0600 0000 00000001'), SEGMENT]))],
    ['several', ip6(0, Buffer.concat([hex('3c 00 0104 00000000'), hex('06 00 0104 00000000'), SEGMENT]))],
  ])('%s', async (_, bytes) => {
    expect((await decoded(101, { bytes }))[0]).toMatchObject({ as: 'TCP', segment: { sourcePort: 40000, seq: 1000, length: 5 } });
  });

  test('a chain without end is refused', async () => {
    const chain = Buffer.concat(Array.from({ length: 60 }, () => hex('00 00 0104 00000000')));
    expect(as(await decoded(101, { bytes: ip6(0, chain) }))).toEqual(['malformed']);
  });
});
