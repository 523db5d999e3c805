import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ran, ROOT, runIn } from './run.js';

const CAPTURE = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  copyFileSync(CAPTURE, join(folder, 'secret.pcap'));
  writeFileSync(join(folder, 'cut.pcap'), readFileSync(CAPTURE).subarray(0, 2000));
  writeFileSync(join(folder, 'secret.txt'), 'no capture');
  writeFileSync(join(folder, 'secret.pcap.gz'), gzipSync(readFileSync(CAPTURE)));
  writeFileSync(join(folder, 'key'), 'thirty-two bytes nobody can guess');
  writeFileSync(join(folder, 'short'), 'guess me');
});

const run = (...args: string[]): Promise<Ran> => runIn(folder, args);

describe('--anonymize', () => {
  test('without a key numbers the addresses: the same twice, byte for byte', async () => {
    const [first, second] = [await run('secret.pcap', '--anonymize', 'consistent'), await run('secret.pcap', '--anonymize', 'consistent')];
    expect(first).toEqual(second);
    expect(first.out).toContain('240.0.0.2:5000');
    expect(first.out.split('\n')[0]).toBe('capture 1');
    expect(first.out).not.toContain('2026');
  });

  test('with a key is the same in every format, and another with another key', async () => {
    const args = ['secret.pcap', '--anonymize', 'prefix', '--anon-key-file', 'key', '-F'];
    const host = JSON.parse((await run(...args, 'json')).out).hosts[0].address as string;
    for (const format of ['text', 'markdown', 'csv', 'sarif']) expect((await run(...args, format)).out).toContain(host);
    const states = await run('states', 'secret.pcap', '--anonymize', 'prefix', '--anon-key-file', 'key');
    expect(states.out).toContain(host);
    expect((await run('secret.pcap', '--anonymize', 'prefix', '--anon-key-file', 'secret.pcap')).out).not.toContain(host);
  });

  test('lists sockets without their addresses and without a date', async () => {
    const { out } = await run('netstat', 'secret.pcap', '--anonymize', 'consistent');
    expect(out.split('\n')[0]).toBe('the end of the capture, which lasts 4.192 s');
    expect(out).toMatch(/^ESTAB .*240\.0\.0\.\d+:5000/m);
    expect(out).not.toMatch(/2026|10\.19\./);
  });

  test('names no file on standard error either', async () => {
    const { code, err, out } = await run('cut.pcap', 'secret.txt', '--anonymize', 'consistent');
    expect([code, err]).toEqual([3, expect.stringContaining('capture 1: the last record is cut off')]);
    expect(err + out).not.toMatch(/secret|cut\.pcap/);
    expect(err).toContain('capture 2 is not a pcap');
  });

  test('keeps what a date chooses', async () => {
    const report = JSON.parse((await run('secret.pcap', '--anonymize', 'consistent', '-F', 'json', '--to', '2026-11-21T03:24:21Z')).out);
    expect(report.flows.map(({ stream }: { stream: number }) => stream)).toEqual([4, 5]);
    expect(report.capture.start).toBe('');
  });

  test.each([
    [['--anon-key-file', 'nowhere'], /no key can be read from it; "head -c 32/],
    [['--anon-key-file', 'short'], /a key of 8 bytes can be guessed/],
  ])('refuses %j', async (args, message) => {
    expect(await run('secret.pcap', '--anonymize', 'prefix', ...args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
  });

  test('what was saved on a host names addresses: it is refused', async () => {
    writeFileSync(join(folder, 'sysctl'), 'net.ipv4.tcp_abort_on_overflow = 1\n');
    expect(await run('secret.pcap', '--anonymize', 'consistent', '--sysctl', 'sysctl')).toMatchObject({ code: 2, out: '' });
  });

  test('a key without --anonymize is a mistake, not a report with names in it', async () => {
    expect(await run('secret.pcap', '--anon-key-file', 'key')).toMatchObject({ code: 2, out: '' });
  });
});

describe('the hash of a file', () => {
  const hashIn = async (...args: string[]): Promise<string | null> => JSON.parse((await run('-F', 'json', ...args)).out).input[0].sha256;
  const hashOf = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');

  test.each(['secret.pcap', 'secret.pcap.gz', 'cut.pcap'])('is that of its bytes: %s', async (name) => {
    expect(await hashIn(name)).toBe(hashOf(name));
  });

  test('would name a file that is not to be known', async () => {
    expect(await hashIn('secret.pcap', '--anonymize', 'consistent')).toBeNull();
  });
});
