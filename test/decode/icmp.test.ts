import { describe, expect, test } from 'vitest';
import { ip4 } from '../packets.js';
import { CLIENT, decoded, hex, IP6_SEGMENT, ip6, SEGMENT, SERVER } from './decoded.js';

const IP = ip4({ time: 0, source: CLIENT, destination: SERVER, ttl: 3, ipId: 7, ecn: 0, payload: SEGMENT, protocol: 6 });

const fromRouter = (head: string, quoted: Buffer): { bytes: Buffer } => ({
  bytes: ip4({
    time: 0,
    source: '203.0.113.9',
    destination: CLIENT,
    ttl: 60,
    ipId: 99,
    ecn: 0,
    payload: Buffer.concat([hex(head), quoted]),
    protocol: 1,
  }),
});

describe('an ICMP error names the segment that it is about', () => {
  test('fragmentation needed, with the next MTU and who says so', async () => {
    const [found] = await decoded(101, fromRouter('0304 0000 0000 0578', IP));
    expect(found).toMatchObject({ as: 'ICMP errors about TCP', segment: { icmpType: 3, icmpCode: 4, icmpMtu: 1400 } });
    expect(found?.segment.icmpSource[3]).toBe(0xcb007109 | 0);
    expect(found?.segment).toMatchObject({
      source3: 0xc0000201 | 0,
      destination3: 0xc6336402 | 0,
      sourcePort: 40000,
      destinationPort: 443,
      seq: 1000,
      length: 5,
      ttl: 3,
      ipId: 7,
    });
  });

  test('a router that quotes only eight bytes still tells ports and sequence number', async () => {
    const [found] = await decoded(101, fromRouter('0301 0000 00000000', IP.subarray(0, 28)));
    expect(found).toMatchObject({
      as: 'ICMP errors about TCP',
      segment: { sourcePort: 40000, destinationPort: 443, seq: 1000, flags: 0, quotedLength: 8 },
    });
  });

  test('packet too big, of IPv6', async () => {
    const bytes = ip6(58, Buffer.concat([hex('0200 0000 00000500'), IP6_SEGMENT]));
    const [found] = await decoded(101, { bytes });
    expect(found).toMatchObject({ as: 'ICMP errors about TCP', segment: { family: 6, icmpType: 2, icmpMtu: 1280, sourcePort: 40000, seq: 1000 } });
  });
});

describe('other ICMP is not TCP', () => {
  const otherProtocol = Buffer.from(IP);
  otherProtocol[9] = 17;
  const laterFragment = Buffer.from(IP);
  laterFragment.writeUInt16BE(0x0010, 6);

  test.each<[string, { bytes: Buffer }]>([
    ['an echo request', fromRouter('0800 0000 00010001', Buffer.alloc(56))],
    ['an error about UDP', fromRouter('0303 0000 00000000', otherProtocol)],
    ['an error about a later fragment, which holds no ports', fromRouter('0301 0000 00000000', laterFragment)],
  ])('%s', async (_, frame) => {
    expect((await decoded(101, frame)).map(({ as }) => as)).toEqual(['not TCP']);
  });
});
