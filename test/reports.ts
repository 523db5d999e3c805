import { join } from 'node:path';
import { analyze } from '../src/index.js';
import type { Report } from '../src/report.js';
import { recordings } from './recordings.js';

export interface Reported {
  /** <topic>/<plot>/<file> */
  name: string;
  path: string;
  report: Report;
}

/** Several captures of each of these topics' recordings, compared. */
export async function comparisonsOfRecordings(topics: readonly string[]): Promise<Reported[]> {
  const pairs = recordings().filter(({ name, captures }) => captures.length > 1 && topics.includes(name.split('/')[0] ?? ''));
  const reports: Reported[] = [];
  for (const { name, folder, captures } of pairs)
    reports.push({ name, path: folder, report: await analyze(captures.map((file) => join(folder, file))) });
  return reports;
}

/** The report on every capture of every recording, with or without the conversations that have no finding. */
export async function reportsOfRecordings(all: boolean): Promise<Reported[]> {
  const files = recordings().flatMap(({ name, folder, captures }) => captures.map((file) => ({ name: `${name}/${file}`, path: join(folder, file) })));
  const reports: Reported[] = [];
  for (const file of files) reports.push({ ...file, report: await analyze(file.path, { all }) });
  return reports;
}
