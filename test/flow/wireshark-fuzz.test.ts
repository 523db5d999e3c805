import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { captureOf } from '../bytes.js';
import { ethernet, pcap, tcpBytes } from '../packets.js';
import { askTshark, differences, tsharkVersion } from './tshark.js';
import { wiresharkRows } from './wireshark-rows.js';

const canAsk = tsharkVersion()?.startsWith('4.0.') === true;
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [FIN, SYN, RST, PSH, ACK, URG] = [1, 2, 4, 8, 16, 32];

/** What one segment is to be, in terms of what its flow has sent so far. */
interface Step {
  isForward: boolean;
  flow: number;
  flags: number;
  /** Where it starts, and how long it is. */
  from: 'next' | 'next - 1' | 'again' | 'ahead' | 'first' | 'next - length';
  length: number;
  ack: 'next' | 'next - 1' | 'old' | 'beyond' | 'none';
  window: number;
  options: string;
  /** Milliseconds since the one before. */
  wait: number;
  /** Bytes that the snaplen leaves of the frame; 0 = all. */
  cut: number;
}

const HANDSHAKE_OPTIONS = ['', '020405b4', '020405b401030307', '020405b4030302 01', '020405b4 01030300 0402 0101'];
const OPTIONS = ['', '', '', '0101 050a 00001000 00002000', '0101 0512 00001000 00001100 00002000 00002064', '0101 080a 0000000b 0000000c'];

const step: fc.Arbitrary<Step> = fc.record({
  isForward: fc.boolean(),
  flow: fc.nat({ max: 5 }),
  flags: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(ACK, ACK | PSH) },
    { weight: 2, arbitrary: fc.constantFrom(SYN, SYN | ACK) },
    { weight: 2, arbitrary: fc.constantFrom(FIN | ACK, RST, RST | ACK, FIN) },
    { weight: 1, arbitrary: fc.constantFrom(0, URG, SYN | FIN, PSH) },
  ),
  from: fc.constantFrom('next', 'next', 'next', 'next - 1', 'again', 'ahead', 'first', 'next - length'),
  length: fc.constantFrom(0, 0, 0, 1, 2, 100, 536, 1448),
  ack: fc.constantFrom('next', 'next', 'next', 'next - 1', 'old', 'beyond', 'none'),
  window: fc.constantFrom(0, 0, 1, 100, 500, 500, 65535),
  options: fc.nat({ max: 5 }).map(String),
  wait: fc.constantFrom(0, 0.5, 1, 2.999, 3, 3.001, 19.999, 20, 500, -5),
  cut: fc.oneof({ weight: 30, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(49, 50, 53, 54, 58, 60) }),
});

/** Initial sequence numbers near every edge of the number space. */
const BASES = [0, 1, 0x7ffffff0, 0xfffffff0, 0xffffff00, 1000];

interface Side {
  next: number;
  last: number;
  first: number;
}

/** Plays the steps and writes what comes out to a capture. */
function play(steps: readonly Step[]): Buffer {
  const sides = new Map<string, Side>();
  const sideOf = (flow: number, isForward: boolean): Side => {
    const key = `${flow}${isForward}`;
    const first = BASES[(flow + (isForward ? 0 : 3)) % BASES.length] as number;
    const side = sides.get(key) ?? { next: first, last: first, first };
    sides.set(key, side);
    return side;
  };
  let time = 10;
  return pcap(
    steps.map((one) => {
      time = Math.max(0, time + one.wait / 1000);
      const side = sideOf(one.flow, one.isForward);
      const peer = sideOf(one.flow, !one.isForward);
      const starts = {
        next: side.next,
        'next - 1': side.next - 1,
        again: side.last,
        ahead: side.next + 1448,
        first: side.first,
        'next - length': side.next - one.length,
      };
      const acks = { next: peer.next, 'next - 1': peer.next - 1, old: peer.last, beyond: peer.next + 700, none: 0 };
      const seq = starts[one.from] >>> 0;
      const isNewer = ((seq + one.length - side.next) | 0) > 0;
      side.last = seq;
      if (isNewer || one.flags & (SYN | FIN)) side.next = (seq + one.length + (one.flags & (SYN | FIN) ? 1 : 0)) >>> 0;
      const ports = { sourcePort: 40000 + one.flow, destinationPort: 80 };
      const ends = one.isForward
        ? { source: '10.0.0.1', destination: '10.0.0.2', ...ports }
        : { source: '10.0.0.2', destination: '10.0.0.1', sourcePort: 80, destinationPort: ports.sourcePort };
      const options = Buffer.from(((one.flags & SYN ? HANDSHAKE_OPTIONS : OPTIONS)[Number(one.options) % 5] ?? '').replaceAll(' ', ''), 'hex');
      const payload = tcpBytes({
        ...ends,
        seq,
        ack: acks[one.ack] >>> 0,
        flags: one.flags,
        window: one.window,
        options,
        length: one.length,
        badChecksum: false,
      });
      const bytes = ethernet({ ...ends, time: 0, ttl: 64, ipId: 1, ecn: 0, payload, protocol: 6 });
      return { time, bytes: one.cut === 0 ? bytes : bytes.subarray(0, one.cut), original: bytes.length };
    }),
  );
}

async function compare(file: Buffer): Promise<void> {
  const path = join(folder, 'fuzz.pcap');
  writeFileSync(path, file);
  const [theirs, ours] = [await askTshark(path), await wiresharkRows(captureOf(file))];
  expect(differences(theirs, ours).slice(0, 5)).toEqual([]);
}

describe('Wireshark 4.0 says the same of conversations that nobody ever had', () => {
  test.runIf(canAsk)('of random segments around every edge of the rules', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 400, maxLength: 400, size: 'max' }), async (steps) => compare(play(steps)));
    await fc.assert(property, { numRuns: 25, seed: 6, endOnFailure: true });
  });

  test.runIf(canAsk)('of more segments without an acknowledgment than it lists', { timeout: 60_000 }, async () => {
    const plain: Step = {
      isForward: true,
      flow: 0,
      flags: ACK,
      from: 'next',
      length: 100,
      ack: 'next',
      window: 500,
      options: '0',
      wait: 0.5,
      cut: 0,
    };
    const answer: Step = { ...plain, isForward: false, length: 0 };
    const resent: Step = { ...plain, from: 'again', wait: 300 };
    await compare(
      play([
        ...Array.from({ length: 10_050 }, () => plain),
        { ...plain, flags: FIN | ACK },
        resent,
        { ...plain, flags: SYN },
        resent,
        answer,
        plain,
        answer,
        resent,
      ]),
    );
  });

  test.skipIf(canAsk)('not compared: tshark 4.0.x is not installed', () => {});
});
