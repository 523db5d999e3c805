import { spawn } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report.js';
import { CLI } from '../cli/run.js';
import { ethernet, ip4, pcap, tcpBytes } from '../packets.js';

const [CLIENT, SERVER] = ['10.0.0.1', '10.0.0.2'];
const [SYN, ACK] = [2, 16];
const NO_OPTIONS = Buffer.alloc(0);

interface Sent {
  readonly source?: string;
  readonly port?: number;
  readonly seq: number;
  readonly flags?: number;
  readonly length?: number;
  readonly options?: Buffer;
}

/** A segment of the client, or, from another source, to it. */
function frame({ source = CLIENT, port = 40_000, seq, flags = ACK, length = 0, options = NO_OPTIONS }: Sent, payload?: Buffer): Buffer {
  const destination = source === SERVER ? CLIENT : SERVER;
  const [sourcePort, destinationPort] = source === SERVER ? [80, port] : [port, 80];
  const segment = tcpBytes({
    source,
    destination,
    sourcePort,
    destinationPort,
    seq,
    ack: 1,
    flags,
    window: 500,
    options,
    length,
    badChecksum: false,
  });
  return ethernet({ time: 0, source, destination, ttl: 64, ipId: seq & 0xffff, ecn: 0, payload: payload ?? segment, protocol: 6 });
}

/** A capture of so many frames, 20 µs apart. */
function flood(count: number, make: (i: number) => Buffer): Buffer {
  return pcap(Array.from({ length: count }, (_, i) => ({ time: i / 50_000, bytes: make(i) })));
}

/** Four blocks beyond whatever was acknowledged before. */
function sackBlocks(i: number): Buffer {
  const options = Buffer.alloc(36, 1);
  options.writeUInt16BE(0x0522, 2);
  for (let block = 0; block < 8; block++) options.writeUInt32BE(1000 + i * 800 + block * 100, 4 + block * 4);
  return options;
}

/** Any flags on the same byte. */
function senseless(i: number): Buffer {
  return frame({ source: SERVER, seq: 1000, flags: Math.imul(i + 1, 0x9e3779b1) >>> 26, length: 1 });
}

/** Between the first byte and the last one, 256 MiB later. */
function inTheMiddle(i: number): Buffer {
  return frame({ seq: i === 0 ? 1 : i === 1 ? 0x0fff_ffff : (Math.imul(i, 0x9e3779b1) >>> 4) | 1, length: 10 });
}

/** The last fragment, then others with holes between them. */
function oneOfMany(i: number): Buffer {
  const whole = frame({ seq: 1 });
  whole.writeUInt16BE(18, 18);
  whole.writeUInt16BE(i === 0 ? 8000 : 0x2000 | (1 + ((i * 2658) % 7000)), 20);
  return whole;
}

function firstFragment(i: number): Buffer {
  const whole = frame({ seq: i });
  whole.writeUInt16BE(0x2000, 20); // more fragments, which never come
  whole.writeUInt16BE(i & 0xffff, 18);
  whole.writeUInt32BE(0x0b000000 + (i >>> 16), 26);
  return whole;
}

function icmpAbout(i: number): Buffer {
  const quoted = frame({ seq: i, port: 1000 + (i % 60_000) }).subarray(14);
  const payload = Buffer.concat([Buffer.from('0301000000000000', 'hex'), quoted]);
  const packet = ip4({ time: 0, source: '10.9.9.9', destination: CLIENT, ttl: 64, ipId: 1, ecn: 0, payload, protocol: 1 });
  return Buffer.concat([frame({ seq: 0 }).subarray(0, 14), packet]);
}

/** The report that is made with so many megabytes of heap: with less than it needs, Node ends with a signal. */
function reportWithin(megabytes: number, file: Buffer, ...args: string[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${megabytes}`, CLI, '-', '-F', 'json', ...args]);
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stdin.on('error', reject);
    child.stdin.end(file);
    child.on('close', (code, signal) => {
      if (code === 0 || code === 2) resolve(JSON.parse(Buffer.concat(out).toString()) as Report);
      else reject(new Error(`ended with ${code ?? signal}`));
    });
  });
}

describe('a flood is read to its end, in a heap far smaller than the flood', () => {
  const HEAP = 40;

  test.each<[string, Buffer, number]>([
    ['100,000 segments of one conversation', flood(100_000, (i) => frame({ seq: i * 10, length: 10 })), 100_000],
    ['100,000 segments, each behind a hole', flood(100_000, (i) => frame({ seq: i * 20, length: 10 })), 100_000],
    ['100,000 segments, each before the last', flood(100_000, (i) => frame({ seq: (100_000 - i) * 20, length: 10 })), 100_000],
    ['100,000 copies of the same', flood(100_000, (i) => frame({ seq: (i % 50) * 10, length: 10 })), 100_000],
    ['60,000 SACK blocks', flood(15_000, (i) => frame({ source: SERVER, seq: 1, options: sackBlocks(i) })), 15_000],
    ['100,000 packets of which only the first fragment comes', flood(100_000, firstFragment), 0],
    ['30,000 segments that make no sense, all repeated and many resets among them', flood(30_000, senseless), 30_000],
    ['50,000 segments, each in the middle of a hole', flood(50_000, inTheMiddle), 50_000],
    ['100,000 fragments of one packet, in no order', flood(100_000, oneOfMany), 0],
    ['100,000 ICMP errors about unknown conversations', flood(100_000, icmpAbout), 0],
  ])('%s', async (_, file, segments) => {
    const { capture } = await reportWithin(HEAP, file);
    expect(capture.segments).toBe(segments);
    expect(capture.frames).toBe(segments || 100_000);
  });

  test('records of no bytes, a thousand times as many as there are bytes in the file', async () => {
    const empty = gzipSync(Buffer.alloc(1 << 26));
    const file = Buffer.concat([gzipSync(pcap([])), empty, empty]);
    expect(file.length).toBeLessThan(140_000);
    const { capture } = await reportWithin(HEAP, file);
    expect([capture.frames, capture.skipped]).toEqual([2 ** 23, { 'cut too short': 2 ** 23 }]);
  });

  test('a thousand records of a quarter of a megabyte each, in gzip', async () => {
    const record = pcap([{ time: 0, bytes: Buffer.concat([frame({ seq: 1 }), Buffer.alloc(262_144 - 54)]) }]);
    const many = Array.from({ length: 1000 }, () => gzipSync(record.subarray(24), { level: 1 }));
    const { capture } = await reportWithin(HEAP, Buffer.concat([gzipSync(record.subarray(0, 24)), ...many]));
    expect(capture.segments).toBe(1000);
  });
});

describe('a flood of conversations', () => {
  const COUNT = 50_000;
  const syns = flood(COUNT, (i) => frame({ source: `10.1.${i >>> 14}.${(i >>> 6) & 255}`, port: 1024 + (i & 63), seq: i * 7919, flags: SYN }));

  test('is bounded by --max-flows, of which attempts get a quarter; every one is counted, and what the bound cost is said', async () => {
    const { capture } = await reportWithin(160, syns, '--max-flows', '1000');
    expect(capture.conversations).toBe(COUNT);
    expect(Object.values(capture.outcomes).reduce((sum, count) => sum + count, 0)).toBe(COUNT);
    expect(capture.caveats.find(({ id }) => id === 'capture-bounded')?.sentence).toBe(
      '49750 conversations given up to stay within the bounds that --max-flows and --max-memory set.',
    );
  });

  test('from forged addresses: of too many hosts the report says so', async () => {
    const forged = flood(COUNT, (i) => frame({ source: `10.9.${i >>> 8}.${i & 255}`, seq: i * 7919, flags: SYN }));
    const { capture } = await reportWithin(160, forged);
    expect(capture.conversations).toBe(COUNT);
    expect(capture.caveats.find(({ id }) => id === 'capture-many-hosts')?.sentence).toMatch(/^More than 50000 hosts: /);
  });

  test('on the same two ports, each SYN a new one', async () => {
    const { capture } = await reportWithin(
      160,
      flood(20_000, (i) => frame({ seq: i * 7919, flags: SYN })),
    );
    expect(capture.conversations).toBe(20_000);
  });
});
