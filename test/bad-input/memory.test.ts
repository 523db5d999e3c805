import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Report } from '../../src/report.js';
import { MIXES } from '../bench/traffic.js';
import { writeCapture } from '../bench/write.js';
import { CLI } from '../cli/run.js';

const folder = mkdtempSync(join(tmpdir(), 'memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MIB = 1024 * 1024;
/** Prints the most memory that the process had, in KiB; what getrusage() says may be what its parent had (exec_mmap() in fs/exec.c). */
const MEASURE = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  process.on('exit', () => console.error(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]));
`)}`;

async function explained(...args: readonly string[]): Promise<{ report: Report; most: number }> {
  const child = spawn(process.execPath, ['--import', MEASURE, CLI, '-F', 'json', ...args]);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  await new Promise((resolve) => child.on('close', resolve));
  return { report: JSON.parse(Buffer.concat(out).toString()), most: Number(Buffer.concat(err).toString().trim().split('\n').at(-1)) * 1024 };
}

test('--max-memory holds for the whole process, and what it cost is said', async () => {
  const path = join(folder, 'open.pcap');
  writeCapture(path, { ...(MIXES[2] as (typeof MIXES)[number]), together: 60_000, segments: 64 }, 850_000);
  const [free, bounded] = [await explained(path), await explained('--max-memory', '250M', path)];
  expect(free.most).toBeGreaterThan(250 * MIB); // otherwise the bound is none
  expect(bounded.most).toBeLessThan(250 * MIB);
  expect(free.report.capture.caveats.map(({ id }) => id)).not.toContain('capture-bounded');
  expect(bounded.report.capture.caveats.find(({ id }) => id === 'capture-bounded')?.sentence).toMatch(
    /^\d+ conversations given up and \d+ packets of conversations without room left out to stay within the bounds that .* --max-memory set\.$/,
  );
  expect(Object.values(bounded.report.capture.outcomes).reduce((sum, count) => sum + count, 0)).toBe(bounded.report.capture.conversations);
});

test('when there are more conversations than are remembered one by one, the report says so', async () => {
  const path = join(folder, 'many.pcap');
  writeCapture(path, { ...(MIXES[0] as (typeof MIXES)[number]), segments: 1, together: 10 }, 1_500_000, 132_000);
  const { report } = await explained(path);
  expect(report.capture.conversations).toBeGreaterThanOrEqual(132_000);
  expect(report.capture.caveats.map(({ sentence }) => sentence)).toContain(
    'More than 131072 conversations: when others of the same host went on is known of the first ones only.',
  );
});
