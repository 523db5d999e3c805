import type { AnalyzeOptions } from './analyze.js';
import { Capture } from './capture/capture.js';
import { fileSource } from './capture/source.js';
import { compare } from './compare.js';
import type { Report } from './report.js';
import { type Together, timelinesIn } from './vantages/timelines.js';

export type { AnalyzeOptions } from './analyze.js';
export { CaptureError } from './capture/error.js';
export { type Entry, entries, explain, pages } from './explain.js';
export type { FactFile } from './facts/host.js';
export type * from './report.js';

/**
 * Explains the captures in one or several files or directories. Files that follow one another are read as one timeline; several captures of the
 * same conversations are compared, unless `together` says otherwise. Throws CaptureError, with a message for people, when nothing of them can
 * be read.
 */
export async function analyze(paths: string | readonly string[], options: AnalyzeOptions & { together?: Together } = {}): Promise<Report> {
  const timelines = await timelinesIn(typeof paths === 'string' ? [paths] : paths, options.together);
  return compare(
    timelines.map((files) => new Capture(files.map((file) => () => fileSource(file)))),
    options,
  );
}
