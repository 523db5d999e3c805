import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLI, type Ran, ROOT, runIn } from './run.js';

const CAPTURE = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
  copyFileSync(CAPTURE, join(folder, 'mine.pcap'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]): Promise<Ran> => runIn(folder, ['mine.pcap', ...args]);
const names = (): string[] => readdirSync(folder).toSorted();
const isUnharmed = (): boolean => readFileSync(join(folder, 'mine.pcap')).equals(readFileSync(CAPTURE));

describe('a report is written into a file', () => {
  test('whole, and nothing is left beside it', async () => {
    expect((await run('-F', 'json', '-o', 'report.json')).code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).version).toBe(1);
    expect(names()).toEqual(['mine.pcap', 'report.json']);
  });

  test('over an older one', async () => {
    writeFileSync(join(folder, 'report.md'), 'old');
    expect((await run('-F', 'markdown', '-o', 'report.md')).code).toBe(0);
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toMatch(/^# /);
  });

  test('-o - is standard output, and -q leaves the file', async () => {
    expect((await run('-o', '-')).out).toContain('accept-queue-overflow-abort');
    const { out } = await run('-q', '-o', 'quiet.txt');
    expect([out, existsSync(join(folder, 'quiet.txt'))]).toEqual(['', true]);
  });
});

describe('never', () => {
  test.each(['./mine.pcap', '../FOLDER/mine.pcap'])('over an input: %s', async (path) => {
    const { code, err } = await run('-o', path.replace('FOLDER', folder.split('/').at(-1) ?? ''));
    expect([code, err]).toEqual([2, expect.stringContaining('is an input')]);
    expect(isUnharmed()).toBe(true);
  });

  test('over an input by another of its names', async () => {
    linkSync(join(folder, 'mine.pcap'), join(folder, 'other.txt'));
    expect((await run('-o', 'other.txt')).err).toContain('is an input');
    expect(isUnharmed()).toBe(true);
  });

  test('over an input that only its directory was named of', async () => {
    const { code } = await runIn(folder, ['.', '-o', 'mine.pcap']);
    expect([code, isUnharmed()]).toEqual([2, true]);
  });

  test('over what comes through standard input', () => {
    const line = `"${process.execPath}" "${CLI}" - -o mine.pcap < mine.pcap`;
    const { status, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr, isUnharmed()]).toEqual([2, 'tcpexplain: mine.pcap is an input: it is not overwritten\n', true]);
  });

  test.each([
    ['what was saved on a host', ['--side', 'server', '--sysctl', 'saved']],
    ['a key', ['--anonymize', 'prefix', '--anon-key-file', 'saved']],
    ['what was saved, with a part of a report', ['--side', 'server', '--sysctl', 'saved', '--shard', '1/1']],
  ])('over %s', async (_, args) => {
    const content = 'net.ipv4.tcp_sack = 1\n';
    writeFileSync(join(folder, 'saved'), content);
    expect(await run(...args, '-o', './saved')).toMatchObject({ code: 2, err: 'tcpexplain: ./saved is an input: it is not overwritten\n' });
    expect(readFileSync(join(folder, 'saved'), 'utf8')).toBe(content);
  });

  test.each(['', 'flags', 'states', 'netstat', '--shard 1/1'])('into an input that standard output was led to: %s', (command) => {
    const line = `"${process.execPath}" "${CLI}" ${command} mine.pcap >> mine.pcap`;
    const { status, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, 'tcpexplain: standard output is an input: nothing is written into it\n']);
    expect(isUnharmed()).toBe(true);
  });

  test('for more eyes than the file before it', async () => {
    for (const mode of [0o600, 0o640, 0o400]) {
      writeFileSync(join(folder, 'report.md'), 'old');
      chmodSync(join(folder, 'report.md'), mode);
      expect((await run('-F', 'markdown', '-o', 'report.md')).code).toBe(0);
      expect(statSync(join(folder, 'report.md')).mode & 0o777).toBe(mode);
    }
  });

  test('through a symbolic link', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere', 'precious'), 'precious');
    symlinkSync('elsewhere/precious', join(folder, 'link'));
    symlinkSync('elsewhere/nothing', join(folder, 'dangling'));
    for (const path of ['link', 'dangling']) {
      const { code, err } = await run('-o', path);
      expect([code, err]).toEqual([2, expect.stringContaining('is a symbolic link')]);
    }
    expect(readFileSync(join(folder, 'elsewhere', 'precious'), 'utf8')).toBe('precious');
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['precious']);
  });

  test('into a directory', async () => {
    mkdirSync(join(folder, 'there'));
    expect(await run('-o', 'there')).toMatchObject({ code: 2, err: expect.stringContaining('is a directory') });
    expect(await run('-o', 'nowhere/report.txt')).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') });
  });
});

describe('in part is not at all', () => {
  test('on a full disk', async () => {
    expect(await run('-o', '/dev/full')).toMatchObject({ code: 2, err: expect.stringContaining('ENOSPC') });
  });

  /** Whether one may mount a disk that nobody else sees. */
  const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;

  test.skipIf(!canMount).each([
    ['a page', '$X -F html -o report $C'],
    ['a part', 'head -c 28000 /dev/zero > fill; $X --shard 1/1 -o report $C'],
    ['an expected report', 'mkdir plots; cp $C plots/; head -c 24000 /dev/zero > fill; $X check --update plots'],
  ])('%s on a disk of 32 kB: the old one stays', (_, line) => {
    const env = { ...process.env, X: `${process.execPath} ${CLI}`, C: CAPTURE };
    const whole = `mount -t tmpfs -o size=32k tmpfs . && cd "$PWD" && echo old > report; ${line}; echo "$?"; cat report; find . -name '.tcp*' -o -name '*.md'`;
    const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', whole], { cwd: folder, env, encoding: 'utf8' });
    expect(stdout).toBe('2\nold\n');
    expect(stderr).toMatch(/^tcpexplain: \S+ cannot be written \(ENOSPC\)\n$/);
  });

  test('when a file may not grow so large: the old one stays', () => {
    writeFileSync(join(folder, 'report.json'), 'old');
    const { status, stderr } = spawnSync('sh', ['-c', `ulimit -f 4; exec "${process.execPath}" "${CLI}" mine.pcap -F json -o report.json`], {
      cwd: folder,
    });
    expect([status, String(stderr)]).toEqual([2, expect.stringContaining('EFBIG')]);
    expect(readFileSync(join(folder, 'report.json'), 'utf8')).toBe('old');
    expect(names()).toEqual(['mine.pcap', 'report.json']);
  });

  /** A program that writes without end, and does something when it has written a lot. */
  const writing = (then: string): string => `
    import { writeFile } from ${JSON.stringify(join(ROOT, 'dist', 'cli', 'out.js'))};
    function* lines() {
      for (let i = 0; ; i++) {
        if (i === 100) ${then};
        yield 'x'.repeat(70_000);
      }
    }
    await writeFile('report.txt', lines(), []);`;

  test('when nobody listens to what else it prints, and it ends for that', () => {
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', writing('process.exit(0)')], { cwd: folder }).status).toBe(0);
    expect(names()).toEqual(['mine.pcap']);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('when it is interrupted by %s while it writes', async (signal) => {
    const program = writing("process.stdout.write('writing')");
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(names().some((name) => name.startsWith('.tcpexplain-'))).toBe(true);
    child.kill(signal);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, names()]).toEqual([130, ['mine.pcap']]);
  });
});

test('a pipe is written to as it is', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const reading = runFile('cat', [join(folder, 'pipe')]);
  await run('-F', 'csv', '-o', 'pipe');
  expect(await reading).toMatch(/^severity,/);
});

function runFile(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(command, args);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => resolve(text));
  });
}
