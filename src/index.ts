/**
 * What each TCP conversation of a capture lived through, and what is probably behind it, as data.
 * ```js
 * import { analyze, explain } from 'tcpexplain';
 *
 * const { capture, findings } = await analyze('capture.pcap');
 * console.log(`${capture.conversations} conversations`);
 * for (const { severity, sentence, filter, suspects } of findings) {
 *   console.log(`${severity}: ${sentence} (${filter})`);
 *   const entry = suspects[0] && explain(suspects[0].cause);
 *   if (entry?.kind === 'cause') console.log(`  probably ${entry.title}; ${entry.cause.remedy[0]}`);
 * }
 * ```
 * @module
 */

import { type AnalyzeOptions, analyze as analyzeCapture } from './analyze.js';
import { Capture } from './capture/capture.js';
import { capturesIn } from './capture/several.js';
import { fileSource } from './capture/source.js';
import type { Report } from './report.js';

export type { AnalyzeOptions } from './analyze.js';
export { type Anonymity, Anonymizer } from './anonymize/anonymizer.js';
export { CaptureError } from './capture/error.js';
export { type Entry, entries, explain, pages } from './explain.js';
export type { FactFile } from './facts/host.js';
export { FilterError } from './filter/error.js';
export { parseFilter } from './filter/filter.js';
export type * from './report.js';
export type { PointInTime, Selection } from './selection.js';

/**
 * Explains the captures in one or several files or directories, which are read as one timeline.
 * Throws CaptureError, with a message for people, when nothing of them can be read.
 */
export async function analyze(paths: string | readonly string[], options: AnalyzeOptions = {}): Promise<Report> {
  const files = await capturesIn(typeof paths === 'string' ? [paths] : paths);
  const isAnonymous = options.anonymizer !== undefined;
  const sources = files.map((file, i) => () => fileSource(file, isAnonymous ? `capture ${i + 1}` : undefined));
  return analyzeCapture(new Capture(sources, { isAnonymous }), options);
}
