import type { Finding, Report } from '../../report.js';
import { printable } from '../printable.js';
import { labelled } from './layout.js';

/** What became of the segments between several captures. */
export function* paths({ paths: reports = [] }: Report, width: number): Generator<string> {
  for (const { sentences } of reports)
    for (const [i, sentence] of sentences.entries()) yield* labelled(i === 0 ? 'Path' : '', printable(sentence), width, 0, 15);
}

/** Which of several captures the numbers of a finding are of, and which others show it. */
export function inCapture({ captures = [] }: Finding): string {
  const [first, ...others] = captures.map(printable);
  if (first === undefined) return '';
  return others.length === 0 ? ` in ${first}` : ` in ${first} (also in ${others.join(', ')})`;
}
