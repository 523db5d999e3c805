import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLI, ROOT, runIn } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  for (const shell of ['bash', 'zsh', 'fish']) writeFileSync(join(folder, shell), execFileSync(process.execPath, [CLI, 'completion', shell]));
  writeFileSync(join(folder, 'mine.pcap'), '');
});

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash means it
  const script = '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tcpexplain; printf "%s\\n" "${COMPREPLY[@]}"';
  const { stdout } = spawnSync('bash', ['-c', script, join(folder, 'bash'), ...words], { cwd: folder, encoding: 'utf8' });
  return stdout.trim().split('\n').filter(Boolean);
}

const hasBash = spawnSync('bash', ['--version']).status === 0;

describe('bash completes', () => {
  test.runIf(hasBash).each([
    [['tcpexplain', 'sta'], ['states']],
    [['tcpexplain', 'min'], ['mine.pcap']],
    [['tcpexplain', '--form'], ['--format']],
    [['tcpexplain', '-F', 'mark'], ['markdown']],
    [['tcpexplain', '-o', 'min'], ['mine.pcap']],
    [['tcpexplain', '--width', ''], []],
    [['tcpexplain', 'states', '--anonymize', 'p'], ['prefix']],
    [
      ['tcpexplain', '--only', 'zero-w'],
      ['zero-window', 'zero-window-probe-timeout'],
    ],
    [['tcpexplain', '--fail-on', 'warn'], ['warning']],
    [
      ['tcpexplain', 'diff', '--fail-on', ''],
      ['gained', 'never'],
    ],
    [['tcpexplain', 'explain', 'accept-queue-overflow-ab'], ['accept-queue-overflow-abort']],
    [
      ['tcpexplain', 'completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
  ])('%j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });
});

const isHere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

test.runIf(isHere('fish')).each([
  ['tcpexplain sta', 'states'],
  ['tcpexplain min', 'mine.pcap'],
  ['tcpexplain -F mark', 'markdown'],
  ['tcpexplain flags --several tim', 'timeline'],
  ['tcpexplain merge --ignore syn-ack-rep', 'syn-ack-repeated'],
  ['tcpexplain explain accept-queue-overflow-ab', 'accept-queue-overflow-abort'],
])('fish completes %s', (line, expected) => {
  const { stdout } = spawnSync('fish', ['--no-config', '-c', `source ${join(folder, 'fish')}; complete -C '${line}'`], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stdout.trim().split(/\s/)[0]).toBe(expected);
});

test.runIf(isHere('zsh'))('zsh knows how to complete once the script is sourced', () => {
  const script = `autoload -Uz compinit; compinit -u -D; source ${join(folder, 'zsh')}; print $_comps[tcpexplain]`;
  expect(spawnSync('zsh', ['-fc', script], { cwd: folder, encoding: 'utf8' })).toMatchObject({ stdout: '_tcpexplain\n', stderr: '' });
});

describe('every option that the help names', () => {
  test.each(['bash', 'zsh', 'fish'])('is offered by %s', async (shell) => {
    const { out } = await runIn(ROOT, ['--help']);
    const { out: script } = await runIn(ROOT, ['completion', shell]);
    const options = [...out.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name = '']) => name);
    expect(options.length).toBeGreaterThan(20);
    const missing = options.filter((name) => !script.includes(shell === 'fish' ? `-l ${name} ` : `--${name}`));
    expect(missing).toEqual([]);
  });
});

describe('a shell that is here understands its script', () => {
  for (const [shell, ...args] of [
    ['bash', '-n'],
    ['zsh', '-n'],
    ['fish', '--no-execute'],
  ] as [string, string][]) {
    const isHere = spawnSync(shell, ['--version']).status === 0;
    test.runIf(isHere)(shell, () => {
      expect(String(spawnSync(shell, [...args, join(folder, shell)]).stderr)).toBe('');
    });
    test.skipIf(isHere)(`${shell} is not installed`, () => {});
  }
});

test('another shell is refused', async () => {
  expect(await runIn(ROOT, ['completion', 'tcsh'])).toMatchObject({ code: 2, err: expect.stringContaining('bash, zsh, fish') });
});
