import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { type Analysis, checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { expect, test } from 'vitest';
import { ROOT } from './cli/run.js';
import { recordings } from './recordings.js';

test('the example of the library runs as it stands', () => {
  const source = readFileSync(join(ROOT, 'src', 'index.ts'), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(source)?.[1]?.replaceAll(/^ \* ?/gm, '') ?? '';
  expect(example).toContain("from 'tcpexplain'");
  const { folder } = recordings().find(({ name }) => name === 'handshake/final-ack-reset-because-accept-queue-full') as { folder: string };
  // From within the package its own name leads to what is published of it.
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', example.replace('capture.pcap', join(folder, 'server.pcap'))], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(out).toContain('7 conversations');
  expect(out).toContain('failure: In 2 conversations;');
  expect(out).toContain('probably Accept queue full');
});

test('the package holds what is needed, and nothing else', () => {
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' }));
  const paths = files.map(({ path }: { path: string }) => path) as string[];
  for (const needed of [
    'package.json',
    'LICENSE',
    'dist/cli.js',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/vitest.js',
    'dist/vitest.d.ts',
    'schema/report.schema.json',
  ])
    expect(paths).toContain(needed);
  const others = paths.filter(
    (path) => !/^(dist\/.*\.(js|d\.ts)|schema\/[a-z]+\.schema\.json|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path),
  );
  expect(others).toEqual([]);
});

test('of the modules only those that the library reaches are in the package; the program is one file', () => {
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' }));
  const packed = new Set(files.map(({ path }: { path: string }) => path));
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [, path = ''] of text.matchAll(/from '(\.[^']+)'/g)) visit(posix.join(posix.dirname(file), path));
  };
  for (const entry of ['dist/index.js', 'dist/vitest.js', 'dist/index.d.ts', 'dist/vitest.d.ts']) visit(entry);
  expect([...reached].filter((file) => !packed.has(file))).toEqual([]);
  for (const room of ['cli', 'views', 'listings', 'shards'])
    expect([...reached, ...packed].filter((file) => `${file}`.startsWith(`dist/${room}/`))).toEqual([]);
});

test('what the package says of itself holds for those who install it', async () => {
  const { messages } = await publint({ pkgDir: ROOT, pack: false, strict: true });
  expect(messages).toEqual([]);
});

test('its types are found, and are those of what is loaded, by everything that imports modules', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }));
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(join(folder, filename))));
  rmSync(folder, { recursive: true });
  expect(analysis.types).toEqual({ kind: 'included' });
  const { problems, entrypoints } = analysis as Analysis;
  expect(Object.keys(entrypoints)).toEqual(expect.arrayContaining(['.', './vitest']));
  // It is of modules alone: Node 20.19 and later give them to require() as well.
  const ofModules = problems.filter((problem) => !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)));
  expect(ofModules).toEqual([]);
});

test('the schemas are published under their names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
  const program =
    "import { createRequire } from 'node:module'; console.log(createRequire(process.cwd() + '/x.js').resolve('tcpexplain/schema/report.schema.json'))";
  const path = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT, encoding: 'utf8' }).trim();
  copyFileSync(path, join(folder, 'copy.json'));
  expect(JSON.parse(readFileSync(join(folder, 'copy.json'), 'utf8')).title).toBe('tcpexplain report');
  rmSync(folder, { recursive: true });
});
