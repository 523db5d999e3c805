import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** What each room and each file at the top may import, beside what lies in the room itself. Arrows run downward only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  capture: [],
  decode: ['capture'],
  filter: ['decode'],
  anonymize: ['decode'],
  flow: ['decode', 'capture'],
  facts: [],
  observations: ['flow', 'decode'],
  hosts: ['flow', 'decode', 'capture'],
  patterns: ['observations', 'hosts', 'flow', 'decode'],
  vantages: ['flow', 'decode', 'capture'],
  'root-causes': ['patterns', 'facts', 'hosts', 'flow', 'decode'],
  'conversations.ts': ['observations', 'flow', 'decode'],
  'follow.ts': ['conversations.ts', 'flow', 'filter', 'anonymize', 'decode', 'capture'],
  traces: ['flow', 'decode'],
  'graphs.ts': [],
  'explain.ts': ['root-causes', 'patterns', 'observations'],
  'path-report.ts': [],
  'report.ts': ['graphs.ts', 'path-report.ts', 'root-causes', 'patterns'],
  reporting: [
    'selection.ts',
    'report.ts',
    'path-report.ts',
    'vantages',
    'graphs.ts',
    'follow.ts',
    'traces',
    'root-causes',
    'patterns',
    'observations',
    'hosts',
    'facts',
    'flow',
    'decode',
    'capture',
  ],
  listings: ['follow.ts', 'observations', 'hosts', 'flow', 'decode', 'capture'],
  'selection.ts': ['report.ts'],
  'version.ts': [],
  'analyze.ts': [
    'reporting',
    'selection.ts',
    'report.ts',
    'follow.ts',
    'traces',
    'version.ts',
    'patterns',
    'hosts',
    'facts',
    'flow',
    'decode',
    'capture',
  ],
  shards: ['analyze.ts', 'reporting', 'traces', 'version.ts', 'hosts', 'flow', 'capture'],
  threads: ['shards', 'analyze.ts', 'selection.ts', 'report.ts', 'conversations.ts', 'flow', 'decode', 'capture'],
  'analyze-several.ts': ['analyze.ts', 'reporting', 'selection.ts', 'report.ts', 'path-report.ts', 'vantages', 'flow', 'capture'],
  'changes.ts': ['report.ts'],
  views: ['report.ts', 'changes.ts', 'explain.ts'],
  'index.ts': ['analyze-several.ts', 'analyze.ts', 'explain.ts', 'selection.ts', 'report.ts', 'vantages', 'filter', 'anonymize', 'facts', 'capture'],
  'vitest.ts': ['index.ts', 'explain.ts', 'selection.ts'],
  cli: [
    'views',
    'threads',
    'shards',
    'changes.ts',
    'listings',
    'analyze-several.ts',
    'analyze.ts',
    'explain.ts',
    'selection.ts',
    'report.ts',
    'follow.ts',
    'vantages',
    'hosts',
    'flow',
    'facts',
    'filter',
    'anonymize',
    'capture',
  ],
  'cli.ts': ['cli', 'threads', 'views', 'version.ts', 'filter', 'capture'],
};

interface Source {
  path: string;
  room: string;
  text: string;
}

function sources(): Source[] {
  const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return paths.map((path) => ({ path, room: path.split('/')[0] ?? '', text: readFileSync(join(SRC, path), 'utf8') }));
}

/** Rooms that a source imports from, with the specifier. */
function importsOf({ path, text }: Source): { room: string; specifier: string }[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, specifier = '']) => specifier);
  return specifiers.map((specifier) => {
    const target = relative(SRC, join(SRC, dirname(path), specifier.replace(/\.js$/, '.ts')));
    return { room: target.split('/')[0] ?? '', specifier };
  });
}

/** Imports that run up or sideways, as "file imports specifier". */
function forbiddenImports(all: readonly Source[]): string[] {
  return all.flatMap((source) =>
    importsOf(source)
      .filter(({ room }) => room !== source.room && !MAY_IMPORT[source.room]?.includes(room))
      .map(({ specifier }) => `${source.path} imports ${specifier}`),
  );
}

test('every room is on the plan', () => {
  expect([...new Set(sources().map(({ room }) => room))].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
});

test('imports run downward only', () => {
  expect(forbiddenImports(sources())).toEqual([]);
});

test('an import that runs up is noticed', () => {
  const planted = { path: 'flow/table.ts', room: 'flow', text: "import { patterns } from '../patterns/index.js';" };
  expect(forbiddenImports([planted])).toEqual(['flow/table.ts imports ../patterns/index.js']);
});

test('only the command line touches the process, only it, capture/ and facts/ touch files', () => {
  const touching = sources().filter(({ room, text }) => !['cli', 'cli.ts'].includes(room) && /\bprocess\./.test(text));
  expect(touching.map(({ path }) => path)).toEqual([]);
  const reading = sources().filter(({ room, text }) => !['capture', 'facts', 'cli', 'cli.ts'].includes(room) && /'node:fs/.test(text));
  expect(reading.map(({ path }) => path)).toEqual([]);
});

test('nothing asks the network, the name service or another program', () => {
  const asking = sources().filter(({ text }) => /'node:(net|http|https|http2|dns|dgram|tls|child_process|cluster)/.test(text));
  expect(asking.map(({ path }) => path)).toEqual([]);
});
