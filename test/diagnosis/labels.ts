import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Standing } from '../../src/root-causes/cause.js';

/** What one capture of one recording can honestly show: a line of captures/labels.tsv. */
export interface Label {
  /** <topic>/<plot>/<file> */
  file: string;
  /** One of these has to be the first suspect of some finding; empty where nothing of the kind can be seen. */
  must: string[];
  /** True as well, or not to be told apart from it there. */
  alsoOk: string[];
  /** How sure a report may be at most, by cause; causes without an entry may be certain. */
  atMost: ReadonlyMap<string, Standing>;
  /** Nothing is wrong there: no finding may be a warning or worse. */
  isBenign: boolean;
}

const FILE = join(fileURLToPath(import.meta.url), '..', '..', '..', 'captures', 'labels.tsv');

export function labels(): Label[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map(labelOf);
}

/** Columns: file, visible, must, also_ok, certainty_max, benign, note. */
export function labelOf(line: string): Label {
  const [file = '', , must = '', alsoOk = '', certainty = '', benign] = line.split('\t');
  const [ofMust, ofAlsoOk] = [listOf(must), listOf(alsoOk)];
  const atMost = new Map<string, Standing>();
  for (const entry of listOf(certainty)) {
    const [first = '', second] = entry.split('=');
    const level = standingOf(second ?? first, line);
    const meant = second === undefined ? ofMust : first === 'also' ? ofAlsoOk : [];
    for (const id of meant) atMost.set(id, level);
  }
  // What is said of one cause goes before what is said of all.
  for (const entry of listOf(certainty)) {
    const [id = '', level] = entry.split('=');
    if (level !== undefined && id !== 'also') atMost.set(id, standingOf(level, line));
  }
  return { file, must: ofMust, alsoOk: ofAlsoOk, atMost, isBenign: benign === 'yes' };
}

function listOf(column: string): string[] {
  return column === '' || column === '-' ? [] : column.split(',');
}

function standingOf(word: string, line: string): Standing {
  if (word === 'possible' || word === 'likely' || word === 'certain') return word;
  throw new Error(`no certainty is called "${word}": ${line}`);
}
