import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptureError } from '../../capture/error.js';

/** Captures with the report that is expected of them. */
export interface Fixture {
  /** The file that holds the expected report. */
  readonly expected: string;
  /** Several captures of one folder are expected in one report, one after the other. */
  readonly captures: readonly string[];
}

const CAPTURE = /\.(pcap|pcapng|cap)(\.gz)?$/i;
const EXPECTED = '.expected.md';
/** Holds what is expected of all captures beside it. */
const REPORT = 'report.md';

/**
 * All fixtures in a folder and the folders in it. `x.pcap` has its report in `x.expected.md`; captures that lie together in a folder of
 * their own share `report.md`. New ones are taken for the first kind at the top, for the second kind further down.
 */
export async function fixturesIn(root: string): Promise<Fixture[]> {
  const fixtures = await fixturesBelow(root, true);
  if (fixtures.length === 0) throw new CaptureError(`${root}: there is no capture in it to be checked`);
  return fixtures;
}

async function fixturesBelow(folder: string, isTop: boolean): Promise<Fixture[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new CaptureError(`${folder} is no directory that can be read`);
  });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name);
  const below = await Promise.all(folders.sort().map((name) => fixturesBelow(join(folder, name), false)));
  return [...fixturesOf(folder, names, isTop), ...below.flat()];
}

function fixturesOf(folder: string, names: readonly string[], isTop: boolean): Fixture[] {
  const captures = names.filter((name) => CAPTURE.test(name));
  const alone = new Set(names.includes(REPORT) || !isTop ? captures.filter((name) => names.includes(expectedOf(name))) : captures);
  const together = captures.filter((name) => !alone.has(name)).map((name) => join(folder, name));
  const orphans = names.filter((name) => name.endsWith(EXPECTED) && !captures.some((capture) => expectedOf(capture) === name));
  return [
    ...(together.length > 0 ? [{ expected: join(folder, REPORT), captures: together }] : []),
    ...[...alone].map((name) => ({ expected: join(folder, expectedOf(name)), captures: [join(folder, name)] })),
    ...orphans.map((name) => ({ expected: join(folder, name), captures: [] })),
  ];
}

function expectedOf(name: string): string {
  return name.replace(CAPTURE, EXPECTED);
}
