import type { Group } from '../../explain.js';
import type { ExplanationOptions } from '../explanation.js';
import { inAscii } from '../terminal/ascii.js';
import { clip, labelled, wrap } from '../terminal/layout.js';
import { paletteFor } from '../terminal/palette.js';

/** Everything that can be explained, in groups: a line for each, and names alone where the name says it all. */
export function catalogue(groups: readonly Group[], options: ExplanationOptions): Iterable<string> {
  const lines = list(groups, options);
  return options.ascii ? inAscii(lines) : lines;
}

function* list(groups: readonly Group[], { width, color, ascii }: ExplanationOptions): Generator<string> {
  const { bold } = paletteFor(color);
  for (const { kind, title, entries } of groups) {
    yield bold(title);
    if (kind === 'counter' || kind === 'drop-reason' || kind === 'reset-reason') yield* wrap(entries.map(({ id }) => id).join('  '), width, 2);
    else {
      const column = Math.max(...entries.map(({ id }) => id.length)) + 4;
      if (kind === 'sysctl') for (const { id, title: what } of entries) yield clip(`  ${id.padEnd(column - 2)}${what}`, width, ascii);
      else for (const { id, title: what } of entries) yield* labelled(id, what, width, 2, Math.max(column, USUAL_COLUMN));
    }
    yield '';
  }
  yield 'tcpexplain explain ID shows the page of one of them.';
}

/** Ids of most groups end before it, so that the titles of all groups stand below one another. */
const USUAL_COLUMN = 40;
