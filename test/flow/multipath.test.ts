import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { captureOf } from '../bytes.js';
import { ethernet, pcap, tcpBytes } from '../packets.js';
import { askTshark, canAsk, differences } from './tshark.js';
import { wiresharkRows } from './wireshark-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [SYN, ACK] = [2, 16];
const [CLIENT, SERVER] = ['10.0.0.1', '10.0.0.2'];
const [CLIENT_KEY, SERVER_KEY] = ['0102030405060708', '1112131415161718'];
/** A subflow names the connection that it joins by the hash of a key of it (RFC 6824 section 3.2). */
const TOKEN = createHash('sha1').update(Buffer.from(CLIENT_KEY, 'hex')).digest('hex').slice(0, 8);

const CAPABLE = `1e0c0081${CLIENT_KEY}`;
const ANSWER = `1e0c0081${SERVER_KEY}`;
const BOTH_KEYS = `1e140081${CLIENT_KEY}${SERVER_KEY}`;
const JOIN = `1e0c1001${TOKEN}00000001`;
const ANOTHER_ADDRESS = '1e0830020a000003';

/** Of the subflow that starts at this port of the client. */
function segment(port: number, isForward: boolean, flags: number, option: string): Buffer {
  const ends = isForward
    ? { source: CLIENT, destination: SERVER, sourcePort: port, destinationPort: 80 }
    : { source: SERVER, destination: CLIENT, sourcePort: 80, destinationPort: port };
  const seq = flags & SYN ? 1000 : 1001;
  const ack = flags & ACK ? 1001 : 0;
  const payload = tcpBytes({ ...ends, seq, ack, flags, window: 512, options: Buffer.from(option, 'hex'), length: 0, badChecksum: false });
  return ethernet({ ...ends, time: 0, ttl: 64, ipId: 7, ecn: 0, protocol: 6, payload });
}

const opened = (port: number): Buffer[] => [
  segment(port, true, SYN, CAPABLE),
  segment(port, false, SYN | ACK, ANSWER),
  segment(port, true, ACK, BOTH_KEYS),
];
const repeated = segment(1000, true, ACK, '');

/** The first flow repeats its acknowledgment twice, and before each time the connection has something to say. */
const twiceAfter = (news: Buffer): Buffer[] => [...opened(1000), repeated, news, repeated, repeated];

/** What the server brings is itself marked: the options of a segment count only for those after it. */
const cases: readonly [string, Buffer[], readonly string[]][] = [
  [
    'an acknowledgment after news of the same subflow is not duplicate',
    [...opened(1000), repeated, segment(1000, false, ACK, ANOTHER_ADDRESS), repeated, repeated],
    ['4 duplicate_ack', '5 duplicate_ack', '7 duplicate_ack'],
  ],
  ['nor after news of another subflow of the connection', [...twiceAfter(segment(1001, true, SYN, JOIN))], ['4 duplicate_ack', '7 duplicate_ack']],
  [
    'news of another connection leave it one',
    [...twiceAfter(segment(1001, true, SYN, '1e0c00812122232425262728'))],
    ['4 duplicate_ack', '6 duplicate_ack', '7 duplicate_ack'],
  ],
  [
    'the same keys on the other side of an address translation are the same connection',
    [...opened(1000), ...opened(2000), repeated, segment(2000, false, ACK, ANOTHER_ADDRESS), repeated, repeated],
    ['7 duplicate_ack', '8 duplicate_ack', '10 duplicate_ack'],
  ],
];

const capture = (frames: readonly Buffer[]): Buffer => pcap(frames.map((bytes, i) => ({ time: i / 10, bytes })));

describe('subflows of one Multipath TCP connection know of one another', () => {
  test.each(cases)('%s', async (_, frames, flagged) => {
    const rows = (await wiresharkRows(captureOf(capture(frames)))).map((row) => row.split('\t'));
    expect(rows.filter(([, , flags]) => flags !== '-').map(([frame, , flags]) => `${frame} ${flags}`)).toEqual(flagged);
  });

  test.runIf(canAsk).each(cases)('as Wireshark 4.0 has it: %s', async (_, frames) => {
    const path = join(folder, 'multipath.pcap');
    writeFileSync(path, capture(frames));
    expect(differences(await askTshark(path), await wiresharkRows(captureOf(capture(frames))))).toEqual([]);
  });

  test.skipIf(canAsk)('not compared: tshark 4.0.x is not installed', () => {});
});
