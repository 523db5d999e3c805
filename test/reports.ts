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

/** The report on every capture of every recording, with or without the conversations that have no finding. */
export async function reportsOfRecordings(all: boolean): Promise<Reported[]> {
  const files = recordings().flatMap(({ name, folder, captures }) => captures.map((file) => ({ name: `${name}/${file}`, path: join(folder, file) })));
  const reports: Reported[] = [];
  for (const file of files) reports.push({ ...file, report: await analyze(file.path, { all }) });
  return reports;
}
