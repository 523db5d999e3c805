import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT, runIn } from '../cli/run.js';

const folder = mkdtempSync(join(tmpdir(), 'saved-'));
afterAll(() => rmSync(folder, { recursive: true }));
const CAPTURE = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');

test('two hundred thousand sockets are read like two', async () => {
  const socket = (i: number): string => `ESTAB 0 0 10.9.${i >> 8}.${i & 255}:80 10.8.0.1:90 ino:${i}\n`;
  writeFileSync(join(folder, 'ss'), Array.from({ length: 200_000 }, (_, i) => socket(i % 65_536)).join(''));
  const { code, out, err } = await runIn(folder, ['--side', 'server', '--ss', 'ss', '-F', 'json', CAPTURE]);
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ pattern: expect.any(String) })]) });
});
