import type { Entry, Evidence } from '../explain.js';
import { causePage } from './explanation/cause.js';
import { references, section } from './explanation/section.js';
import { sysctlPage } from './explanation/sysctl.js';
import { inAscii } from './terminal/ascii.js';
import { wrap } from './terminal/layout.js';
import { type Palette, paletteFor } from './terminal/palette.js';

export interface ExplanationOptions {
  readonly width: number;
  readonly color: boolean;
  readonly ascii: boolean;
}

/** The manual pages of entries of the catalogues, one after another. */
export function explanation(entries: readonly Entry[], options: ExplanationOptions): Iterable<string> {
  const lines = pagesOf(entries, options);
  return options.ascii ? inAscii(lines) : lines;
}

function* pagesOf(entries: readonly Entry[], options: ExplanationOptions): Generator<string> {
  for (const [i, entry] of entries.entries()) {
    if (i > 0) yield* ['', '-'.repeat(Math.min(options.width, 72)), ''];
    yield* page(entry, options);
  }
}

function* page(entry: Entry, { width, color }: ExplanationOptions): Generator<string> {
  const palette = paletteFor(color);
  yield `${palette.bold(entry.id)}  ${palette.dim(KINDS[entry.kind])}`;
  if (entry.kind === 'cause') yield* causePage(entry, width, palette);
  else if (entry.kind === 'sysctl') yield* sysctlPage(entry, width, palette);
  else if ('evidence' in entry) yield* evidencePage(entry.evidence, width, palette);
  else {
    yield* wrap(`${entry.title}.`, width);
    yield '';
    yield* wrap(entry.about, width);
    if (entry.kind === 'observation' && entry.doubt !== undefined) yield* section('When not to believe it', [entry.doubt], width, palette);
    yield* exampleText(entry.example, palette);
    if (entry.kind === 'pattern') yield* references('Possible causes', entry.causes, width, palette);
  }
}

const KINDS: Record<Entry['kind'], string> = {
  observation: 'observation, of one segment',
  pattern: 'pattern',
  cause: 'cause',
  sysctl: 'setting',
  counter: 'counter of nstat',
  'drop-reason': 'drop reason of skb:kfree_skb',
  'reset-reason': 'reset reason of tcp:tcp_send_reset',
};

/** What a counter that rises, or a reason that the kernel gives, points to. */
function* evidencePage(evidence: readonly Evidence[], width: number, { bold, cyan }: Palette): Generator<string> {
  yield '';
  yield bold(evidence.length === 1 ? 'It points to' : 'It points to one of');
  for (const { id, title, confirm } of evidence) {
    yield* wrap(`- ${id}: ${title}`, width, 2, 4);
    for (const { run, expect } of confirm) {
      yield `      ${cyan(`$ ${run}`)}`;
      yield* wrap(expect, width, 8);
    }
  }
}

function* exampleText(example: string, { bold }: Palette): Generator<string> {
  const lines = example.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  yield '';
  yield bold('Example');
  for (const line of lines) yield `  ${line.slice(indent).trimEnd()}`;
}
