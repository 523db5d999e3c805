import { type AnalyzeOptions, analyze as analyzeCapture } from './analyze.js';
import { Capture } from './capture/capture.js';
import { capturesIn } from './capture/several.js';
import { fileSource } from './capture/source.js';
import type { Report } from './report.js';

export type { AnalyzeOptions } from './analyze.js';
export { CaptureError } from './capture/error.js';
export { type Entry, entries, explain, pages } from './explain.js';
export type { FactFile } from './facts/host.js';
export type * from './report.js';

/**
 * Explains the captures in one or several files or directories, which are read as one timeline.
 * Throws CaptureError, with a message for people, when nothing of them can be read.
 */
export async function analyze(paths: string | readonly string[], options: AnalyzeOptions = {}): Promise<Report> {
  const files = await capturesIn(typeof paths === 'string' ? [paths] : paths);
  return analyzeCapture(new Capture(files.map((file) => () => fileSource(file))), options);
}
