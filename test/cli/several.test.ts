import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = join(fileURLToPath(import.meta.url), '..', '..', '..');
const LOSSY = join(ROOT, 'captures', 'transfer', 'two-percent-lost');

function run(args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist', 'cli.js'), ...args], {
    cwd: LOSSY,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' },
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('several captures on the command line', () => {
  test('are compared: the path comes with the summary, and every finding says which capture its filter is for', () => {
    const { code, out, err } = run(['client.pcap', 'server.pcap', '--width', '200']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Path +11 of 430 segments vanished between client and server on the way to the server, 7 of 288/m);
    expect(out).toContain('filter: tcp.stream eq 0 in server.pcap (also in client.pcap)');
  });

  test('are listed event by event in Markdown and JSON', () => {
    const { out } = run(['-F', 'markdown', 'server.pcap', 'client.pcap']);
    expect(out).toContain('## path: client.pcap to server.pcap');
    expect(out.split('\n').filter((line) => line.includes('| lost |'))).toHaveLength(18);
    const { paths } = JSON.parse(run(['-F', 'json', 'server.pcap', 'client.pcap']).out) as { paths: { events: { kind: string }[] }[] };
    expect(paths[0]?.events.filter(({ kind }) => kind === 'lost')).toHaveLength(18);
  });

  test('are one timeline when the reader says so, and listings take them so', () => {
    const { out } = run(['--several', 'timeline', '-F', 'json', 'client.pcap', 'server.pcap']);
    expect((JSON.parse(out) as { paths?: unknown }).paths).toBeUndefined();
    expect(run(['flags', 'client.pcap', 'server.pcap']).code).toBe(0);
  });

  test('are compared without their addresses and names', () => {
    const { code, out, err } = run(['--anonymize', 'consistent', 'client.pcap', 'server.pcap', '--width', '200']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^capture 1, capture 2$/m);
    expect(out).toContain('240.0.0.1:40410 to 240.0.0.2:5000');
    expect(out).toContain('filter: tcp.stream eq 0 in capture 2 (also in capture 1)');
    expect(out).not.toMatch(/10\.46|client\.pcap|2026/);
  });

  test('a file beside them that is no capture is a note', () => {
    const { code, out, err } = run(['client.pcap', 'server.pcap', 'truth.json', '--width', '200']);
    expect([code, err]).toEqual([3, expect.stringContaining('truth.json is not a pcap')]);
    expect(out).toMatch(/^Path +11 of 430 segments vanished/m);
  });

  test('tell themselves where they were made', () => {
    const { code, err } = run(['--vantage', 'client', 'client.pcap', 'server.pcap']);
    expect(code).toBe(2);
    expect(err).toContain('leave out --vantage, or add --several timeline');
  });
});
