import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { recordings, truthOf } from '../recordings.js';

const LAB = join(fileURLToPath(import.meta.url), '..', '..', '..', 'captures', 'lab');
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

function record(...argv: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('python3', ['-B', join(LAB, 'record.py'), ...argv], { encoding: 'utf8' });
}

describe.runIf(hasPython)('the recorder, dry', () => {
  test('its parts are Python, every one', () => {
    const check = 'import ast, pathlib, sys; [ast.parse(path.read_text(), str(path)) for path in pathlib.Path(sys.argv[1]).rglob("*.py")]';
    expect(spawnSync('python3', ['-B', '-c', check, LAB], { encoding: 'utf8' }).stderr).toBe('');
  });

  test('lists a scenario for every recording of its own', () => {
    const { status, stdout, stderr } = record('--list');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const listed = new Set(stdout.split('\n').filter((line) => /^[a-z]+\//.test(line)));
    const own = recordings().filter((recording) => (truthOf(recording) as { topology?: string }).topology !== undefined);
    const unlisted = own.map(({ name }) => name.replace(/-linux-[\d.]+$/, '')).filter((plot) => !listed.has(plot));
    expect(unlisted).toEqual([]);
    expect(listed.size).toBeGreaterThan(120);
  });

  test.each([
    ['a slip of the finger', 'closing/last-akc-lost', /^record: no plot is called .*; near: closing\/last-ack-lost.*$/],
    ['a plot that does not exist', 'nothing/like-it', /^record: no plot is called "nothing\/like-it"; .*$/],
    ['a part that several have', 'closes-first', /^record: "closes-first" may be closing\/client-closes-first or closing\/server-closes-first$/],
    ['a plot of another kernel', 'handshake/nat-without-tw-recycle', /^record: handshake\/nat-without-tw-recycle was recorded on another kernel/],
  ])('says in one line what is wrong with %s', (_, plot, line) => {
    const { status, stderr } = record(plot);
    expect(stderr.trimEnd()).toMatch(line);
    expect(status).toBe(1);
  });
});

describe.skipIf(hasPython)('the recorder', () => {
  test.skip('was not looked at: python3 (3.9 or later) is not installed', () => {});
});
