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

import type { AnalyzeOptions } from './analyze.js';
import { analyzeSeveral } from './analyze-several.js';
import { CaptureError } from './capture/error.js';
import { capturesOf } from './capture/timelines.js';
import type { Report } from './report.js';
import { type Together, timelinesIn } from './vantages/timelines.js';

export type { AnalyzeOptions } from './analyze.js';
export { type Anonymity, Anonymizer } from './anonymize/anonymizer.js';
export { CaptureError } from './capture/error.js';
export { type Entry, entries, explain, pages } from './explain.js';
export type { FactFile } from './facts/host.js';
export { FilterError } from './filter/error.js';
export { parseFilter } from './filter/filter.js';
export type * from './report.js';
export type { PointInTime, Selection } from './selection.js';
export type { Together } from './vantages/timelines.js';

/**
 * Explains the captures in one or several files or directories. Files that follow one another are read as one timeline; several captures of the
 * same conversations are compared, unless `together` says otherwise. Throws CaptureError, with a message for people, when nothing of them can
 * be read.
 */
export async function analyze(paths: string | readonly string[], options: AnalyzeOptions & { together?: Together } = {}): Promise<Report> {
  if (paths.length === 0) throw new CaptureError('no capture is named');
  const timelines = await timelinesIn(typeof paths === 'string' ? [paths] : paths, options.together);
  return analyzeSeveral(capturesOf(timelines, { isAnonymous: options.anonymizer !== undefined }), options);
}
