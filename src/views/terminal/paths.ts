import type { Report } from '../../report.js';
import { labelled } from './layout.js';

/** What became of the segments between several captures. */
export function* paths({ paths: reports = [] }: Pick<Report, 'paths'>, width: number): Generator<string> {
  for (const { sentences } of reports)
    for (const [i, sentence] of sentences.entries()) yield* labelled(i === 0 ? 'Path' : '', sentence, width, 0, 15);
}
