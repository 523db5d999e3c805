import Table from 'cli-table3';
import type { Entry } from '../explain.js';
import { inAscii } from './terminal/ascii.js';
import { labelled, wrap } from './terminal/layout.js';
import { type Palette, paletteFor } from './terminal/palette.js';

export interface ExplanationOptions {
  readonly width: number;
  readonly color: boolean;
  readonly ascii: boolean;
}

type CauseEntry = Extract<Entry, { kind: 'cause' }>;

/** The manual page of one entry of the catalogues. */
export function explanation(entry: Entry, options: ExplanationOptions): Iterable<string> {
  return options.ascii ? inAscii(page(entry, options)) : page(entry, options);
}

function* page(entry: Entry, { width, color }: ExplanationOptions): Generator<string> {
  const palette = paletteFor(color);
  yield `${palette.bold(entry.id)}  ${palette.dim(entry.kind)}`;
  yield* wrap(`${entry.title}.`, width);
  yield '';
  if (entry.kind === 'cause') yield* causePage(entry, width, palette);
  else {
    yield* wrap(entry.about, width);
    if (entry.kind === 'observation' && entry.doubt !== undefined) yield* section('When not to believe it', [entry.doubt], width, palette);
    yield* exampleText(entry.example, palette);
    if (entry.kind === 'pattern') yield* section('Possible causes', entry.causes, width, palette);
  }
}

function* causePage({ cause, patterns }: CauseEntry, width: number, palette: Palette): Generator<string> {
  yield* wrap(cause.mechanism, width);
  const { since, before } = cause.kernels ?? {};
  if (since !== undefined || before !== undefined) {
    yield* wrap(`Kernels: ${[since && `${since} and later`, before && `before ${before}`].filter(Boolean).join(', ')}.`, width);
  }
  yield* section('Shows as', patterns, width, palette);
  const knobs = [
    ['sysctls', cause.sysctls],
    ['counters', cause.counters],
    ['drop reasons', cause.dropReasons],
    ['reset reasons', cause.resetReasons],
  ] as const;
  if (knobs.some(([, names]) => names !== undefined)) {
    yield '';
    for (const [label, names] of knobs) if (names !== undefined) yield* labelled(label, names.join(', '), width, 2, 18);
  }
  yield '';
  yield palette.bold('To confirm');
  for (const { run, expect } of cause.confirm) {
    yield `  ${palette.cyan(`$ ${run}`)}`;
    yield* wrap(expect, width, 6);
  }
  yield* section('To change, best first', cause.remedy, width, palette);
  yield* section('To avoid', cause.avoid ?? [], width, palette);
  yield* section('Looks alike', cause.mimics?.map(({ cause: id, tell }) => `${id}: ${tell}`) ?? [], width, palette);
  yield* section('Sources', cause.sources, width, palette);
  yield* section('Recorded in', [`captures/${cause.capture}`], width, palette);
}

function* section(title: string, items: readonly string[], width: number, { bold }: Palette): Generator<string> {
  if (items.length === 0) return;
  yield '';
  yield bold(title);
  for (const item of items) yield* wrap(`- ${item}`, width, 2, 4);
}

function* exampleText(example: string, { bold }: Palette): Generator<string> {
  const lines = example.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  yield '';
  yield bold('Example');
  for (const line of lines) yield `  ${line.slice(indent).trimEnd()}`;
}

/** Everything that can be explained, by kind. */
export function* catalogue(entries: readonly Entry[], { width, color, ascii }: ExplanationOptions): Generator<string> {
  const { bold } = paletteFor(color);
  for (const kind of ['observation', 'pattern', 'cause'] as const) {
    const table = new Table({
      chars: ascii ? PLAIN : {},
      style: { head: [], border: [] },
      colWidths: [36, Math.max(24, width - 40)],
      wordWrap: true,
    });
    for (const { id, title } of entries.filter((entry) => entry.kind === kind)) table.push([id, title]);
    yield bold(HEADINGS[kind]);
    yield table.toString();
  }
  yield 'tcpexplain explain ID shows one of them.';
}

const HEADINGS = {
  observation: 'Observations: of one segment',
  pattern: 'Patterns: stories of a conversation',
  cause: 'Causes: what is behind them',
};

const PLAIN = {
  top: '-',
  'top-mid': '+',
  'top-left': '+',
  'top-right': '+',
  bottom: '-',
  'bottom-mid': '+',
  'bottom-left': '+',
  'bottom-right': '+',
  left: '|',
  'left-mid': '+',
  mid: '-',
  'mid-mid': '+',
  right: '|',
  'right-mid': '+',
  middle: '|',
};
