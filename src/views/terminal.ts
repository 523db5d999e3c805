import { explain } from '../explain.js';
import { countBySeverity, type Finding, type FlowReport, flowOf, type Report, type ReportedSuspect, SEVERITIES } from '../report.js';
import { inCapture } from './in-capture.js';
import { leftOutText } from './left-out.js';
import { allPrintable } from './printable.js';
import { inAscii } from './terminal/ascii.js';
import { ladder } from './terminal/ladder.js';
import { lanes } from './terminal/lanes.js';
import { labelled, wrap } from './terminal/layout.js';
import { type Palette, paletteFor } from './terminal/palette.js';
import { paths } from './terminal/paths.js';
import type { View, ViewOptions } from './view.js';

/** The report for people: what limits trust, then what was found, the worst first, with its proof, its probable cause and what to do. */
export const terminal: View = (report, options) => {
  const lines = reportText(allPrintable(report), options);
  return options.ascii ? inAscii(lines) : lines;
};

function* reportText(report: Report, options: ViewOptions): Generator<string> {
  const palette = paletteFor(options.color);
  yield* summary(report, options, palette);
  const told = options.verbose ? report.findings : report.findings.filter(({ severity }, i) => severity !== 'note' || i === 0);
  const full = told.slice(0, options.top);
  for (const finding of full) yield* findingText(finding, report, options, palette);
  yield* alsoFound(
    report.findings.filter((finding) => !full.includes(finding)),
    options,
    palette,
  );
  yield* nextStep(full[0], palette);
}

function* summary(report: Report, { width }: ViewOptions, { bold, dim }: Palette): Generator<string> {
  const { capture, input, findings, leftOut } = report;
  const counts = countBySeverity(findings);
  const found = SEVERITIES.map((severity) => `${counts[severity]} ${severity}${counts[severity] === 1 ? '' : 's'}`).join(', ');
  const when = capture.start === '' ? '' : ` from ${utc(capture.start)}`;
  yield bold(input.map(({ name }) => name).join(', '));
  yield* labelled(
    'Capture',
    `${capture.linkTypes.join(', ') || 'no frames'}, ${capture.frames} packets, ${capture.segments} of them TCP, ${capture.seconds.toFixed(3)} s${when}`,
    width,
    0,
    15,
  );
  const outcomes = Object.entries(capture.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  yield* labelled('Conversations', `${capture.conversations}${outcomes.length > 0 ? `: ${outcomes.join(', ')}` : ''}`, width, 0, 15);
  if (capture.caveats.length === 0) yield* labelled('Trust', 'nothing in the capture itself limits what follows', width, 0, 15);
  for (const [i, { sentence }] of capture.caveats.entries()) yield* labelled(i === 0 ? 'Trust' : '', sentence, width, 0, 15);
  yield* labelled('Found', found, width, 0, 15);
  yield* paths(report, width);
  if (leftOut.length > 0) yield* labelled('Not shown', `${leftOut.map(leftOutText).join(', ')} (as asked)`, width, 0, 15);
  if (findings.length === 0 && leftOut.length === 0) yield dim('Nothing went wrong in these conversations, as far as the capture shows.');
}

function* findingText(finding: Finding, report: Report, options: ViewOptions, palette: Palette): Generator<string> {
  const { width, ascii } = options;
  const flow = flowOf(report, finding);
  yield '';
  yield `${severityMark(finding, palette)} ${palette.bold(finding.title)}`;
  yield* wrap(`${finding.subject}${finding.side === null ? '' : `, at the ${finding.side}`}`, width, 2);
  yield* wrap(finding.sentence, width, 2);
  yield palette.dim(`  filter: ${finding.filter}${inCapture(finding)}`);
  if (flow !== undefined) {
    yield '';
    yield* lanes(flow, width, ascii, palette);
    const place = flow.vantage.place === 'unknown' ? 'at an unknown place' : `at the ${flow.vantage.place}`;
    yield* wrap(`captured ${place}: ${flow.vantage.reason}`, width, 2, 4).map(palette.dim);
    yield* ladder(finding, flow, width, ascii, palette);
    yield* disagreementLines(finding, flow, options, palette);
  }
  yield* suspectsText(finding.suspects, options, palette);
  for (const [i, { cause, by }] of finding.ruledOut.entries())
    yield* labelled(i === 0 ? 'Ruled out' : '', `${cause}, by ${by.join('; ')}`, width, 2, 18);
}

/** Where not to believe Wireshark about the segments of a finding. */
function* disagreementLines(
  { frames }: Finding,
  { disagreements }: FlowReport,
  { width, verbose }: ViewOptions,
  { dim }: Palette,
): Generator<string> {
  const told = disagreements.listed.filter(({ frame }) => verbose || frames.includes(frame));
  const shown = verbose ? told : told.slice(0, 3);
  for (const { frame, sentence } of shown) yield* wrap(`frame ${frame}: ${sentence}`, width, 2, 4).map(dim);
  if (shown.length < told.length) yield dim(`  and ${told.length - shown.length} more where Wireshark says otherwise (-v)`);
}

function* suspectsText([first, ...others]: readonly ReportedSuspect[], options: ViewOptions, palette: Palette): Generator<string> {
  const { width } = options;
  yield '';
  if (first === undefined) {
    yield '  No cause of the kernel is known for this.';
    return;
  }
  yield `  ${palette.bold(first.certainty === 'confirmed' ? 'Cause' : 'Probable cause')}  ${palette.green(first.cause)} (${first.certainty})${first.where.startsWith('the ') ? `: ${first.where}` : ` on ${first.where}`}`;
  yield* wrap(`${first.title}.`, width, 4);
  if (first.facts.length > 0) yield* labelled(first.certainty === 'confirmed' ? 'confirmed' : 'facts', first.facts.join(' and '), width, 4, 14);
  for (const [i, reason] of first.because.entries()) yield* labelled(i === 0 ? 'because' : '', reason, width, 4, 14);
  for (const [i, reason] of first.against.entries()) yield* labelled(i === 0 ? 'against' : '', reason, width, 4, 14);
  yield* advice(first, options, palette);
  const shown = options.verbose ? others : others.slice(0, 4);
  for (const [i, { cause, certainty, against }] of shown.entries()) {
    const but = against.length > 0 ? `; against it: ${against.join('; ')}` : '';
    yield* labelled(i === 0 ? 'Other suspects' : '', `${cause} (${certainty})${but}`, width, 2, 18);
  }
  if (shown.length < others.length) yield palette.dim(`${' '.repeat(18)}and ${others.length - shown.length} more (-v)`);
}

/** How to confirm, what to change, what to leave alone: from the catalogue. Of a host that is no Linux no sysctl is named. */
function* advice({ cause, isLinux }: ReportedSuspect, { width, verbose }: ViewOptions, { cyan }: Palette): Generator<string> {
  const entry = explain(cause);
  if (entry?.kind !== 'cause' || isLinux === false) return;
  const { confirm, remedy, avoid = [] } = entry.cause;
  for (const [i, { run, expect }] of confirm.entries()) {
    yield `${(i === 0 ? '    confirm' : '').padEnd(14)}${cyan(`$ ${run}`)}`;
    yield* wrap(expect, width, 16);
  }
  for (const [i, step] of remedy.entries()) yield* labelled(i === 0 ? 'change' : '', step, width, 4, 14);
  for (const [i, step] of (verbose ? avoid : avoid.slice(0, 2)).entries()) yield* labelled(i === 0 ? 'avoid' : '', step, width, 4, 14);
}

/** Findings that are not told in full: a line each. */
function* alsoFound(rest: readonly Finding[], { width, verbose }: ViewOptions, palette: Palette): Generator<string> {
  if (rest.length === 0) return;
  yield '';
  yield palette.bold('Also seen');
  const shown = rest.slice(0, verbose ? 200 : 10);
  for (const finding of shown) {
    const cause = finding.suspects[0] === undefined ? '' : ` (${finding.suspects[0].cause})`;
    yield* wrap(`${finding.severity}: ${finding.title}${cause}; ${finding.subject}; ${finding.filter}${inCapture(finding)}`, width, 2, 4);
  }
  if (shown.length < rest.length) yield palette.dim(`  and ${rest.length - shown.length} more (-v, or --format json)`);
}

function* nextStep(worst: Finding | undefined, { dim }: Palette): Generator<string> {
  const cause = worst?.suspects[0]?.cause;
  yield '';
  yield dim(cause === undefined ? 'next: tcpexplain explain lists everything that would be recognised' : `next: tcpexplain explain ${cause}`);
}

function severityMark({ severity }: Finding, { red, yellow, cyan }: Palette): string {
  const mark = { failure: red, warning: yellow, note: cyan }[severity];
  return mark(severity.toUpperCase());
}

/** Seconds since 1970 as "2026-11-21 08:31:00.123456 UTC". */
function utc(seconds: string): string {
  const [whole = '0', fraction = ''] = seconds.split('.');
  const date = new Date(Number(whole) * 1000);
  if (Number.isNaN(date.getTime())) return `second ${whole}`;
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}.${fraction.slice(0, 6)} UTC`;
}
