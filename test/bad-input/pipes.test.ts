import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { CLI, type Ran, ROOT, runIn } from '../cli/run.js';

const CAPTURE = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');
const FILE = readFileSync(CAPTURE);
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
const PIPE = join(folder, 'pipe');
execFileSync('mkfifo', [PIPE]);
afterAll(() => rmSync(folder, { recursive: true }));

/** It has opened the named pipe, or waits for standard input: before that, Ctrl-C just ends it. */
async function reads(pid: number): Promise<void> {
  for (;;) {
    const files = readdirSync(`/proc/${pid}/fd`);
    if (files.some((fd) => said(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) === PIPE)) return;
    if (files.some((fd) => /^tfd:\s+0 /m.test(said(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))))) return;
    await pause(20);
  }
}

/** Nothing of a file that has been closed in the meantime. */
function said(ask: () => string): string {
  try {
    return ask();
  } catch {
    return '';
  }
}

/** Runs the program while something happens to it. */
async function during(args: string[], happens: (child: ChildProcessWithoutNullStreams) => Promise<unknown>): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  const ran: Ran = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (ran.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ran.err += chunk.toString()));
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  await reads(child.pid as number);
  await happens(child);
  const code = await closed;
  return { ...ran, code };
}

async function press(child: ChildProcessWithoutNullStreams, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    if (i > 0) await pause(500); // two at once would count as one
    child.kill('SIGINT');
  }
}

const NOTHING = 'reading it was interrupted';

describe.skipIf(process.platform !== 'linux')('a pipe that brings nothing yet', () => {
  test('standard input: the first SIGINT is for tcpdump, whose packets then come and are read to the end', async () => {
    const whole = await runIn(folder, ['-'], FILE);
    const ran = await during(['-'], async (child) => {
      await press(child, 1);
      await pause(300);
      child.stdin.end(FILE);
    });
    expect(ran).toEqual({ code: 0, out: whole.out, err: '' });
  });

  test.each([
    ['standard input', '-'],
    ['pipe', 'pipe'],
  ])('%s: the second SIGINT gives it up', async (name, argument) => {
    const ran = await during([argument], (child) => press(child, 2));
    expect(ran).toEqual({ code: 130, out: '', err: `tcpexplain: ${name}: ${NOTHING}\n` });
  });

  test('a named pipe: whoever comes to write is waited for', async () => {
    const { out } = await runIn(folder, [CAPTURE]);
    const ran = await during(['pipe'], async () => createWriteStream(PIPE).end(FILE));
    expect({ ...ran, out: ran.out.replace('pipe', 'server.pcap') }).toEqual({ code: 0, out, err: '' });
  });

  test('a named pipe whose writer has fallen silent: the report covers what came', async () => {
    const writer = createWriteStream(PIPE);
    const ran = await during(['pipe'], async (child) => {
      await new Promise((resolve) => writer.write(FILE.subarray(0, -5), resolve));
      await pause(300);
      await press(child, 2);
    });
    writer.destroy();
    expect(ran.code).toBe(130);
    expect(ran.out).toContain('39 packets');
    expect(ran.err).toBe('tcpexplain: pipe: reading it was interrupted; the rest was analysed\n');
  });
});

test('what comes through several pipes is read once, and not looked at beforehand', () => {
  const line = `"${process.execPath}" "${CLI}" --several timeline <(cat "${CAPTURE}") <(cat "${CAPTURE}")`;
  expect(execFileSync('bash', ['-c', line], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })).toContain('80 packets');
});
