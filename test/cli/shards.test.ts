import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Ran, ROOT, runIn } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'shards-'));
afterAll(() => rmSync(folder, { recursive: true }));
const FLOOD = join(ROOT, 'captures', 'handshake', 'syn-flood-from-many-addresses', 'server.pcap');
copyFileSync(FLOOD, join(folder, 'flood.pcap'));
const run = (...args: string[]): Promise<Ran> => runIn(folder, args);

const known = new Map<string, Promise<Ran>>();
/** What one process with one thread says of the flood, asked once for each format. */
function alone(format = 'text'): Promise<Ran> {
  const ran = known.get(format) ?? run('-F', format, 'flood.pcap');
  known.set(format, ran);
  return ran;
}

describe('--jobs', () => {
  test.each(['text', 'json', 'html', 'sarif'])('changes nothing in the report as %s', async (format) => {
    const [one, shared] = await Promise.all([alone(format), run('-F', format, '--jobs', '3', 'flood.pcap')]);
    expect(one.out).not.toBe('');
    expect(shared).toEqual(one);
  });

  test('goes with addresses that only this run knows', async () => {
    const { code, out } = await run('-F', 'json', '--anonymize', 'prefix', '--jobs', '2', 'flood.pcap');
    const { hosts, findings } = JSON.parse(out) as { hosts: { address: string }[]; findings: { subject: string }[] };
    const original = JSON.parse((await alone('json')).out) as { hosts: { address: string }[] };
    const known = original.hosts.filter(({ address }) => hosts.some((other) => other.address === address));
    expect([code, known.length < original.hosts.length / 2]).toEqual([0, true]); // one may by chance be what another was
    expect(findings.some(({ subject }) => hosts.some(({ address }) => subject.includes(address)))).toBe(true);
  });

  test('goes with standard input', async () => {
    const flood = readFileSync(FLOOD);
    const one = await runIn(folder, ['-'], flood);
    expect(one.out).toMatch(/^standard input\n/);
    expect(await runIn(folder, ['--jobs', '2', '-'], flood)).toEqual(one);
  });

  test('is of no use where captures are compared, and says so', async () => {
    copyFileSync(FLOOD.replace('server', 'client'), join(folder, 'client.pcap'));
    const { err } = await run('--jobs', '2', '--several', 'vantages', 'flood.pcap', 'client.pcap');
    expect(err).toContain('tcpexplain: captures are compared in one thread: --jobs changes nothing\n');
  });

  test('goes with points in time that an anonymous report does not tell', async () => {
    const { start } = (JSON.parse((await alone('json')).out) as { capture: { start: string } }).capture;
    const later = new Date(Number(start) * 1000 + 2000).toISOString();
    const wished = ['-F', 'json', '--anonymize', 'consistent', '--from', later, 'flood.pcap'];
    const one = await run(...wished);
    expect(JSON.parse(one.out)).toMatchObject({ leftOut: [expect.objectContaining({ by: 'time' })] });
    expect(await run('--jobs', '2', ...wished)).toEqual(one);
  });

  test('complains once about what is no capture', async () => {
    expect(await run('--jobs', '2', 'nothing.pcap')).toEqual({ code: 2, out: '', err: 'tcpexplain: nothing.pcap: there is no such file\n' });
  });
});

describe('--shard and merge', () => {
  const made = new Map<string, Promise<string[]>>();
  /** The files of the shards, made once. */
  const shards = (count: number, ...args: string[]): Promise<string[]> => {
    const files = made.get([count, ...args].join()) ?? make(count, ...args);
    made.set([count, ...args].join(), files);
    return files;
  };
  const make = async (count: number, ...args: string[]): Promise<string[]> => {
    const names = Array.from({ length: count }, (_, i) => `${args.length}-${i + 1}-of-${count}`);
    for (const [i, name] of names.entries())
      expect(await run('--shard', `${i + 1}/${count}`, '-o', name, ...args, 'flood.pcap')).toMatchObject({ code: 0, out: '', err: '' });
    return names;
  };

  test.each(['text', 'json', 'markdown', 'csv'])('make the report that one process makes, as %s', async (format) => {
    const parts = await shards(3);
    expect(await run('merge', '-F', format, ...parts.toReversed())).toEqual(await alone(format));
  });

  test('make a page with graphs, where these were gathered', async () => {
    const parts = await shards(2, '-F', 'html');
    expect(await run('merge', '-F', 'html', ...parts)).toEqual(await alone('html'));
    expect(await run('merge', '-F', 'html', ...(await shards(2)))).toMatchObject({ code: 2, err: expect.stringContaining('add -F html to --shard') });
  });

  test('a shard goes to standard output when that is no terminal', async () => {
    const { code, out } = await run('--shard', '1/1', 'flood.pcap');
    writeFileSync(join(folder, 'only'), out);
    expect(code).toBe(0);
    expect(await run('merge', 'only')).toEqual(await alone());
  });

  test('damage is told by the merge, which exits with 3; each shard has done what it was to do', async () => {
    writeFileSync(join(folder, 'cut.pcap'), readFileSync(FLOOD).subarray(0, -5));
    for (const i of [1, 2]) expect((await run('--shard', `${i}/2`, '-o', `cut${i}`, 'cut.pcap')).code).toBe(0);
    expect(await run('merge', 'cut1', 'cut2')).toEqual(await run('cut.pcap'));
    expect((await run('merge', '-q', 'cut1', 'cut2')).code).toBe(3);
  });

  test('a missing, a doubled and a foreign part are mistakes', async () => {
    const [first = '', second = ''] = await shards(2);
    expect(await run('merge', first)).toMatchObject({ code: 2, err: 'tcpexplain: shard 2 of 2 is missing\n' });
    expect(await run('merge', first, second, first)).toMatchObject({
      code: 2,
      err: `tcpexplain: shard 1 of 2 is there twice: ${first} and ${first}\n`,
    });
    expect(await run('merge', 'flood.pcap')).toMatchObject({ code: 2, err: expect.stringContaining('flood.pcap is no part of a report') });
    expect(await run('merge', first, '-o', first)).toMatchObject({ code: 2 });
    expect(await run(first)).toMatchObject({ code: 2, err: expect.stringContaining('give all of them to "tcpexplain merge"') });
  });

  test.each([
    [['--shard', '3/2', 'flood.pcap'], 'such as 2/4'],
    [['--shard', '1/2', '--jobs', '2', 'flood.pcap'], 'cannot be used with'],
    [['--shard', '1/2', '--anonymize', 'prefix', 'flood.pcap'], 'all shards need the same key: add --anon-key-file'],
    [['--shard', '1/2', '--several', 'vantages', 'flood.pcap', 'cut.pcap'], 'leave out --shard'],
  ])('%j is refused', async (args, why) => {
    writeFileSync(join(folder, 'cut.pcap'), readFileSync(FLOOD).subarray(0, -5));
    expect(await run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(why) });
  });
});
