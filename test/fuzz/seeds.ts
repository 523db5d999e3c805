import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordings } from '../recordings.js';

export interface Seed {
  readonly name: string;
  readonly path: string;
}

const LARGEST = 100_000;
const ROOT = join(fileURLToPath(import.meta.url), '..', '..', '..');
const CORPUS = process.env.FUZZ_CORPUS ?? join(ROOT, '..', 'shared', 'corpus');

/** What is mutated: the recordings, and captures of other people where they are at hand. */
export function seeds(): { seeds: Seed[]; hasCorpus: boolean } {
  const recorded = recordings().flatMap(({ name, folder, captures }) =>
    captures.map((file) => ({ name: `${name}/${file}`, path: join(folder, file) })),
  );
  const hasCorpus = existsSync(CORPUS);
  const others = hasCorpus ? readdirSync(CORPUS).map((file) => ({ name: file, path: join(CORPUS, file) })) : [];
  const all = [...recorded, ...others].filter(({ path }) => statSync(path).size < LARGEST);
  return { seeds: all.sort((a, b) => (a.name < b.name ? -1 : 1)), hasCorpus };
}

export function read({ path }: Seed): Buffer {
  return readFileSync(path);
}
