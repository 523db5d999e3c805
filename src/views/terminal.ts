import { type Finding, type FlowReport, SEVERITIES, type Traffic } from '../report.js';
import { healthText } from './healthy.js';
import { inCapture } from './in-capture.js';
import { inputNames } from './input-names.js';
import { leftOutText } from './left-out.js';
import { outcomesText } from './outcomes.js';
import { outlookOf } from './outlook.js';
import { allPrintable } from './printable.js';
import { inAscii } from './terminal/ascii.js';
import { ladder } from './terminal/ladder.js';
import { lanes } from './terminal/lanes.js';
import { labelled, unbroken, wrap } from './terminal/layout.js';
import { type Palette, paletteFor } from './terminal/palette.js';
import { paths } from './terminal/paths.js';
import { ruledOutText, suspectsText } from './terminal/suspects.js';
import { type Told, toldOf } from './terminal/told.js';
import { utc } from './utc.js';
import { vantageText } from './vantage.js';
import type { View, ViewOptions } from './view.js';
import { bytesText, countText } from './wording.js';

/** Longer lines of text are hard to follow, however wide the terminal is. */
const WIDEST_PROSE = 120;

/** The report for people: what limits trust, then what was found, the worst first, with its proof, its probable cause and what to do. */
export const terminal: View = (report, options) => {
  const lines = reportText(allPrintable(toldOf(report, options)), options);
  return options.ascii ? inAscii(lines) : lines;
};

function* reportText(told: Told, { width: screen, ...others }: ViewOptions): Generator<string> {
  const options = { ...others, width: Math.min(screen, WIDEST_PROSE) };
  const palette = paletteFor(options.color);
  yield* summary(told, options, palette);
  const known: Known = { streams: new Set(), causes: new Set() };
  for (const { finding, flow } of told.full) yield* findingText(finding, flow, known, options, screen, palette);
  yield* alsoFound(told, options, palette);
  yield* nextStep(told.full[0]?.finding, options, palette);
}

function* summary(told: Told, { width }: ViewOptions, { bold, dim }: Palette): Generator<string> {
  const { capture, input, counts, full, brief, leftOut } = told;
  const found = SEVERITIES.map((severity) => `${counts[severity]} ${severity}${counts[severity] === 1 ? '' : 's'}`).join(', ');
  const when = capture.start === '' ? '' : ` from ${utc(capture.start)}`;
  const names = inputNames(input);
  yield* (input.length > 1 ? wrap(names, width, 0, 2) : [names]).map(bold);
  yield* labelled(
    'Capture',
    `${capture.linkTypes.join(', ') || 'no frames'}, ${capture.frames} ${capture.frames === 1 ? 'packet' : 'packets'}, ${capture.segments} of them TCP, ${capture.seconds.toFixed(3)} s${when}`,
    width,
    0,
    15,
  );
  const outcomes = outcomesText(capture.outcomes);
  yield* labelled('Conversations', `${capture.conversations}${outcomes === '' ? '' : `: ${outcomes}`}`, width, 0, 15);
  if (capture.caveats.length === 0) yield* labelled('Trust', 'nothing in the capture itself limits what follows', width, 0, 15);
  for (const [i, { sentence }] of capture.caveats.entries()) yield* labelled(i === 0 ? 'Trust' : '', sentence, width, 0, 15);
  yield* labelled('Found', found, width, 0, 15);
  yield* paths(told, width);
  if (leftOut.length > 0) yield* labelled('Not shown', `${leftOut.map(leftOutText).join(', ')} (as asked)`, width, 0, 15);
  const health = healthText(full.length + brief.length, leftOut);
  if (health !== undefined) yield* wrap(health, width).map(dim);
}

/** What the reader has been told already. */
interface Known {
  readonly streams: Set<number>;
  readonly causes: Set<string>;
}

function* findingText(
  finding: Finding,
  flow: FlowReport | undefined,
  known: Known,
  options: ViewOptions,
  screen: number,
  palette: Palette,
): Generator<string> {
  const { width, ascii } = options;
  const [title = '', ...more] = wrap(finding.title, width - finding.severity.length - 1, 0);
  yield '';
  yield `${severityMark(finding, palette)} ${palette.bold(title)}`;
  for (const line of more) yield `${' '.repeat(finding.severity.length + 1)}${palette.bold(line)}`;
  yield* wrap(`${finding.subject}${finding.side === null ? '' : `, at the ${finding.side}`}`, width, 2);
  yield* wrap(finding.sentence, width, 2);
  yield palette.dim(`  filter: ${finding.filter}${inCapture(finding)}`);
  if (flow !== undefined) {
    yield '';
    if (known.streams.has(flow.stream)) yield palette.dim(`  conversation ${flow.stream}, as above`);
    else yield* conversation(flow, finding.streams.length > 1, options, palette);
    known.streams.add(flow.stream);
    yield* ladder(finding, flow, { width: screen, ascii, palette });
    yield* disagreementLines(finding, flow, options, palette);
  }
  yield* suspectsText(finding, flow, known.causes, options, palette);
  yield* ruledOutText(finding.ruledOut, width);
}

/** Where not to believe Wireshark about the segments of a finding. */
function* disagreementLines(
  { frames }: Finding,
  { disagreements }: FlowReport,
  { width, verbose }: ViewOptions,
  { dim }: Palette,
): Generator<string> {
  const told = disagreements.listed.filter(({ frame }) => verbose || frames.includes(frame));
  const shown = verbose ? told : told.slice(0, 1);
  for (const { frame, sentence } of shown) yield* wrap(`frame ${frame}: ${sentence}`, width, 2, 4).map(dim);
  if (shown.length < told.length) yield dim(`  and ${told.length - shown.length} more where Wireshark says otherwise (-v)`);
}

/** Where it was captured, the states of both ends, and how much they sent. */
function* conversation(flow: FlowReport, isExample: boolean, { width, ascii }: ViewOptions, palette: Palette): Generator<string> {
  const { vantage, sent } = flow;
  if (isExample) yield palette.dim(`  of these, conversation ${flow.stream}:`);
  yield* lanes(flow, width, ascii, palette);
  if (sent.client.bytes + sent.server.bytes > 0) {
    yield* wrap(`sent: client ${trafficText(sent.client)}; server ${trafficText(sent.server)}`, width, 2, 4).map(palette.dim);
  }
  yield* wrap(`captured ${vantageText(flow)}`, width, 2, 4).map(palette.dim);
  if (vantage.place !== 'unknown') yield* wrap(`clock: ${flow.clock}`, width, 2, 4).map(palette.dim);
  for (const line of outlookOf(flow)) yield* wrap(`when nothing more comes, ${line}`, width, 2, 4).map(palette.dim);
}

function trafficText({ segments, bytes, resent }: Traffic): string {
  return `${bytesText(bytes)} in ${countText(segments, 'segment')}${resent > 0 ? `, ${resent} sent again` : ''}`;
}

/** Findings that are not told in full: a line each. */
function* alsoFound({ brief, untold }: Told, { width }: ViewOptions, palette: Palette): Generator<string> {
  if (brief.length === 0) return;
  yield '';
  yield palette.bold('Also seen');
  for (const finding of brief) {
    const cause = finding.suspects[0] === undefined ? '' : ` (${finding.suspects[0].cause})`;
    const filter = finding.filter.length < width - 4 ? unbroken(finding.filter) : finding.filter;
    yield* wrap(`${finding.severity}: ${finding.title}${cause}; ${finding.subject}; ${filter}${inCapture(finding)}`, width, 2, 4);
  }
  if (untold > 0) yield palette.dim(`  and ${untold} more (-v, or --format json)`);
}

function* nextStep(worst: Finding | undefined, { width }: ViewOptions, { dim }: Palette): Generator<string> {
  const [suspect] = worst?.suspects ?? [];
  const command = (id: string): string => unbroken(`tcpexplain explain ${id}`);
  const graphs = unbroken('graphs: -F html -o report.html');
  yield '';
  if (worst === undefined) yield* wrap('next: tcpexplain explain lists everything that would be recognised', width).map(dim);
  else if (suspect === undefined) yield* wrap(`next: ${command(worst.pattern)}; ${graphs}`, width).map(dim);
  else {
    const isOfHost = suspect.isLinux !== null && suspect.certainty !== 'confirmed';
    if (isOfHost) yield* wrap(`next: confirm it on ${suspect.where}, as above or with what "tcpexplain facts" collects`, width, 0, 6).map(dim);
    yield* wrap(`${isOfHost ? '     ' : 'next:'} ${command(suspect.cause)}; ${graphs}`, width, isOfHost ? 6 : 0, 6).map(dim);
  }
}

function severityMark({ severity }: Finding, { red, yellow, cyan }: Palette): string {
  const mark = { failure: red, warning: yellow, note: cyan }[severity];
  return mark(severity.toUpperCase());
}
