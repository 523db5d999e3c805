import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { ROOT, runIn } from '../cli/run.js';
import { framesOf, toPcapng } from '../metamorphic/frames.js';

const PATH = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');
const WHOLE = readFileSync(PATH);
const PCAPNG = toPcapng(framesOf(PATH) ?? []);
const PACKED = gzipSync(WHOLE);
/** Where the second record begins. */
const SECOND = 24 + 16 + WHOLE.readUInt32LE(32);
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

function poked(file: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(file);
  changed.writeUInt32LE(value, at);
  return changed;
}

/** Every frame has this type at this place of its Ethernet or IP header. */
function all(at: number, ...bytes: number[]): Buffer {
  const changed = Buffer.from(WHOLE);
  for (let record = 24; record < changed.length; record += 16 + changed.readUInt32LE(record + 8)) changed.set(bytes, record + 16 + at);
  return changed;
}

const [ENTIRE, UNUSABLE, DAMAGED] = [0, 2, 3];
const HUGE = 'captured bytes (at most 262144 are possible)';

test.each<[string, Buffer, number, string, string]>([
  ['a whole file', WHOLE, ENTIRE, '', '40 packets'],
  ['one that is cut', WHOLE.subarray(0, -5), DAMAGED, 'the last record is cut off; the rest was analysed', '39 packets'],
  [
    'one that claims too much',
    poked(WHOLE, SECOND + 8, 0x7fffffff),
    DAMAGED,
    `a record claims 2147483647 ${HUGE}; the rest was analysed`,
    '1 packet,',
  ],
  [
    'garbage between records',
    Buffer.concat([WHOLE.subarray(0, SECOND), Buffer.alloc(50, 0xee), WHOLE.subarray(SECOND)]),
    DAMAGED,
    `a record claims 4008636142 ${HUGE}; the rest was analysed`,
    '1 packet,',
  ],
  ['a packed one that is cut', PACKED.subarray(0, -9), DAMAGED, 'the gzip data is cut off; the rest was analysed', '40 packets'],
  ['a packed one of another checksum', poked(PACKED, PACKED.length - 8, 1), DAMAGED, 'the gzip data is damaged; the rest was analysed', '40 packets'],
  ['a pcapng that is cut', PCAPNG.subarray(0, -7), DAMAGED, 'the last record is cut off; the rest was analysed', '39 packets'],
  [
    'a pcapng block with two lengths',
    poked(PCAPNG, PCAPNG.length - 4, 8),
    DAMAGED,
    `the two lengths of a block differ (${PCAPNG.readUInt32LE(PCAPNG.length - 4)} bytes at its start); the rest was analysed`,
    '39 packets',
  ],
  ['no packet', WHOLE.subarray(0, 24), UNUSABLE, 'there are no packets in it', ''],
  ['no TCP, but ARP', all(12, 8, 6), UNUSABLE, 'there is no TCP in it (40 frames: 40 not IP)', ''],
  ['no TCP, but UDP', all(23, 17), UNUSABLE, 'there is no TCP in it (40 frames: 40 not TCP)', ''],
  ['no IP that could be', all(14, 0x75), UNUSABLE, 'there is no TCP in it (40 frames: 40 malformed)', ''],
  ['an unknown link type', poked(WHOLE, 20, 0xffff), UNUSABLE, 'there is no TCP in it (40 frames: 40 unknown link type)', ''],
  [
    'an unknown version',
    poked(WHOLE, 4, 0x00040003),
    UNUSABLE,
    'there are no packets in it; version 3.4 of the pcap format is unknown (at byte 24)',
    '',
  ],
])('%s: its exit code, one line, and what of it was read', async (_, file, code, said, told) => {
  writeFileSync(join(folder, 'it'), file);
  const ran = await runIn(folder, ['it']);
  expect([ran.code, ran.err]).toEqual([code, said === '' ? '' : `tcpexplain: it: ${said}\n`]);
  if (told === '') expect(ran.out).toBe('');
  else expect(ran.out).toContain(told);
  if (code === DAMAGED) expect(ran.out.replace(/\s+/g, ' ')).toMatch(/Trust it: .* \(at byte \d+(, \d+ bytes unread)?\)\./);
});
