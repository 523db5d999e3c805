import * as zlib from 'node:zlib';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ethernet, pcap, tcpBytes } from '../packets.js';
import { told } from './told.js';

const ENDS = { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 40000, destinationPort: 80 };
const SEGMENT = tcpBytes({ ...ENDS, seq: 1, ack: 1, flags: 16, window: 500, options: Buffer.alloc(0), length: 20, badChecksum: false });
const FRAME = ethernet({ ...ENDS, time: 0, ttl: 64, ipId: 1, ecn: 0, payload: SEGMENT, protocol: 6 });
const FILE = pcap([1, 2, 3].map((time) => ({ time, bytes: FRAME })));
const SECOND = 24 + 16 + FRAME.length;

/** Words of 32 bits, little endian, written over those at an offset. */
function over(at: number, ...values: number[]): Buffer {
  const changed = Buffer.from(FILE);
  for (const [i, value] of values.entries()) changed.writeUInt32LE(value >>> 0, at + i * 4);
  return changed;
}

function magic(value: number, bigEndian = false): Buffer {
  if (!bigEndian) return over(0, value);
  const changed = Buffer.from(FILE);
  for (const at of [0, 16, 20]) changed.writeUInt32BE(at === 0 ? value : FILE.readUInt32LE(at), at);
  for (const at of [4, 6]) changed.writeUInt16BE(FILE.readUInt16LE(at), at);
  for (let record = 24; record < FILE.length; record += 16 + FRAME.length)
    for (const at of [0, 4, 8, 12]) changed.writeUInt32BE(FILE.readUInt32LE(record + at), record + at);
  return changed;
}

const HUGE = 'captured bytes (at most 262144 are possible)';

test.each<[string, Buffer, string]>([
  ['an empty file', Buffer.alloc(0), 'refused: memory is empty: no byte was written to it'],
  ['23 bytes', FILE.subarray(0, 23), 'refused: memory is not a pcap or pcapng capture: it ends after 23 bytes, inside the file header'],
  ['one byte', FILE.subarray(0, 1), 'refused: memory is not a pcap or pcapng capture: it ends after 1 byte'],
  ['the header alone', FILE.subarray(0, 24), '0 of 0'],
  [
    'a page of HTML',
    Buffer.from('<!doctype html><title>404</title>'),
    'refused: memory is not a pcap or pcapng capture: it is text; record with "tcpdump -w FILE"',
  ],
  [
    'JSON',
    Buffer.from('{"version":1,"flows":[],"findings":[]}'),
    'refused: memory is not a pcap or pcapng capture: it is text; record with "tcpdump -w FILE"',
  ],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex'), 'refused: memory is not a pcap or pcapng capture: it is a PNG image'],
  ['a program', Buffer.from('\x7fELF\x02\x01\x01'.padEnd(40, '\0'), 'latin1'), 'refused: memory is not a pcap or pcapng capture: it is a program'],
  ['nanoseconds', magic(0xa1b23c4d), '3 of 3'],
  ['big endian', magic(0xa1b2c3d4, true), '3 of 3'],
  ['the variant of Kuznetzov, whose records have eight bytes more', kuznetzov(), '3 of 3'],
  ['version 2.3, lengths in order', over(4, 0x00030002), '3 of 3'],
  ['version 543, lengths swapped', over(4, 0x021f0002), '3 of 3'],
  ['version 3.4', over(4, 0x00040003), `0 of 0; version 3.4 of the pcap format is unknown, at byte 24, ${FILE.length - 24} unread`],
  ['a snaplen of 0', over(16, 0), '3 of 3'],
  ['a snaplen of 2^32 - 1', over(16, 0xffffffff), '3 of 3'],
  ['a snaplen below what was captured', over(16, 40), '0 of 3, 3 cut too short'],
  ['an unknown link type', over(20, 0xffff), '0 of 3, 3 unknown link type'],
  ['the length of a frame check sequence beside the link type', over(20, 0x14000001), '3 of 3'],
  [
    'a captured length of 0',
    Buffer.concat([pcap([{ time: 0, bytes: Buffer.alloc(0), original: 60 }]), FILE.subarray(24)]),
    '3 of 4, 1 cut too short',
  ],
  [
    'a captured length of 262145',
    over(SECOND + 8, 262145),
    `1 of 1; a record claims 262145 ${HUGE}, at byte ${SECOND}, ${FILE.length - SECOND} unread`,
  ],
  [
    'a captured length of 2^31 - 1',
    over(SECOND + 8, 0x7fffffff),
    `1 of 1; a record claims 2147483647 ${HUGE}, at byte ${SECOND}, ${FILE.length - SECOND} unread`,
  ],
  [
    'a captured length of 2^32 - 1',
    over(SECOND + 8, 0xffffffff),
    `1 of 1; a record claims 4294967295 ${HUGE}, at byte ${SECOND}, ${FILE.length - SECOND} unread`,
  ],
  ['a captured length above the original', over(SECOND + 12, 10), '3 of 3'],
  ['a record header that is cut', FILE.subarray(0, SECOND + 7), `1 of 1; the last record is cut off, at byte ${SECOND}, 7 unread`],
  [
    'a record that is cut',
    FILE.subarray(0, FILE.length - 1),
    `2 of 2; the last record is cut off, at byte ${SECOND + 16 + FRAME.length}, ${15 + FRAME.length} unread`,
  ],
  [
    'garbage between records',
    Buffer.concat([FILE.subarray(0, SECOND), Buffer.alloc(50, 0xee), FILE.subarray(SECOND)]),
    `1 of 1; a record claims 4008636142 ${HUGE}, at byte ${SECOND}, ${FILE.length - SECOND + 50} unread`,
  ],
  [
    'two files, one behind the other',
    Buffer.concat([FILE, FILE]),
    `3 of 4, 1 cut too short; a record claims 1700000001 ${HUGE}, at byte ${FILE.length + 16}, ${FILE.length - 16} unread`,
  ],
  ['microseconds above a million', over(SECOND + 4, 4_000_000_000), '3 of 3'],
  ['time 0', over(24, 0, 0), '3 of 3'],
  ['time 2^32 - 1', over(SECOND, 0xffffffff), '3 of 3'],
  ['time that goes back ten years', over(SECOND, 1_384_467_200), '3 of 3'],
  ['gzip that is cut', zlib.gzipSync(FILE).subarray(0, -9), `3 of 3; the gzip data is cut off, at byte ${FILE.length}`],
  [
    'gzip within gzip',
    zlib.gzipSync(zlib.gzipSync(FILE)),
    'refused: memory is not a pcap or pcapng capture: it is compressed twice; unpack it first',
  ],
  [
    'gzip with other bytes behind it',
    Buffer.concat([zlib.gzipSync(FILE), Buffer.from('and more')]),
    `3 of 3; the gzip data is damaged, at byte ${FILE.length}`,
  ],
  ['gzip with a wrong checksum', gzipWithBadSum(), `3 of 3; the gzip data is damaged, at byte ${FILE.length}`],
  ['two gzip members', Buffer.concat([zlib.gzipSync(FILE.subarray(0, 60)), zlib.gzipSync(FILE.subarray(60))]), '3 of 3'],
  ...([...('createZstdDecompress' in zlib ? [] : ['zstd 28b52ffd']), 'xz fd377a585a00', 'lz4 04224d18'] as const).map(
    (known): [string, Buffer, string] => {
      const [name = '', signature = ''] = known.split(' ');
      const file = Buffer.concat([Buffer.from(signature, 'hex'), Buffer.alloc(40, 1)]);
      return [name, file, `refused: memory is not a pcap or pcapng capture: it is compressed with ${name}; run "${name} -dc FILE | tcpexplain -"`];
    },
  ),
])('%s', async (_, file, expected) => {
  expect(await told(file)).toBe(expected);
});

test('a file that ends anywhere in its header is refused, whatever its format', async () => {
  const pcapng = Buffer.from('0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000', 'hex');
  for (const whole of [FILE, magic(0xa1b2c3d4, true), pcapng, gzipSync(FILE)])
    for (let length = 1; length < 24; length++) expect(await told(whole.subarray(0, length)), `${length} bytes`).toMatch(/^refused: memory is /);
});

function kuznetzov(): Buffer {
  const records = [0, 1, 2].map((i) => FILE.subarray(24 + i * (SECOND - 24), 24 + (i + 1) * (SECOND - 24)));
  return Buffer.concat([magic(0xa1b2cd34).subarray(0, 24), ...records.flatMap((one) => [one.subarray(0, 16), Buffer.alloc(8), one.subarray(16)])]);
}

function gzipWithBadSum(): Buffer {
  const packed = zlib.gzipSync(FILE);
  packed.writeUInt32LE(packed.readUInt32LE(packed.length - 8) ^ 1, packed.length - 8);
  return packed;
}
