import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ROOT, runIn } from '../cli/run.js';

const folder = mkdtempSync(join(tmpdir(), 'expected-'));
afterAll(() => rmSync(folder, { recursive: true }));
copyFileSync(join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap'), join(folder, 'it.pcap'));

describe('an expected report that is none is a change of a few lines', () => {
  test.each([
    ['thirty million empty lines', '\n'.repeat(3e7), '- ... 29995000 more lines'],
    ['a line of thirty million bytes of zero', '\0'.repeat(3e7), '... 29990000 more characters'],
    ['a line of thirty million cells', '|'.repeat(3e7), '... 29990000 more characters'],
  ])('%s', async (_, expected, told) => {
    writeFileSync(join(folder, 'it.expected.md'), expected);
    const { code, out, err } = await runIn(folder, ['check', '.']);
    expect([code, err.trim().split('\n').length]).toEqual([1, 1]);
    expect(out).toContain(told);
    expect(out.length).toBeLessThan(200_000);
  });
});
