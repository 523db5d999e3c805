import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CLI, type Ran, ROOT, runIn } from './cli/run.js';
import { pcap } from './packets.js';
import { capture } from './transcript.js';

const RESET_BY_QUEUE = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[], input?: Buffer | string): Promise<Ran> => runIn(folder, args, input);

function file(name: string, content: Buffer | string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const HANDSHAKE = capture(`
  0.000  >  S  0:0(0) win 64240 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
  0.010  <  S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 9 ecr 1,nop,wscale 7>
  0.010  >  .  1:1(0) ack 1 win 502 <nop,nop,TS val 2 ecr 9>
  0.020  >  F. 1:1(0) ack 1 win 502 <nop,nop,TS val 3 ecr 9>
  0.030  <  F. 1:1(0) ack 2 win 509 <nop,nop,TS val 10 ecr 3>
  0.030  >  .  2:2(0) ack 2 win 502 <nop,nop,TS val 4 ecr 10>
`).file;

describe('a capture is explained', () => {
  test('first the summary, then findings with their cause, last what to do next', async () => {
    const { code, out, err } = await run([RESET_BY_QUEUE]);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')[0]).toContain('server.pcap');
    expect(out).toContain('accept-queue-overflow-abort');
    expect(out.trimEnd().split('\n').at(-1)).toContain('tcpexplain explain accept-queue-overflow-abort');
  });

  test('from standard input, as tcpdump -w - writes it', async () => {
    const { code, out } = await run(['-'], readFileSync(RESET_BY_QUEUE));
    expect(code).toBe(0);
    expect(out).toContain('accept-queue-overflow-abort');
  });

  test('the same twice, byte for byte', async () => {
    const [first, second] = await Promise.all([run([RESET_BY_QUEUE]), run([RESET_BY_QUEUE])]);
    expect(first.out).toBe(second.out);
  });

  test('several files are one timeline', async () => {
    const both = await run([join(RESET_BY_QUEUE, '..', 'client.pcap'), RESET_BY_QUEUE, '-F', 'json']);
    const report = JSON.parse(both.out);
    expect(report.input.map(({ name }: { name: string }) => name)).toEqual(['client.pcap', 'server.pcap']);
  });

  test('one without anything wrong says so', async () => {
    const { code, out } = await run([file('healthy.pcap', HANDSHAKE)]);
    expect(code).toBe(0);
    expect(out).toMatch(/nothing/i);
  });

  test('a width and plain characters are kept to', async () => {
    const { out } = await run([RESET_BY_QUEUE, '--ascii', '--width', '72']);
    expect(out).toMatch(/^[\x20-\x7e\n]*$/);
    const text = out.split('\n').filter((line) => !line.includes('$ ')); // commands stay whole, to be copied
    expect(Math.max(...text.map((line) => line.length))).toBeLessThanOrEqual(72);
  });

  test('as a page with graphs', async () => {
    const { code, err } = await run([RESET_BY_QUEUE, '-F', 'html', '-o', 'report.html']);
    expect([code, err]).toEqual([0, '']);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(page).toContain('accept-queue-overflow-abort');
    expect(page.trimEnd().endsWith('</html>')).toBe(true);
  });

  test('into a file: whole, and never over an input', async () => {
    expect((await run([RESET_BY_QUEUE, '-F', 'markdown', '-o', 'report.md'])).code).toBe(0);
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('accept-queue-overflow-abort');
    copyFileSync(RESET_BY_QUEUE, join(folder, 'mine.pcap'));
    const refused = await run(['mine.pcap', '-o', './mine.pcap']);
    expect(refused.code).toBe(2);
    expect(readFileSync(join(folder, 'mine.pcap'))).toEqual(readFileSync(RESET_BY_QUEUE));
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});

describe('what is wrong with the input is one clear line, and the exit code says it', () => {
  test.each<[string, () => string, number, RegExp]>([
    ['a missing file', () => 'nowhere.pcap', 2, /nowhere\.pcap: there is no such file/],
    ['an empty file', () => file('empty.pcap', ''), 2, /empty\.pcap.* is empty/],
    ['text', () => file('tcpdump.txt', '12:00:01 IP 10.0.0.1.80 > 10.0.0.2.40000: Flags [S]'), 2, /it is text; record with "tcpdump -w FILE"/],
    ['a PNG', () => file('shot.png', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108', 'hex')), 2, /it is a PNG image/],
    [
      'an unknown link type',
      () => file('usb.pcap', pcap([{ time: 0, bytes: Buffer.alloc(64) }], 189)),
      2,
      /there is no TCP in it.*unknown link type/,
    ],
    [
      'a capture without TCP',
      () => file('arp.pcap', pcap([{ time: 0, bytes: Buffer.from(`${'ff'.repeat(12)}08060001080006040001${'00'.repeat(20)}`, 'hex') }])),
      2,
      /there is no TCP in it \(1 frames?: 1 ARP or neighbour discovery\)/,
    ],
    ['a capture without packets', () => file('header.pcap', pcap([])), 2, /there are no packets in it/],
    ['a slip in the name of a command', () => 'flasg', 2, /flasg: there is no such file; did you mean "tcpexplain flags"\?/],
    ['a slip in the name of a command, with a capture', () => `flasg ${file('some.pcap', HANDSHAKE)}`, 2, /did you mean "tcpexplain flags"\?/],
    ['a folder without captures', () => '/proc/self/ns', 2, /is a directory without a capture in it/],
  ])('%s', async (_, path, expected, message) => {
    const { code, out, err } = await run(path().split(/ (?=some)/));
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(expected);
  });

  test('a cut file gets the report of what was readable, and exit code 3', async () => {
    const { code, out, err } = await run([file('cut.pcap', HANDSHAKE.subarray(0, HANDSHAKE.length - 30))]);
    expect(code).toBe(3);
    expect(out).toContain('5 packets');
    expect(err).toMatch(/cut\.pcap: the last record is cut off/);
  });

  test('JSON is written even of a capture without TCP', async () => {
    const { code, out } = await run([file('none.pcap', pcap([])), '-F', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ version: 1, flows: [], findings: [] });
  });

  test('control characters of a file name reach no terminal', async () => {
    const { err } = await run(['\u001b[31mred.pcap']);
    expect(err).not.toContain('\u001b');
  });
});

describe('usage', () => {
  test('what the build writes can be started as it is', () => {
    expect(spawnSync(CLI, ['--version']).status).toBe(0);
  });

  test('nothing at all prints the help, with examples, and is an error', async () => {
    const { code, err } = await run([]);
    expect(code).toBe(2);
    expect(err).toContain('tcpdump');
  });

  test.each([['--help'], ['flags --help'], ['--version']])('%s succeeds', async (args) => {
    const { code, out } = await run(args.split(' '));
    expect(code).toBe(0);
    expect(out.length).toBeGreaterThan(4);
  });

  test.each([
    ['--colour', /unknown option '--colour'/],
    ['--top none', /a whole number above 0 is needed/],
    ['--max-memory lots', /such as 500M or 2G/],
    ['--max-memory 500M --jobs 2', /'--jobs <n>' cannot be used with option '--max-memory <bytes>'/],
    ['--max-memory 100M', /no report can be made with less than 250M/],
    ['-F pdf', /Allowed choices are/],
  ])('%s is refused', async (args, message) => {
    const { code, err } = await run([RESET_BY_QUEUE, ...args.split(' ')]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test.each([
    ['failure', 1],
    ['accept-queue-overflow-abort', 1],
    ['tw-recycle-nat-syn-drop', 0],
    ['never', 0],
  ])('--fail-on %s exits with %i', async (what, expected) => {
    expect((await run([RESET_BY_QUEUE, '-q', '--fail-on', what])).code).toBe(expected);
  });

  test.each(['', 'flags', 'states', 'netstat', 'explain', 'facts', 'check', 'diff', 'merge', 'completion'])(
    'the help of "%s" shows examples, within 80 columns',
    async (command) => {
      const { code, out } = await run([command, '--help'].filter(Boolean));
      expect(code).toBe(0);
      expect(out).toMatch(/^Examples:\n {2}/m);
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  test('a closed pipe ends it quietly', async () => {
    const child = spawn('sh', ['-c', `"${process.execPath}" "${CLI}" states "${RESET_BY_QUEUE}" | head -n 1`], { env: { ...process.env } });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await new Promise((resolve) => child.on('close', resolve));
    expect(err).toBe('');
  });
});

describe('netstat', () => {
  test('shows the sockets of each host at a moment, plain and no wider than asked for', async () => {
    const { code, out, err } = await run(['netstat', '--at', '0.025', '--width', '60', file('closing.pcap', HANDSHAKE)]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^FIN-WAIT-1 +1 +10\.0\.0\.1:40000 +10\.0\.0\.2:80/m);
    expect(out).not.toContain('\u001b');
  });

  test('is data as well', async () => {
    const name = file('closing.pcap', HANDSHAKE);
    const { hosts } = JSON.parse((await run(['netstat', '-F', 'json', name])).out);
    expect(hosts[0].rows[0]).toMatchObject({ state: 'TIME-WAIT', local: '10.0.0.1:40000', peer: '10.0.0.2:80' });
    const census = JSON.parse((await run(['netstat', '-F', 'json', '--every', '10ms', name])).out);
    expect(census[0]).toEqual({ seconds: 0, host: '10.0.0.1', counts: { SYN_SENT: 1 } });
  });

  test.each([[['--at', 'noon']], [['--every', '0']], [['--at', '1', '--every', '1s']], [['--every', '1s', '--sysctl', 'all.txt']]])(
    '%j is a usage error',
    async (options) => {
      expect((await run(['netstat', ...options, RESET_BY_QUEUE])).code).toBe(2);
    },
  );

  test('counts ports against the range that a saved sysctl tells', async () => {
    const ports = join(ROOT, 'captures', 'handshake/no-syn-because-local-ports-are-exhausted/client.pcap');
    const told = file('sysctl.txt', Buffer.from('net.ipv4.ip_local_port_range = 40000\t40011\n'));
    const { code, out } = await run(['netstat', '--width', '200', '--sysctl', told, ports]);
    expect(code).toBe(0);
    expect(out).toContain('has 12 of 12 local ports (ip_local_port_range 40000 40011) in use towards 10.20.0.2:5000, 12 of them in TIME_WAIT');
    const { code: refused, err } = await run(['netstat', '--sysctl', file('other.txt', Buffer.from('net.ipv4.tcp_sack = 1\n')), ports]);
    expect([refused, err]).toEqual([2, expect.stringMatching(/other\.txt: net\.ipv4\.ip_local_port_range is not in it/)]);
  });

  test('an empty capture is said in words', async () => {
    const { code, out } = await run(['netstat', file('empty.pcap', capture('').file)]);
    expect([code, out]).toEqual([0, 'No packets: nothing is known of any socket.\n']);
  });
});

describe('explain', () => {
  test('prints the manual page of a cause', async () => {
    const { out } = await run(['explain', 'accept-queue-overflow-abort']);
    expect(out).toContain('net.ipv4.tcp_abort_on_overflow');
  });

  test('knows underscores and hyphens alike', async () => {
    expect((await run(['explain', 'zero-window'])).out).toBe((await run(['explain', 'zero_window'])).out);
  });

  test('lists what there is', async () => {
    const { out } = await run(['explain']);
    for (const id of ['retransmission', 'accept-queue-overflow-abort']) expect(out).toContain(id);
  });

  test('offers what is near when nothing is called so', async () => {
    const { code, err } = await run(['explain', 'accept-queue']);
    expect(code).toBe(2);
    expect(err).toContain('accept-queue-overflow-abort');
  });
});
