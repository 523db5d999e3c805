import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const CLI = join(ROOT, 'dist', 'cli.js');
const CAPTURE = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

const files = {
  before: 'TcpInSegs 100 0.0\nTcpExtListenOverflows 0 0.0\nTcpExtEmbryonicRsts 0 0.0\n',
  after: 'TcpInSegs 150 0.0\nTcpExtListenOverflows 6 0.0\nTcpExtEmbryonicRsts 2 0.0\n',
  on: 'net.ipv4.tcp_abort_on_overflow = 1\nnet.core.somaxconn = 128\n',
  off: 'net.ipv4.tcp_abort_on_overflow = 0\n',
  evil: '[    1.000000] TCP: too many orphaned sockets \u001b[2J\n',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, CAPTURE, ...args], { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

const PROOF = 'TcpExtListenOverflows rose by 6 and TcpExtEmbryonicRsts by 2';

describe('what was saved on a host', () => {
  test('confirms a cause in the text', () => {
    const { code, out } = run('--side', 'server', '--nstat', 'before', '--nstat', 'after', '--sysctl', 'on', '--width', '200');
    expect(code).toBe(0);
    expect(out).toContain('Cause  accept-queue-overflow-abort (confirmed) on 10.19.0.2');
    expect(out.replace(/\s+/g, ' ')).toContain(`confirmed ${PROOF} and net.ipv4.tcp_abort_on_overflow is 1 and net.core.somaxconn is 128`);
  });

  test('confirms a cause in Markdown', () => {
    const { out } = run('--side', 'server', '--nstat', 'before', '--nstat', 'after', '-F', 'markdown');
    expect(out).toContain('**Cause: `accept-queue-overflow-abort`** (confirmed, 10.19.0.2)');
    expect(out).toContain(`- confirmed: ${PROOF}`);
  });

  test('confirms a cause in JSON', () => {
    const { out } = run('--side', 'server', '--nstat', 'before', '--nstat', 'after', '-F', 'json');
    const { findings } = JSON.parse(out) as { findings: { suspects: { cause: string; certainty: string; facts: string[] }[] }[] };
    const suspects = findings.flatMap((finding) => finding.suspects);
    expect(suspects).toContainEqual(expect.objectContaining({ cause: 'accept-queue-overflow-abort', certainty: 'confirmed', facts: [PROOF] }));
  });

  test('that rules a cause out is named in the text and in Markdown', () => {
    expect(run('--side', 'server', '--sysctl', 'off', '--width', '200').out).toMatch(
      /Ruled out +accept-queue-overflow-abort, by net\.ipv4\.tcp_abort_on_overflow is 0/,
    );
    expect(run('--side', 'server', '--sysctl', 'off', '-F', 'markdown').out).toContain('- ruled out: `accept-queue-overflow-abort`, by net.ipv4.tcp');
  });
});

describe('--side', () => {
  test('speaks of the files behind it', () => {
    const { out } = run('--side', 'client', '--sysctl', 'off', '--side', 'server', '--nstat', 'before', '--nstat', 'after');
    expect(out).toContain('(confirmed)');
    expect(out).not.toMatch(/Ruled out +accept-queue-overflow-abort/);
  });

  test('speaks of all files when there is only one', () => {
    expect(run('--nstat', 'before', '--nstat', 'after', '--side', 'server').out).toContain('(confirmed)');
  });

  test('must come first when there are several', () => {
    const { code, err } = run('--nstat', 'before', '--side', 'server', '--side', 'client', '--nstat', 'after');
    expect([code, err]).toEqual([2, 'tcpexplain: before: say whose it is with --side before it\n']);
  });

  test('without a file to speak of is refused, not passed over', () => {
    expect(run('--side', 'client')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('where the capture was made is --vantage') });
  });

  test('must be one that exists', () => {
    const { code, err } = run('--side', 'left', '--nstat', 'before');
    expect(code).toBe(2);
    expect(err).toContain('client, server, middle or an address is needed.');
  });
});

test('a file that does not exist is a usage error', () => {
  expect(run('--nstat', 'nowhere', '--side', 'server')).toMatchObject({ code: 2, err: 'tcpexplain: nowhere: there is no such file\n' });
});

test('what is no version of a kernel is a usage error', () => {
  expect(run('--kernel', 'new').code).toBe(2);
});

test('a kernel that is named stands in the report', () => {
  const { out } = run('--kernel', '5.15', '-F', 'json');
  const { hosts } = JSON.parse(out) as { hosts: { kernel: string }[] };
  expect(hosts.map(({ kernel }) => kernel)).toEqual(['5.15', '5.15']);
});

test('nothing in a saved file reaches the terminal as a command to it', () => {
  const { out } = run('--side', 'server', '--dmesg', 'evil', '--verbose');
  expect(out).not.toContain('\u001b[2J');
});

test('the script is printed, and ends where its output ends', () => {
  const { status, stdout } = spawnSync(process.execPath, [CLI, 'facts'], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^#!\/bin\/sh\n/);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('section end');
});
