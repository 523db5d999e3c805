import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { pcapWith, recordsOf } from '../vantages/captured.js';

const ROOT = join(fileURLToPath(import.meta.url), '..', '..', '..');
const LOSSY = join(ROOT, 'captures', 'transfer', 'two-percent-lost');
const rotated = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(rotated, { recursive: true }));

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

  test('are one timeline when the reader says so', () => {
    const { out } = run(['--several', 'timeline', '-F', 'json', 'client.pcap', 'server.pcap']);
    expect((JSON.parse(out) as { paths?: unknown }).paths).toBeUndefined();
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

describe.each(['flags', 'states'])('%s of several captures', (command) => {
  const rows = (...args: string[]): string[] =>
    run([command, ...args])
      .out.trimEnd()
      .split('\n');

  test('are those of each, behind its name', () => {
    const [client, server] = [rows('client.pcap'), rows('server.pcap')] as const;
    const named = (name: string, own: readonly string[]): string[] => own.slice(1).map((row) => `${name}\t${row}`);
    const expected = [`capture\t${client[0]}`, ...named('client.pcap', client), ...named('server.pcap', server)];
    expect(rows('client.pcap', 'server.pcap')).toEqual(expected);
    expect(rows('.')).toEqual(expected);
    expect(rows('--several', 'timeline', 'client.pcap', 'server.pcap')[0]).toBe(client[0]);
  });

  test('are those of one when they are the files of one', () => {
    const records = recordsOf(readFileSync(join(LOSSY, 'client.pcap')));
    const half = records.length >> 1;
    for (const [name, part] of [['trace.pcap1', records.slice(0, half)] as const, ['trace.pcap0', records.slice(half)] as const])
      writeFileSync(join(rotated, name), pcapWith(readFileSync(join(LOSSY, 'client.pcap')), part));
    expect(rows(rotated)).toEqual(rows('client.pcap'));
    expect(rows(rotated, 'server.pcap')[1]).toMatch(/^trace\.pcap1 and 1 more\t/);
  });
});

describe('netstat of several captures', () => {
  const tables = (...args: string[]): { capture: string }[] => JSON.parse(run(['netstat', '-F', 'json', ...args]).out);

  test('is told of each, under its name', () => {
    const { out } = run(['netstat', 'client.pcap', 'server.pcap']);
    expect(out).toBe(`client.pcap\n${run(['netstat', 'client.pcap']).out}\nserver.pcap\n${run(['netstat', 'server.pcap']).out}`);
    expect(tables('client.pcap', 'server.pcap')).toEqual(
      ['client.pcap', 'server.pcap'].map((capture) => ({ capture, ...(tables(capture) as unknown as object) })),
    );
  });

  test('counts those of each over time', () => {
    const counts = tables('--every', '100ms', '.');
    expect(new Set(counts.map(({ capture }) => capture))).toEqual(new Set(['client.pcap', 'server.pcap']));
    expect(counts.filter(({ capture }) => capture === 'client.pcap').map(({ capture: _, ...row }) => row)).toEqual(
      tables('--every', '100ms', 'client.pcap'),
    );
  });
});

test('diff does not take several captures of the same conversations for one', () => {
  const { code, err } = run(['diff', '.', 'client.pcap']);
  expect([code, err]).toEqual([2, 'tcpexplain: . holds several captures of the same conversations: name one of them\n']);
});
