import { join } from 'node:path';
import type { Report } from '../../src/report.js';
import { recordings } from '../recordings.js';
import { framesOf, type RecordedFrame, toPcap } from './frames.js';
import { reportOf } from './told.js';

/** A capture of a recording. */
export interface Recorded {
  /** <topic>/<plot>/<file> */
  readonly name: string;
  readonly frames: readonly RecordedFrame[];
  /** The report on them as they are. */
  report(): Promise<Report>;
}

let all: readonly Recorded[] | undefined;

/** All captures on Ethernet; read once. */
export function recorded(): readonly Recorded[] {
  all ??= readAll();
  return all;
}

function readAll(): Recorded[] {
  const files = recordings().flatMap(({ name, folder, captures }) => captures.map((file) => ({ name: `${name}/${file}`, path: join(folder, file) })));
  return files.flatMap(({ name, path }) => {
    const frames = framesOf(path);
    if (frames === undefined || frames.length === 0) return [];
    let report: Promise<Report> | undefined;
    return [{ name, frames, report: () => (report ??= reportOf(toPcap(frames))) }];
  });
}
