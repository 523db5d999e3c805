import { execFileSync, spawn } from 'node:child_process';
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CLI, type Ran, ROOT, runIn } from '../cli/run.js';

const CAPTURE = join(ROOT, 'captures', 'handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));
copyFileSync(CAPTURE, join(folder, 'fine.pcap'));
symlinkSync('loop', join(folder, 'loop'));

/** A name that would clear the screen, set the window's title and turn the direction of writing. */
const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.pcap';

describe('what cannot be read is one line, and exit code 2', () => {
  copyFileSync(CAPTURE, join(folder, HOSTILE));
  writeFileSync(join(folder, `${HOSTILE}.txt`), 'text');

  test.each<[string, string, string]>([
    ['a loop of symbolic links', 'loop', 'loop: its symbolic links lead in a circle'],
    ['a device without bytes', '/dev/null', 'null is empty: no byte was written to it'],
    [
      'a device without end',
      '/dev/zero',
      'zero is not a pcap or pcapng capture: its first bytes are unknown; "editcap -F pcapng IN OUT" may convert it',
    ],
    ['a file whose reading fails', '/proc/self/mem', 'mem is empty: reading it failed (EIO)'],
    ['a missing file in a name that goes up', '../../nowhere.pcap', '../../nowhere.pcap: there is no such file'],
    ['a name of 300 bytes', 'x'.repeat(300), `${'x'.repeat(300)}: it cannot be read (ENAMETOOLONG)`],
    ['quotes and spaces', `"a' b`, `"a' b: there is no such file`],
  ])('%s', async (_, path, said) => {
    expect(await runIn(folder, [path])).toEqual({ code: 2, out: '', err: `tcpexplain: ${said}\n` });
  });

  test('no control character of a name reaches the terminal', async () => {
    const runs = await Promise.all([HOSTILE, `${HOSTILE}.txt`, `${HOSTILE}.gone`].map((name) => runIn(folder, [name])));
    expect(runs.map(({ code }) => code)).toEqual([0, 2, 2]);
    for (const { out, err } of runs) expect(out + err).not.toMatch(UNSAFE);
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Runs a line of shell with the program as $X and the capture as $C. */
function shell(line: string): { code: number; err: string } {
  try {
    const env = { ...process.env, X: `${process.execPath} ${CLI}`, C: CAPTURE };
    execFileSync('sh', ['-c', line], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return { code: 0, err: '' };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    return { code: status, err: stderr };
  }
}

describe('what cannot be written is one line as well', () => {
  test('a full disk', () => {
    expect(shell('$X $C > /dev/full')).toEqual({ code: 2, err: 'tcpexplain: the output cannot be written (ENOSPC)\n' });
  });

  test('nobody who listens on standard error', () => {
    expect(shell('$X gone.pcap 2>&- ; test $? = 2').code).toBe(0);
  });

  test('a reader that stops after the first line', () => {
    expect(shell('$X states $C | head -n 1 > /dev/null').code).toBe(0);
  });

  test.each(['COLUMNS=0', 'COLUMNS=1', 'COLUMNS=1000000000', 'LANG=C LC_ALL=C', 'TZ=Nowhere/Never', 'HOME=', 'TERM=dumb'])(
    'an odd environment: %s',
    (setting) => {
      expect(shell(`env ${setting} $X $C > /dev/null`).code).toBe(0);
    },
  );
});

describe('damage is said beside everything else', () => {
  const cut = readFileSync(CAPTURE).subarray(0, -5);

  test('with --fail-on as well', async () => {
    writeFileSync(join(folder, 'cut.pcap'), cut);
    const { code, err } = await runIn(folder, ['cut.pcap', '-q', '--fail-on', 'failure']);
    expect([code, err]).toEqual([1, 'tcpexplain: cut.pcap: the last record is cut off; the rest was analysed\n']);
  });

  test('where nothing was readable', async () => {
    writeFileSync(join(folder, 'none.pcap'), Buffer.concat([cut.subarray(0, 24), Buffer.alloc(40, 0xff)]));
    const { code, err } = await runIn(folder, ['none.pcap']);
    expect(code).toBe(2);
    expect(err).toBe(
      'tcpexplain: none.pcap: there are no packets in it; a record claims 4294967295 captured bytes (at most 262144 are possible) (at byte 24)\n',
    );
  });
});

describe('a live pipe', () => {
  const body = readFileSync(CAPTURE).subarray(24);
  /** More than a pipe holds: once it is taken, the program reads, and minds signals. */
  const start = Buffer.concat([readFileSync(CAPTURE).subarray(0, 24), ...Array.from({ length: Math.ceil(400_000 / body.length) }, () => body)]);

  /** Feeds packets, and sends SIGINT as often as wanted once they were taken; then the rest, or silence. */
  function live(signals: number, rest: Buffer | undefined): Promise<Ran> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [CLI, '-'], { env: { ...process.env, NO_COLOR: '1' } });
      const ran: Ran = { code: null, out: '', err: '' };
      child.stdout.on('data', (chunk: Buffer) => (ran.out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (ran.err += chunk.toString()));
      child.on('close', (code) => resolve({ ...ran, code }));
      let sent = 0;
      const next = (): void => {
        if (sent++ < signals) {
          child.kill('SIGINT');
          setTimeout(next, 500); // two at once would count as one
        } else if (rest !== undefined) child.stdin.end(rest);
      };
      child.stdin.write(start, next);
    });
  }

  test('is read to its end after the first SIGINT, which is meant for tcpdump', async () => {
    const whole = await runIn(folder, ['-'], Buffer.concat([start, body]));
    expect(await live(1, body)).toEqual({ code: 0, out: whole.out, err: '' });
    expect(whole.out).toContain('packets');
  });

  test('is given up at the second: the report covers what came, and says so', async () => {
    const { code, out, err } = await live(2, undefined);
    expect(code).toBe(130);
    expect(out).toContain('packets');
    expect(err).toContain('standard input: reading it was interrupted');
  });
});

test('a file descriptor that was closed before is no reason to crash', () => {
  closeSync(openSync(join(folder, 'fine.pcap'), 'r'));
  expect(shell('$X - <&- ; test $? = 2').code).toBe(0);
});
