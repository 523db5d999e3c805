import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { captureOf } from '../bytes.js';
import { ethernet, ip4, pcap, tcpBytes } from '../packets.js';
import { askTshark, canAsk, differences } from './tshark.js';
import { wiresharkRows } from './wireshark-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [SYN, ACK] = [2, 16];
const [CLIENT, SERVER] = ['10.0.0.1', '10.0.0.2'];

function packet(port: number, flags: number, seq = 1000): { source: string; destination: string; payload: Buffer } {
  const ends = { source: CLIENT, destination: SERVER, sourcePort: port, destinationPort: 80 };
  const ack = flags & ACK ? 1 : 0;
  return { ...ends, payload: tcpBytes({ ...ends, seq, ack, flags, window: 512, options: Buffer.alloc(0), length: 0, badChecksum: false }) };
}

const ordinary = { time: 0, ttl: 64, ipId: 7, ecn: 0, protocol: 6 };
const segment = (port: number, flags: number): Buffer => ethernet({ ...ordinary, ...packet(port, flags) });

/** A router says that the packet could not be delivered. */
const quoted = (port: number, flags: number, bytes = 20): Buffer => {
  const about = ip4({ ...ordinary, ...packet(port, flags) }).subarray(0, 20 + bytes);
  const payload = Buffer.concat([Buffer.from('0301000000000000', 'hex'), about]);
  return ethernet({ ...ordinary, source: '10.9.9.9', destination: CLIENT, protocol: 1, payload });
};

/** A switch has drawn one of the packets on a port. */
const sampled = (port: number, flags: number): Buffer => {
  const header = segment(port, flags);
  const words = [5, 1, 0x0a000009, 0, 1, 1000, 1, 1, 32 + 24 + 56, 1, 2, 3, 4, 5, 6, 7, 1, 1, 16 + 56, 1, 60, 4, header.length];
  const sflow = Buffer.concat([Buffer.from(Uint32Array.from(words).buffer).swap32(), header, Buffer.alloc(2)]);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(6343, 2);
  udp.writeUInt16BE(8 + sflow.length, 4);
  return ethernet({ ...ordinary, source: '10.0.0.9', destination: '10.0.0.8', protocol: 17, payload: Buffer.concat([udp, sflow]) });
};

const capture = (...frames: Buffer[]): Buffer => pcap(frames.map((bytes, time) => ({ time, bytes })));

const streams = async (file: Buffer): Promise<(string | undefined)[]> => (await wiresharkRows(captureOf(file))).map((row) => row.split('\t')[1]);

describe('a connection of which others only speak', () => {
  const spokenOf = capture(
    quoted(1000, SYN),
    segment(1001, SYN),
    sampled(1002, ACK),
    segment(1003, SYN),
    segment(1002, ACK),
    segment(1000, SYN),
    quoted(1000, ACK),
    quoted(1004, SYN, 8),
    segment(1005, SYN),
    segment(1000, ACK),
  );

  test('is numbered, and keeps its number when it is captured; too little of its header is no connection', async () => {
    expect(await streams(spokenOf)).toEqual(['1', '3', '2', '0', '4', '0']);
  });

  test('is none of the conversations of the report', async () => {
    const report = await analyze(captureOf(capture(quoted(1000, SYN), sampled(1002, ACK), segment(1001, SYN))), { all: true });
    expect(report.capture).toMatchObject({ frames: 3, segments: 1, conversations: 1 });
    expect(report.flows.map(({ stream }) => stream)).toEqual([2]);
  });

  test('keeps its number among so many others as are remembered', async () => {
    const others = Array.from({ length: 10_000 }, (_, i) => quoted(2000 + i, SYN));
    expect(await streams(capture(quoted(1000, SYN), ...others, segment(2000, SYN), segment(1000, SYN)))).toEqual(['1', '10001']);
  });

  test.runIf(canAsk)('is what Wireshark 4.0 takes it for', async () => {
    const path = join(folder, 'spoken-of.pcap');
    writeFileSync(path, spokenOf);
    expect(differences(await askTshark(path), await wiresharkRows(captureOf(spokenOf)))).toEqual([]);
  });

  test.skipIf(canAsk)('not compared: tshark 4.0.x is not installed', () => {});
});
