import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report.js';
import { type Ran, ROOT, runIn } from './run.js';

/** Seven conversations: two reset by a full queue, one never answered, four still open. */
const CAPTURE = join('handshake', 'final-ack-reset-because-accept-queue-full', 'server.pcap');
const run = (...args: string[]): Promise<Ran> => runIn(join(ROOT, 'captures'), [CAPTURE, ...args]);

async function report(...args: string[]): Promise<Report> {
  return JSON.parse((await run('-F', 'json', ...args)).out) as Report;
}

const patterns = ({ findings }: Report): string[] => findings.map(({ pattern }) => pattern);

describe('what is left out is counted', () => {
  test('nothing is, unless asked for', async () => {
    const { leftOut, flows, findings } = await report();
    expect([leftOut, flows.length, findings.length]).toEqual([[], 3, 3]);
  });

  test('conversations by number', async () => {
    const chosen = await report('--stream', '4,6-9');
    expect(chosen.flows.map(({ stream }) => stream).sort()).toEqual([4, 6]);
    expect(patterns(chosen)).toEqual(['handshake-ack-reset', 'syn-unanswered']);
    expect(chosen.findings[0]?.streams).toEqual([4]);
    expect(chosen.leftOut).toEqual([{ by: 'stream', what: 'conversations', count: 1 }]);
  });

  test('conversations by time, in seconds or as a date', async () => {
    const late = await report('--from', '0.7');
    expect(late.flows.map(({ stream }) => stream)).toContain(6);
    expect(late.flows.map(({ stream }) => stream)).not.toContain(4);
    expect(late.leftOut).toMatchObject([{ by: 'time', what: 'conversations' }]);
    const early = await report('--to', '2026-11-21T03:24:21Z');
    expect(early.flows.map(({ stream }) => stream)).toContain(4);
    expect(early.flows.map(({ stream }) => stream)).not.toContain(6);
  });

  test('findings by the id of the pattern or of the probable cause', async () => {
    expect(patterns(await report('--only', 'syn-unanswered'))).toEqual(['syn-unanswered']);
    const ignored = await report('--ignore', 'accept-queue-overflow-abort,ended-early');
    expect(patterns(ignored)).toEqual(['syn-unanswered']);
    expect(ignored.leftOut).toEqual([{ by: 'ignore', what: 'findings', count: 2 }]);
    expect(ignored.flows.map(({ stream }) => stream)).toEqual([6]);
  });

  test('findings by severity and by number', async () => {
    expect((await report('--min-severity', 'warning')).leftOut).toEqual([{ by: 'severity', what: 'findings', count: 1 }]);
    const worst = await report('--top', '1');
    expect(patterns(worst)).toEqual(['handshake-ack-reset']);
    expect(worst.leftOut).toEqual([{ by: 'top', what: 'findings', count: 2 }]);
  });

  test('packets by a filter: the conversations keep their numbers', async () => {
    const filtered = await report('-f', 'tcp[tcpflags] & tcp-rst != 0');
    expect(filtered.flows.map(({ stream }) => stream)).toEqual([4, 5]);
    expect(filtered.capture.conversations).toBe(2);
    expect(filtered.leftOut).toEqual([{ by: 'filter', what: 'conversations', count: 5 }]);
  });

  test('in every format for people', async () => {
    expect((await run('--ignore', 'syn-unanswered')).out).toContain('1 finding to be ignored');
    expect((await run('--ignore', 'syn-unanswered', '-F', 'markdown')).out).toContain('1 finding to be ignored');
  });

  test('all conversations are listed when asked for', async () => {
    expect((await report('--only', 'syn-unanswered', '--all')).flows).toHaveLength(7);
  });
});

test('a filter chooses for the lists, too', async () => {
  const streams = async (command: string): Promise<string[]> => {
    const { out } = await runIn(join(ROOT, 'captures'), [command, '-f', 'port 54032', CAPTURE]);
    const [header = '', ...rows] = out.trimEnd().split('\n');
    const column = header.split('\t').indexOf('stream');
    return [...new Set(rows.map((row) => row.split('\t')[column] ?? ''))];
  };
  expect([await streams('states'), await streams('flags')]).toEqual([['6'], ['6']]);
});

describe('what cannot be meant is refused', () => {
  test.each([
    [['--stream', '3-1'], /such as 3,7-9/],
    [['--stream', 'all'], /such as 3,7-9/],
    [['--from', 'yesterday'], /such as 12\.5/],
    [['--only', 'accept-queue'], /do you mean accept-queue-overflow-abort/],
    [['--ignore', 'zzz'], /tcpexplain explain/],
    [['--ignore', 'spurious_retransmission'], /do you mean .*retransmission-timeout/],
    [['--min-severity', 'worse'], /Allowed choices/],
    [['--from', '5', '--to', '2'], /--from is later than --to/],
    [['--fail-on', 'sometimes'], /never, or ids are needed/],
    [['--fail-on', 'failur'], /do you mean failure\?/],
    [['-f', 'port http'], /names are not looked up/],
    [['-f', 'host example.com'], /names are not looked up/],
    [['--strem', '3'], /^tcpexplain: unknown option .* \(Did you mean --stream\?\)$/m],
  ])('%j', async (args, message) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  test('a word that no filter knows gets a caret under it', async () => {
    const { code, out, err } = await run('-f', 'host 10.0.0.1 and prot 80');
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n').slice(1)).toEqual(['  host 10.0.0.1 and prot 80', '                    ^^^^', '']);
  });

  test('of a long filter only the surroundings are shown, and no control character', async () => {
    const { err } = await run('-f', `${'port 80 or '.repeat(500)}\u001b[2Jport`);
    expect(err).not.toContain('\u001b');
    expect(Math.max(...err.split('\n').map((line) => line.length))).toBeLessThan(250);
    const [, shown = '', caret = ''] = err.split('\n');
    expect(shown.slice(caret.indexOf('^'))).toMatch(/^\\u\{1b\}/);
  });

  test('an option of the report before the name of a command', async () => {
    const { code, err } = await runIn(ROOT, ['--ascii', 'explain', 'zero_window']);
    expect([code, err]).toEqual([2, expect.stringContaining('--ascii stands before "explain"')]);
  });
});

describe('--fail-on', () => {
  test.each([
    [['failure'], 1],
    [['note'], 1],
    [['syn-unanswered'], 1],
    [['syn-unanswered', '--ignore', 'syn-unanswered'], 0],
    [['failure', '--ignore', 'syn-unanswered,handshake-ack-reset'], 0],
    [['note', '--top', '1'], 1],
    [['never'], 0],
  ])('%j', async (args, code) => {
    expect((await run('-q', '--fail-on', ...args)).code).toBe(code);
  });
});
