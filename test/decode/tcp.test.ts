import { describe, expect, test } from 'vitest';
import type { Segment } from '../../src/decode/segment.js';
import { ip4, tcpBytes } from '../packets.js';
import { CLIENT, decoded, hex, ip6, SERVER } from './decoded.js';

const SYN = 2;
const ACK = 16;

function packet(options: string, { flags = ACK, badChecksum = false, length = 0 } = {}): Buffer {
  const payload = tcpBytes({
    source: CLIENT,
    destination: SERVER,
    sourcePort: 40000,
    destinationPort: 443,
    seq: 1000,
    ack: 2000,
    flags,
    window: 512,
    options: hex(options),
    length,
    badChecksum,
  });
  return ip4({ time: 0, source: CLIENT, destination: SERVER, ttl: 64, ipId: 7, ecn: 0, payload, protocol: 6 });
}

async function segmentWith(options: string, given: { flags?: number; badChecksum?: boolean; length?: number } = {}): Promise<Segment> {
  const [found] = await decoded(101, { bytes: packet(options, given) });
  if (found === undefined) throw new Error('no frame');
  return found.segment;
}

describe('options', () => {
  test('those of a SYN, and their order', async () => {
    const segment = await segmentWith('020405b4 0402 080a 00000001 00000000 01 030307', { flags: SYN });
    expect(segment).toMatchObject({ mss: 1460, sackPermitted: true, hasTimestamps: true, tsval: 1, tsecr: 0, windowScale: 7 });
    expect([20, 15, 10, 5, 0].map((shift) => (segment.optionKinds >> shift) & 31)).toEqual([2, 4, 8, 1, 3]);
  });

  test('SACK blocks, at most four', async () => {
    const { sackCount, sackEdges } = await segmentWith('0101 0512 00000bb8 00000fa0 00001388 00001770');
    expect([sackCount, ...sackEdges.slice(0, 4)]).toEqual([2, 3000, 4000, 5000, 6000]);
  });

  test('timestamps in the usual place and elsewhere', async () => {
    expect(await segmentWith('0101 080a 0000000b 0000000c')).toMatchObject({ hasTimestamps: true, tsval: 11, tsecr: 12 });
    expect(await segmentWith('080a 0000000b 0000000c 0101')).toMatchObject({ hasTimestamps: true, tsval: 11, tsecr: 12 });
  });

  test.each([
    ['a request for a Fast Open cookie', '2202 0101', { fastOpen: 0 }],
    ['a Fast Open cookie', '220a 0102030405060708 0101', { fastOpen: 8 }],
    ['a Fast Open cookie as experiment (RFC 6994)', 'fe0c f989 0102030405060708', { fastOpen: 8 }],
    ['an MD5 signature', '1312 000102030405060708090a0b0c0d0e0f 0101', { authentication: 19 }],
    ['TCP-AO', '1d10 0000 000102030405060708090a0b', { authentication: 29 }],
    ['a window scale beyond what RFC 7323 allows counts as 14', '03030f 01', { windowScale: 14 }],
    ['MPTCP', '1e0c 0081 0102030405060708', { mptcp: 1, mptcpVersion: 0, mptcpKeyCount: 1 }],
  ])('%s', async (_, options, expected) => {
    expect(await segmentWith(options, { flags: SYN })).toMatchObject(expected);
  });

  test.each([
    ['of length 0', '0200 05b4'],
    ['of length 1', '0201 05b4'],
    ['that reach beyond the header', '02ff 05b4'],
    ['of the wrong length', '0203 05 01'],
  ])('options %s are not believed', async (_, options) => {
    expect(await segmentWith(options, { flags: SYN })).toMatchObject({ mss: -1 });
  });

  test('what one segment carried is forgotten at the next', async () => {
    const found = await decoded(101, { bytes: packet('020405b4 0402 080a 00000001 00000000 01 030307', { flags: SYN }) }, { bytes: packet('') });
    expect(found[1]?.segment).toMatchObject({ mss: -1, sackPermitted: false, hasTimestamps: false, windowScale: -1, optionKinds: 0, sackCount: 0 });
  });

  test('options that were not captured are known to be missing', async () => {
    const bytes = packet('0101 080a 0000000b 0000000c');
    const [found] = await decoded(101, { bytes: bytes.subarray(0, 46), original: bytes.length });
    expect(found?.segment).toMatchObject({ hasTimestamps: false, optionsCut: true });
  });
});

describe('checksums', () => {
  test('right, wrong, and of odd length', async () => {
    expect((await segmentWith('', { length: 7 })).checksumVerdict).toBe(1);
    expect((await segmentWith('', { length: 8 })).checksumVerdict).toBe(1);
    expect((await segmentWith('', { badChecksum: true })).checksumVerdict).toBe(-1);
  });

  test('over the pseudo-header of IPv6', async () => {
    // An acknowledgment as Linux sent it over IPv6.
    const segment = hex('9c40 01bb 000003e8 000007d0 5010 0200 0000 0000');
    const right = Buffer.from(segment);
    // 2001:db8::1 → 2001:db8::2, protocol 6, length 20: sums to 0x5b94 with the words of the header.
    const words = [0x2001, 0x0db8, 1, 0x2001, 0x0db8, 2, 20, 6];
    for (let i = 0; i < segment.length; i += 2) words.push(segment.readUInt16BE(i));
    let sum = words.reduce((total, word) => total + word, 0);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    right.writeUInt16BE(~sum & 0xffff, 16);
    const found = await decoded(101, { bytes: ip6(6, right) }, { bytes: ip6(6, segment) });
    expect(found.map((one) => one.segment.checksumVerdict)).toEqual([1, -1]);
  });
});

describe('a header that contradicts itself', () => {
  test.each([
    ['is shorter than 20 bytes', 0x4010],
    ['is longer than the packet', 0xf010],
  ])('%s', async (_, offsetAndFlags) => {
    const bytes = packet('');
    bytes.writeUInt16BE(offsetAndFlags, 32);
    const [found] = await decoded(101, { bytes });
    expect(found).toMatchObject({ as: 'TCP', segment: { malformed: true, sourcePort: 40000, seq: 1000 } });
  });
});
