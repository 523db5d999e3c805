import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './cli/run.js';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const { dependencies, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
const { packages, lockfileVersion } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
  lockfileVersion: number;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');
const shipped = locked.filter(([, { dev }]) => dev !== true);

describe('whoever installs it gets', () => {
  test('two packages that it names, and what these need, all by exact version', () => {
    expect(Object.keys(dependencies ?? {})).toEqual(['cli-table3', 'commander']);
    const versions = shipped.map(([path, { version = '' }]) => `${path.replace('node_modules/', '')} ${/^\d+\.\d+\.\d+$/.test(version)}`);
    expect(versions).toEqual(
      ['@colors/colors', 'ansi-regex', 'cli-table3', 'commander', 'emoji-regex', 'is-fullwidth-code-point', 'string-width', 'strip-ansi'].map(
        (name) => `${name} true`,
      ),
    );
  });

  test('nothing that the program does without', () => {
    const program = readFileSync(join(ROOT, 'dist', 'cli.js'), 'utf8');
    const asked = [...program.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, name = '']) => name).filter((name) => !name.startsWith('node:'));
    expect([...new Set(asked)].toSorted()).toEqual(Object.keys(dependencies ?? {}).toSorted());
  });

  test('nothing that runs while it is installed: neither its own nor theirs', () => {
    expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
    for (const name of ['preinstall', 'install', 'postinstall']) expect(scripts).not.toHaveProperty(name);
  });
});

describe('the lock file', () => {
  test('has a SHA-512 of every package', () => {
    expect(lockfileVersion).toBe(3);
    expect(locked.length).toBeGreaterThan(50);
    expect(locked.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)).map(([path]) => path)).toEqual([]);
  });

  test('says what a package is, and never sends for it elsewhere: to a branch, an archive or a folder', () => {
    expect(locked.filter(([, { resolved, link }]) => link === true || resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  test('is what package.json asks for', () => {
    expect(packages['']).toMatchObject({ dependencies });
  });
});

test.skipIf(!existsSync(join(ROOT, 'node_modules')))('what is installed is what the lock file says', () => {
  const { problems = [] } = JSON.parse(execFileSync('npm', ['ls', '--all', '--json', '--omit=dev'], { cwd: ROOT, encoding: 'utf8' })) as {
    problems?: string[];
  };
  expect(problems).toEqual([]);
});
