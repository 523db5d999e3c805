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

/** The report on every capture of every recording. */
export async function reportsOfRecordings(): Promise<Reported[]> {
  const reports: Reported[] = [];
  for (const file of capturesOfRecordings()) reports.push({ ...file, report: await reportOn(file.path) });
  return reports;
}

/** The same with the conversations that have no finding. */
export async function fullReportsOfRecordings(): Promise<Reported[]> {
  const reports: Reported[] = [];
  for (const file of capturesOfRecordings()) reports.push({ ...file, report: await analyze(file.path, { all: true }) });
  return reports;
}

const made = new Map<string, Promise<Report>>();

/** The report on a capture of a recording: made once for all who want to know it, and nobody can change it. */
export function reportOn(path: string): Promise<Report> {
  const report = made.get(path) ?? analyze(path).then(frozen);
  made.set(path, report);
  return report;
}

function frozen<Data>(data: Data): Data {
  if (typeof data === 'object' && data !== null && !Object.isFrozen(data)) Object.values(Object.freeze(data)).forEach(frozen);
  return data;
}

function capturesOfRecordings(): { name: string; path: string }[] {
  return recordings().flatMap(({ name, folder, captures }) => captures.map((file) => ({ name: `${name}/${file}`, path: join(folder, file) })));
}
