import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Ran, ROOT, runIn } from './run.js';

const RECORDING = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full');
const OTHER = join(ROOT, 'captures', 'handshake', 'refused-because-port-is-closed', 'client.pcap');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
  mkdirSync(join(folder, 'topic', 'plot'), { recursive: true });
  for (const file of ['client.pcap', 'server.pcap']) copyFileSync(join(RECORDING, file), join(folder, 'topic', 'plot', file));
  copyFileSync(OTHER, join(folder, 'x.pcap'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const check = (...args: string[]): Promise<Ran> => runIn(folder, ['check', '.', ...args]);
const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');

describe('check', () => {
  test('without expectations says so, and writes them when asked to', async () => {
    expect(await check()).toMatchObject({ code: 1, out: expect.stringContaining('0 as expected, 2 new; --update writes them') });
    expect(await check('--update')).toMatchObject({ code: 0, out: expect.stringContaining('2 new; written') });
    expect(await check()).toEqual({ code: 0, out: '2 as expected\n', err: '' });
  });

  test('a capture at the top has a report of its own, those of a folder share one', async () => {
    await check('--update');
    expect(read('x.expected.md').match(/^# .*/gm)).toEqual(['# `x.pcap`']);
    expect(read('topic', 'plot', 'report.md').match(/^# .*/gm)).toEqual(['# `client.pcap`', '# `server.pcap`']);
  });

  test('a capture that has an expectation of its own further down keeps it', async () => {
    writeFileSync(join(folder, 'topic', 'plot', 'client.expected.md'), '');
    await check('--update');
    expect(read('topic', 'plot', 'client.expected.md')).toContain('# `client.pcap`');
    expect(read('topic', 'plot', 'report.md').match(/^# .*/gm)).toEqual(['# `server.pcap`']);
  });

  test('shows what has changed, line by line', async () => {
    await check('--update');
    writeFileSync(join(folder, 'x.expected.md'), read('x.expected.md').replace(/^- Found: .*/m, '- Found: nothing'));
    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toContain('x.expected.md has changed');
    expect(out.split('\n').filter((line) => /^ {2}[-+] - Found/.test(line))).toEqual([
      '  - - Found: nothing',
      expect.stringMatching(/^ {2}\+ - Found: 1 failure/),
    ]);
    expect(out).toContain('1 as expected, 1 changed');
    expect(read('x.expected.md')).toContain('Found: nothing');
  });

  test('notices another capture under the same name', async () => {
    await check('--update');
    copyFileSync(OTHER, join(folder, 'topic', 'plot', 'client.pcap'));
    expect((await check()).code).toBe(1);
  });

  test('notices that a capture is gone', async () => {
    await check('--update');
    rmSync(join(folder, 'x.pcap'));
    expect(await check()).toMatchObject({ code: 1, out: expect.stringContaining('x.expected.md: its capture is not there') });
  });

  test('does not mind how lines end', async () => {
    await check('--update');
    writeFileSync(join(folder, 'x.expected.md'), read('x.expected.md').replaceAll('\n', '\r\n'));
    expect((await check()).code).toBe(0);
  });

  test('shows what stands in an expectation without letting it speak to the terminal', async () => {
    writeFileSync(join(folder, 'x.expected.md'), '\u001b[2J\u009b31m\u202eevil\u0007\n\u0000{"__proto__":{"polluted":1}}\n');
    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toContain('  - \\u{1b}[2J\\u{9b}31m\\u{202e}evil\\u{7}\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test('reads no expectation without end, and does not take one that cannot be read for none', async () => {
    symlinkSync('/dev/zero', join(folder, 'x.expected.md'));
    expect(await check()).toMatchObject({ code: 2, err: 'tcpexplain: x.expected.md has more than 33554432 bytes: it is something else\n' });
    rmSync(join(folder, 'x.expected.md'));
    mkdirSync(join(folder, 'x.expected.md'));
    expect(await check('--update')).toMatchObject({ code: 2, err: 'tcpexplain: x.expected.md cannot be read (EISDIR)\n' });
  });

  test('compares an expectation of a million lines', async () => {
    writeFileSync(join(folder, 'x.expected.md'), 'line\n'.repeat(1_000_000));
    expect(await check('-q')).toEqual({ code: 1, out: '0 as expected, 1 changed, 1 new; --update writes them\n', err: '' });
  });

  test('fails when there is nothing to be checked, or nothing can be', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await runIn(folder, ['check', 'empty'])).toMatchObject({ code: 2, err: expect.stringContaining('there is no capture in it') });
    expect(await runIn(folder, ['check', 'nowhere'])).toMatchObject({ code: 2, err: expect.stringContaining('is no directory') });
    appendFileSync(join(folder, 'text.pcap'), 'text');
    expect(await check()).toMatchObject({ code: 2, err: expect.stringContaining('text.pcap is not a pcap') });
  });
});
