import type { Changes, CountChange, FindingChange, Measures, Shown } from '../changes.js';
import { SEVERITIES } from '../report.js';
import { allPrintable } from './printable.js';
import { inAscii } from './terminal/ascii.js';
import { labelled, wrap } from './terminal/layout.js';
import { type Palette, paletteFor } from './terminal/palette.js';
import { countText } from './wording.js';

export interface ChangesOptions {
  readonly width: number;
  readonly color: boolean;
  readonly ascii: boolean;
}

/** For people: the figures side by side, then what was gained, what was lost, and what has changed. */
export function changesText(changes: Changes, options: ChangesOptions): Iterable<string> {
  const lines = text(allPrintable(changes), options);
  return options.ascii ? inAscii(lines) : lines;
}

const COLUMN = 16;

function* text({ before, after, gained, lost, changed, outcomes, states }: Changes, { width, color }: ChangesOptions): Generator<string> {
  const palette = paletteFor(color);
  yield* labelled('Before', before.files.join(', '), width, 0, COLUMN);
  yield* labelled('After', after.files.join(', '), width, 0, COLUMN);
  for (const [label, of] of FIGURES) yield* labelled(label, `${of(before)} → ${of(after)}`, width - 1, 0, COLUMN);
  yield* findings('Gained', gained, palette.red, width, palette);
  yield* findings('Lost', lost, palette.green, width, palette);
  yield* findings('Changed', changed, palette.yellow, width, palette);
  yield* counts('Outcomes', outcomes, width, palette);
  yield* counts('States', states, width, palette);
  yield '';
  const isSame = [gained, lost, changed, outcomes, states].every(({ length }) => length === 0);
  yield isSame ? 'The same findings, outcomes and states.' : `${gained.length} gained, ${lost.length} lost, ${changed.length} changed.`;
}

const FIGURES: readonly (readonly [string, (measures: Measures) => string])[] = [
  ['Conversations', ({ conversations }) => String(conversations)],
  ['Segments', ({ segments }) => String(segments)],
  ['Resent', ({ resent, segments }) => `${resent} (${((100 * resent) / Math.max(segments, 1)).toFixed(1)} %)`],
  ['Round trip', ({ roundTrip }) => (roundTrip === null ? 'unknown' : `${(roundTrip * 1000).toFixed(2)} ms`)],
  ['Findings', (measures) => SEVERITIES.map((severity) => countText(measures.findings[severity], severity)).join(', ')],
];

function* findings(
  label: string,
  changes: readonly FindingChange[],
  mark: (text: string) => string,
  width: number,
  { bold }: Palette,
): Generator<string> {
  if (changes.length === 0) return;
  yield '';
  yield bold(label);
  for (const { severity, title, side, at, before, after } of changes) {
    const [first = '', ...rest] = wrap(
      `${title}; ${at}${side === null ? '' : `, at the ${side}`}; ${shownText(before, after)}`,
      width - severity.length - 3,
      0,
    );
    yield `  ${mark(severity)} ${first}`;
    yield* rest.map((line) => `${' '.repeat(severity.length + 3)}${line}`);
  }
}

function shownText(before: Shown | null, after: Shown | null): string {
  if (before === null || after === null) return oneText((before ?? after) as Shown);
  return `${oneText(before)} → ${oneText(after)}`;
}

function oneText({ conversations, cause, certainty }: Shown): string {
  const because = cause === null ? '' : `, ${cause} (${certainty})`;
  return `${countText(conversations, 'conversation')}${because}`;
}

function* counts(label: string, changes: readonly CountChange[], width: number, { bold }: Palette): Generator<string> {
  if (changes.length === 0) return;
  yield '';
  yield bold(label);
  for (const { what, before, after } of changes) yield* wrap(`${before} → ${after}  ${what}`, width, 2, 4);
}
