import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { fileSource } from '../../src/capture/source.js';
import { askTshark, canAsk, differences } from '../flow/tshark.js';
import { wiresharkRows } from '../flow/wireshark-rows.js';
import { inTurn, median } from './measure.js';
import { MIXES } from './traffic.js';
import { writeCapture } from './write.js';

const folder = mkdtempSync(join(tmpdir(), 'traffic-'));
afterAll(() => rmSync(folder, { recursive: true }));

for (const mix of MIXES) {
  const path = join(folder, `${mix.name}.pcap`);
  const few = { ...mix, together: 20 };

  test(`the capture "${mix.name}" is the same in every run, and as long as asked for`, async () => {
    writeCapture(path, few, 3000);
    const once = readFileSync(path);
    writeCapture(path, few, 3000);
    expect(readFileSync(path).equals(once)).toBe(true);
    expect(await wiresharkRows(new Capture([() => fileSource(path)]))).toHaveLength(3000);
  });

  test.runIf(canAsk)(`of the capture "${mix.name}" Wireshark says what we say`, async () => {
    writeCapture(path, few, 5000);
    const theirs = await askTshark(path);
    const flags = new Set(theirs.flatMap((row) => row.split('\t')[2]?.split(',') ?? []));
    for (const flag of ['retransmission', 'out_of_order', 'lost_segment', 'duplicate_ack', 'zero_window']) expect([...flags]).toContain(flag);
    expect(differences(theirs, await wiresharkRows(new Capture([() => fileSource(path)])))).toEqual([]);
  });
}

test('a capture ends when all its conversations have', async () => {
  const path = join(folder, 'three.pcap');
  writeCapture(path, { name: '', about: '', packets: 0, together: 2, segments: 4, payload: 100, snapLength: 65_535 }, 1e6, 3);
  const rows = await wiresharkRows(new Capture([() => fileSource(path)]));
  expect(new Set(rows.map((row) => row.split('\t')[1])).size).toBe(3);
});

test('a median is the middle, or half-way between the two in the middle; a program that is not installed gives no pairs', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  expect(inTurn(['true'], ['no-such-program-of-ours'], 2)).toEqual([]);
});
