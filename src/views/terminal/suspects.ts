import { explain } from '../../explain.js';
import type { Finding, FlowReport, ReportedSuspect, RuledOut } from '../../report.js';
import { causeLabel } from '../cause-label.js';
import { filledIn } from '../commands.js';
import { placeText } from '../place.js';
import type { ViewOptions } from '../view.js';
import { labelled, wrap } from './layout.js';
import type { Palette } from './palette.js';

/** Shown of each unless everything is asked for. */
const MOST_CONFIRMATIONS = 3;
const MOST_CHANGES = 3;
const MOST_WARNINGS = 1;
const MOST_OTHERS = 3;
const COLUMN = 14;
const NO_LINUX = 'that host does not look like Linux: what its kernel would be asked and told is left out';

/** Why it probably is so, how to confirm it, what to change and what to leave alone; advice that was `told` before is not told again. */
export function* suspectsText(
  finding: Finding,
  flow: FlowReport | undefined,
  told: Set<string>,
  options: ViewOptions,
  palette: Palette,
): Generator<string> {
  const [first, ...others] = finding.suspects;
  const { width } = options;
  yield '';
  if (first === undefined) {
    yield '  No cause of the kernel is known for this.';
    return;
  }
  yield* heading(first, width, palette);
  yield* wrap(`${first.title}.`, width, 4);
  const facts = first.facts.length > 0 ? [first.facts.join(' and ')] : [];
  yield* listed(first.certainty === 'confirmed' ? 'confirmed' : 'facts', facts, width);
  yield* listed('because', first.because, width);
  yield* listed('against', first.against, width);
  if (told.has(first.cause)) yield palette.dim('    to do     the same as above');
  else yield* advice(first, (run) => filledIn(run, finding, flow), options, palette);
  told.add(first.cause);
  const shown = options.verbose ? others : others.slice(0, MOST_OTHERS);
  for (const [i, { cause, certainty, against }] of shown.entries()) {
    const reasons = options.verbose ? against : against.slice(0, 1);
    const but = reasons.length > 0 ? `; but ${reasons.join('; ')}` : '';
    yield* labelled(i === 0 ? 'Or' : '', `${cause} (${certainty})${but}`, width, 2, COLUMN);
  }
  if (shown.length < others.length) yield palette.dim(`${' '.repeat(COLUMN)}and ${others.length - shown.length} more (-v)`);
}

/** What was saved on the hosts strikes out. */
export function* ruledOutText(ruledOut: readonly RuledOut[], width: number): Generator<string> {
  for (const [i, { cause, by }] of ruledOut.entries()) {
    yield* labelled(i === 0 ? 'Ruled out' : '', `${cause}, by ${by.join('; ')}`, width, 2, COLUMN);
  }
}

function* heading({ cause, certainty, where }: ReportedSuspect, width: number, { bold, green }: Palette): Generator<string> {
  const [label, how] = [causeLabel(certainty), `(${certainty}) ${placeText(where)}`];
  const fits = 2 + label.length + 2 + cause.length + 1 + how.length <= width;
  yield `  ${bold(label)}  ${green(cause)}${fits ? ` ${how}` : ''}`;
  if (!fits) yield* wrap(how, width, 4);
}

/** From the catalogue. Of a host that is no Linux no sysctl is named. */
function* advice(
  { cause, isLinux }: ReportedSuspect,
  fill: (run: string) => string,
  { width, verbose }: ViewOptions,
  { cyan, dim }: Palette,
): Generator<string> {
  const entry = explain(cause);
  if (entry?.kind !== 'cause') return;
  if (isLinux === false) {
    yield* labelled('to do', NO_LINUX, width, 4, COLUMN).map(dim);
    return;
  }
  const { confirm, remedy, avoid = [] } = entry.cause;
  const most = (count: number): number => (verbose ? Number.POSITIVE_INFINITY : count);
  for (const [i, { run, expect }] of confirm.slice(0, most(MOST_CONFIRMATIONS)).entries()) {
    yield `${(i === 0 ? '    confirm' : '').padEnd(COLUMN)}${cyan(`$ ${fill(run)}`)}`; // whole, to be copied
    yield* wrap(expect, width, COLUMN + 2);
  }
  yield* listed('change', remedy.slice(0, most(MOST_CHANGES)), width);
  yield* listed('avoid', avoid.slice(0, most(MOST_WARNINGS)), width);
  const left = [confirm.length - MOST_CONFIRMATIONS, remedy.length - MOST_CHANGES, avoid.length - MOST_WARNINGS];
  const hidden = left.reduce((sum, count) => sum + Math.max(0, count), 0);
  if (hidden > 0 && !verbose) yield dim(`${' '.repeat(COLUMN)}${hidden} more: tcpexplain explain ${cause}`);
}

/** A label once, and items beside it, each with a mark where there are several. */
function* listed(label: string, items: readonly string[], width: number): Generator<string> {
  for (const [i, item] of items.entries()) yield* labelled(i === 0 ? label : '', item, width, 4, COLUMN, items.length > 1 ? '- ' : '');
}
