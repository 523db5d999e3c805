import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { captureOf } from '../bytes.js';
import { ethernet, tcpBytes } from '../packets.js';
import { told } from './told.js';

const ENDS = { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 40000, destinationPort: 80 };
const SEGMENT = tcpBytes({ ...ENDS, seq: 1, ack: 1, flags: 16, window: 500, options: Buffer.alloc(0), length: 22, badChecksum: false });
const FRAME = ethernet({ ...ENDS, time: 0, ttl: 64, ipId: 1, ecn: 0, payload: SEGMENT, protocol: 6 }); // a multiple of four bytes

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, i * 4);
  return bytes;
}

function block(type: number, ...body: Buffer[]): Buffer {
  const content = Buffer.concat(body);
  return Buffer.concat([words(type, content.length + 12), content, words(content.length + 12)]);
}

const SECTION = block(0x0a0d0d0a, words(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff));
const interfaceWith = (...options: Buffer[]): Buffer => block(1, words(1, 262144), ...options);
const packet = (interfaceId = 0): Buffer => block(6, words(interfaceId, 0x60000, 1, FRAME.length, FRAME.length), FRAME);
const START = Buffer.concat([SECTION, interfaceWith(), packet()]);
const AT = START.length;
const after = (...blocks: Buffer[]): Buffer => Buffer.concat([START, ...blocks, packet()]);
const HOSTILE = Buffer.from('\u001b[2J\u202e<script>=cmd|'.padEnd(24, ' ').slice(0, 22));

test.each<[string, Buffer, string]>([
  ['a block of length 0', after(words(5, 0, 0, 0)), `1 of 1; a block claims an impossible length of 0 bytes, at byte ${AT}`],
  ['a block of length 8', after(words(5, 8, 8)), `1 of 1; a block claims an impossible length of 8 bytes, at byte ${AT}`],
  [
    'a block that claims to be all the rest',
    after(words(5, 0xfffffff0)),
    `1 of 1; a block claims an impossible length of 4294967280 bytes, at byte ${AT}`,
  ],
  ['a block longer than the file', after(words(0x0bad, 0x00f00000)), `1 of 1; the last record is cut off, at byte ${AT}`],
  ['two lengths that differ', after(words(5, 16, 0, 20)), `1 of 1; the two lengths of a block differ (16 bytes at its start), at byte ${AT}`],
  [
    'a packet before its interface is described',
    Buffer.concat([SECTION, packet()]),
    '0 of 0; a packet names interface 0, which the file does not describe',
  ],
  ['a packet of an interface that does not exist', after(packet(7)), '1 of 1; a packet names interface 7, which the file does not describe'],
  ['a section of another version', after(block(0x0a0d0d0a, words(0x1a2b3c4d, 9, 0, 0))), '1 of 1; version 9 of the pcapng format is unknown'],
  ['a section without an interface', after(SECTION), '1 of 1; a packet names interface 0, which the file does not describe'],
  ['a resolution of 10^-127 s', Buffer.concat([SECTION, interfaceWith(words(0x10009, 127)), packet(), packet()]), '2 of 2'],
  ['a resolution of 2^-127 s', Buffer.concat([SECTION, interfaceWith(words(0x10009, 255)), packet(), packet()]), '2 of 2'],
  [
    'a resolution of a second, and an offset of all time',
    Buffer.concat([SECTION, interfaceWith(words(0x10009, 0x80), words(0x8000e, 0xffffffff, 0x7fffffff)), packet(), packet()]),
    '2 of 2',
  ],
  ['an option longer than its block', Buffer.concat([SECTION, interfaceWith(words(0xffff0001, 0)), packet()]), '1 of 1'],
  [
    'a comment that would speak',
    after(block(5, words(0, 0, 0), words((HOSTILE.length << 16) | 1), HOSTILE, Buffer.alloc((4 - (HOSTILE.length % 4)) % 4))),
    '2 of 2',
  ],
  ['secrets and unknown blocks', after(block(10, words(0x544c534b, 8), Buffer.from('CLIENT_R')), block(0xbeef, Buffer.alloc(40))), '2 of 2'],
  ['ten thousand names', after(block(4, ...Array.from({ length: 10_000 }, () => words(0x80001, 0x0100000a, 0x61626364)))), '2 of 2'],
])('%s', async (_, file, expected) => {
  expect((await told(file)).startsWith(expected), await told(file)).toBe(true);
});

test('a million names are passed over, in blocks as long as can be and behind one another', async () => {
  const names = block(4, ...Array.from({ length: 100_000 }, () => words(0x80001, 0x0100000a, 0x61626364)));
  expect(await told(after(...Array.from({ length: 10 }, () => names)))).toBe('2 of 2');
});

test('more interfaces than any machine has: what follows them is unread', async () => {
  const many = Buffer.concat([SECTION, interfaceWith(), packet(), ...Array.from({ length: 300_000 }, () => interfaceWith())]);
  expect(await told(many)).toMatch(/^1 of 1; a section describes more than 262144 interfaces, at byte \d+, \d+ unread$/);
});

test('neither secrets nor comments nor names are in the report', async () => {
  const secrets = block(10, words(0x544c534b, 20), Buffer.from('CLIENT_RANDOM 1234  '));
  const comment = Buffer.from('a comment about it  ');
  const report = await analyze(captureOf(after(secrets, block(5, words(0, 0, 0), words((20 << 16) | 1), comment))), { all: true, graphs: true });
  expect(report.capture.segments).toBe(2);
  expect(JSON.stringify(report)).not.toMatch(/CLIENT_RANDOM|a comment/);
});
