import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { CLI, ROOT, runIn } from '../cli/run.js';

const CAPTURE = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));
copyFileSync(CAPTURE, join(folder, 'fine.pcap'));

describe('names of files', () => {
  test.each([
    ['with a new line in it', 'two\nlines.pcap', []],
    ['with a hyphen first, behind --', '-F', ['--']],
    ['of 255 bytes', 'x'.repeat(255), []],
    ['with quotes, spaces and a dollar', `it's "$HOME" .pcap`, []],
    ['as if it were packed', 'plain.pcap.gz', []],
  ])('%s', async (_, name, before) => {
    copyFileSync(CAPTURE, join(folder, name));
    const { code, out } = await runIn(folder, [...before, name]);
    expect(code).toBe(0);
    expect(out).toContain('40 packets');
    expect(out.split('\n')[0]).toBe(name.replaceAll('\n', '\\u{a}').trimEnd());
  });

  test('packed, and not named so', async () => {
    writeFileSync(join(folder, 'packed.pcap'), gzipSync(readFileSync(CAPTURE)));
    expect((await runIn(folder, ['packed.pcap'])).out).toContain('40 packets');
  });

  test('not in UTF-8: one line', () => {
    const { status, stderr } = spawnSync('bash', ['-c', `exec "${process.execPath}" "${CLI}" $'caf\\xe9.pcap'`], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, 'tcpexplain: caf\ufffd.pcap: there is no such file\n']);
  });
});

describe('a directory', () => {
  const CUT = readFileSync(CAPTURE).subarray(0, 10);

  test('of which what is called a capture and is none is told, and the rest is not', async () => {
    const all = join(folder, 'mixed');
    mkdirSync(all);
    copyFileSync(CAPTURE, join(all, 'a.pcap'));
    copyFileSync(CAPTURE, join(all, 'another.dump'));
    for (const name of ['b.pcap', 'c.pcapng', 'd.pcap.gz', 'notes.txt']) writeFileSync(join(all, name), name === 'b.pcap' ? CUT : 'text');
    symlinkSync('nowhere', join(all, 'e.pcap'));
    symlinkSync('/dev/zero', join(all, 'f.pcap'));
    execFileSync('mkfifo', [join(all, 'g.pcap')]);
    const { code, out, err } = await runIn(folder, ['--several', 'timeline', 'mixed']);
    expect([code, out]).toEqual([3, expect.stringContaining('80 packets')]);
    expect(err.trimEnd().split('\n').sort()).toEqual([
      'tcpexplain: mixed/b.pcap is not a pcap or pcapng capture: it ends after 10 bytes, inside the file header; the rest was analysed',
      'tcpexplain: mixed/c.pcapng is not a pcap or pcapng capture: it is text; record with "tcpdump -w FILE"; the rest was analysed',
      'tcpexplain: mixed/d.pcap.gz is not a pcap or pcapng capture: it is text; record with "tcpdump -w FILE"; the rest was analysed',
      'tcpexplain: mixed/e.pcap: there is no such file; the rest was analysed',
    ]);
  });

  test('of links to captures is read, and what two names lead to once', async () => {
    const all = join(folder, 'links');
    mkdirSync(all);
    copyFileSync(CAPTURE, join(all, '1.pcap'));
    symlinkSync('1.pcap', join(all, 'latest.pcap'));
    symlinkSync('.', join(all, 'circle'));
    expect((await runIn(folder, ['links'])).out).toContain('40 packets');
    rmSync(join(all, '1.pcap'));
    copyFileSync(CAPTURE, join(folder, 'elsewhere.pcap'));
    symlinkSync('../elsewhere.pcap', join(all, '1.pcap'));
    expect(await runIn(folder, ['links'])).toMatchObject({ code: 0, out: expect.stringContaining('40 packets') });
  });
});

/** Nobody's own files are kept from root: there it is nobody who reads. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

describe('a file that must not be read', () => {
  const locked = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
  afterAll(() => rmSync(locked, { recursive: true }));
  chmodSync(locked, 0o755);
  writeFileSync(join(locked, 'secret.pcap'), readFileSync(CAPTURE));
  chmodSync(join(locked, 'secret.pcap'), 0);
  const read = (...args: string[]): string => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [CLI, ...args], { cwd: locked, encoding: 'utf8', ...NOBODY });
    return `${status} ${stdout}${stderr}`;
  };
  /** Not where the program itself lies in a folder that nobody may enter. */
  const canRun = read('--version').startsWith('0 ');

  test.skipIf(!canRun)('is one line', () => {
    expect(read('secret.pcap')).toBe('2 tcpexplain: secret.pcap: reading it is not permitted\n');
  });

  test.skipIf(!canRun)('is not passed over in silence among others of its directory', () => {
    mkdirSync(join(locked, 'all'));
    copyFileSync(CAPTURE, join(locked, 'all', 'a.pcap'));
    writeFileSync(join(locked, 'all', 'notes.txt'), 'text');
    symlinkSync('../secret.pcap', join(locked, 'all', 'link.pcap'));
    copyFileSync(CAPTURE, join(locked, 'all', 'b.pcap'));
    chmodSync(join(locked, 'all', 'b.pcap'), 0);
    const said = read('all');
    expect(said).toMatch(/^3 /);
    expect(said).toContain('all/b.pcap: reading it is not permitted');
    expect(said).not.toContain('notes.txt');
  });
});

describe('filters', () => {
  test.each([
    ['that would make a pattern matcher go back and forth', '(a+)+$'],
    ['that speak to the terminal', 'host \u001b[2J\u202e'],
    ['of nothing but brackets', '('.repeat(100_000)],
    ['with an endless number', `port ${'9'.repeat(100_000)}`],
  ])('%s: a complaint of three lines at most', async (_, filter) => {
    const { code, out, err } = await runIn(folder, ['-f', filter, 'fine.pcap']);
    expect([code, out]).toEqual([2, '']);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

describe('what was saved on a host', () => {
  const told = async (content: string | Buffer): Promise<string> => {
    writeFileSync(join(folder, 'saved'), content);
    const { code, out, err } = await runIn(folder, ['fine.pcap', '--side', 'server', '--nstat', 'saved']);
    expect(code).toBe(0);
    expect(err).toBe('');
    return out;
  };
  const COUNTED = 'TcpExtListenOverflows 12 0.0\nTcpOutRsts 2 0.0\n';

  test('with a byte order mark, or the line ends of another system, says the same', async () => {
    const plain = await told(COUNTED);
    expect(await told(`\ufeff${COUNTED}`)).toBe(plain);
    expect(await told(COUNTED.replaceAll('\n', '\r\n'))).toBe(plain);
  });

  test('with keys that every object has, harms nothing', async () => {
    const keys = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":3,"hasOwnProperty":4';
    const out = await told(`{"kernel":{${keys},"TcpOutRsts":2},"__proto__":{"polluted":1}}\n`);
    expect(out).toContain('40 packets');
    expect(out).not.toMatch(/polluted|\[object/);
  });

  test('one line of thirty megabytes', async () => {
    expect(await told(Buffer.alloc(30_000_000, 'x'))).toContain('no counter in it is understood');
  });

  test.each([
    ['--nstat', '/dev/zero'],
    ['--sysctl', '/dev/urandom'],
  ])('%s %s, without end, is refused', async (option, path) => {
    const { code, err } = await runIn(folder, ['fine.pcap', '--side', 'server', option, path]);
    expect([code, err]).toEqual([2, `tcpexplain: ${path} has more than 33554432 bytes: it is something else\n`]);
  });

  test.each([
    ['/dev/zero', '/dev/zero has more than 33554432 bytes: it is something else'],
    ['.', '.: it is a directory'],
    ['nothing', 'nothing: there is no such file'],
    ['odd', 'odd: net.ipv4.ip_local_port_range is not in it'],
  ])('the range of ports from %s is refused', async (path, said) => {
    writeFileSync(join(folder, 'odd'), 'net.ipv4.ip_local_port_range = 1 999999999\n');
    expect(await runIn(folder, ['netstat', '--sysctl', path, 'fine.pcap'])).toEqual({ code: 2, out: '', err: `tcpexplain: ${said}\n` });
  });

  test('a key without end is refused', async () => {
    const { code, err } = await runIn(folder, ['fine.pcap', '--anonymize', 'prefix', '--anon-key-file', '/dev/urandom']);
    expect([code, err]).toEqual([2, 'tcpexplain: /dev/urandom has more than 1048576 bytes: it is something else\n']);
  });
});

describe('a word that would speak to the terminal is repeated in one line, and silent', () => {
  const HOSTILE = '--\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eknow\n\r\u2028';

  test.each<[string, string[]]>([
    ['a file named like an option', ['--', HOSTILE]],
    ['the same, taken for one', [HOSTILE]],
    ['a format', ['-F', HOSTILE, 'fine.pcap']],
    ['a finding', ['--only', HOSTILE, 'fine.pcap']],
    ['a stream', ['--stream', HOSTILE, 'fine.pcap']],
    ['a side', ['--side', HOSTILE, 'fine.pcap']],
    ['a shard', ['--shard', HOSTILE, 'fine.pcap']],
    ['a moment', ['netstat', '--at', HOSTILE, 'fine.pcap']],
    ['an option of a command', ['flags', HOSTILE]],
    ['something to explain', ['explain', '--', HOSTILE]],
    ['a shell', ['completion', '--', HOSTILE]],
    ['a directory', ['check', '--', HOSTILE]],
    ['a file to be written', ['-o', join(HOSTILE, 'report'), 'fine.pcap']],
  ])('%s', async (_, args) => {
    const { code, out, err } = await runIn(folder, args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('\\u{1b}[2J');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(err).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028\u202e]+\n$/);
  });

  test('the name of a capture to which another is compared', async () => {
    const name = 'to\u001b[2J\u009b31m\u202e<b>|`*.pcap';
    copyFileSync(CAPTURE, join(folder, name));
    copyFileSync(join(ROOT, 'captures', 'handshake', 'refused-because-port-is-closed', 'client.pcap'), join(folder, 'other.pcap'));
    for (const format of ['text', 'markdown', 'html', 'json', 'ndjson']) {
      const { code, out } = await runIn(folder, ['--several', 'vantages', '-F', format, name, 'other.pcap']);
      expect(code).toBe(0);
      expect(out).toMatch(/1b\}?(\\|&#91;)?\[?2J/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });
});

test('more threads than any machine has use for are refused', async () => {
  const { code, err } = await runIn(folder, ['--jobs', '100000', 'fine.pcap']);
  expect([code, err]).toEqual([2, expect.stringContaining('at most 64 threads')]);
});

test('a standard output that was closed before is no reason to crash', () => {
  expect(execFileSync('sh', ['-c', `"${process.execPath}" "${CLI}" fine.pcap >&- 2>&-; echo $?`], { cwd: folder, encoding: 'utf8' })).toBe('0\n');
});
