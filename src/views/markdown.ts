import { explain } from '../explain.js';
import { countBySeverity, type Finding, type FlowReport, flowOf, type Report, type ReportedSuspect, SEVERITIES } from '../report.js';
import { pathSection } from './markdown/paths.js';
import { printable } from './printable.js';
import type { View } from './view.js';

/** Characters that a ticket takes on GitHub, GitLab and Jira, with room to spare. */
const LIMIT = 30_000;

/** The report for a ticket. Too long, it sheds the state tables first, then low findings, then all but the worst; the summary always stays. */
export const markdown: View = function* (report) {
  const plans: Plan[] = [
    { states: true, findings: report.findings.length },
    { states: false, findings: report.findings.length },
    ...[...shrinking(report)].map((findings) => ({ states: false, findings })),
  ];
  for (const plan of plans) {
    const text = [...compose(report, plan)].join('\n');
    if (text.length <= LIMIT || plan.findings <= 1) {
      yield text;
      return;
    }
  }
};

interface Plan {
  states: boolean;
  /** So many of the findings, the worst first. */
  findings: number;
}

/** Without notes, without warnings, then ever fewer. */
function* shrinking({ findings }: Report): Generator<number> {
  const counts = countBySeverity(findings);
  yield counts.failure + counts.warning;
  for (let left = counts.failure + counts.warning; left > 1; left = Math.floor(left / 2)) yield left;
  yield 1;
}

function* compose(report: Report, plan: Plan): Generator<string> {
  const { capture, input, findings } = report;
  const counts = countBySeverity(findings);
  yield `# ${safe(input.map(({ name }) => name).join(', '))}`;
  yield '';
  yield `- Capture: ${capture.linkTypes.join(', ') || 'no frames'}, ${capture.frames} packets (${capture.segments} TCP), ${capture.seconds.toFixed(3)} s, ${capture.conversations} conversations`;
  const outcomes = Object.entries(capture.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  if (outcomes.length > 0) yield `- Outcomes: ${outcomes.join(', ')}`;
  for (const { sentence } of capture.caveats) yield `- Trust: ${safe(sentence)}`;
  yield `- Found: ${SEVERITIES.map((severity) => `${counts[severity]} ${severity}`).join(', ')}`;
  for (const path of report.paths ?? []) yield* pathSection(path, safe, plan.states);
  for (const finding of findings.slice(0, plan.findings)) yield* findingSection(finding, flowOf(report, finding), plan.states);
  const omitted = findings.length - plan.findings;
  if (omitted > 0) yield `\n${omitted} more finding${omitted === 1 ? '' : 's'} omitted to stay within ${LIMIT} characters.`;
  else if (!plan.states && findings.length > 0) yield '\nState tables omitted.';
}

function* findingSection(finding: Finding, flow: FlowReport | undefined, withStates: boolean): Generator<string> {
  const { title, severity, subject, side, sentence, frames, filter, suspects, ruledOut, captures = [] } = finding;
  yield '';
  yield `## ${severity}: ${safe(title)}`;
  yield '';
  yield `${safe(subject)}${side === null ? '' : `, at the ${side}`}. ${safe(sentence)}`;
  yield '';
  yield `Frames ${frames.slice(0, 20).join(', ')}${frames.length > 20 ? ', …' : ''} · filter ${code(filter)}${captures.length > 0 ? ` · ${safe(captures.join(', '))}` : ''}`;
  if (withStates && flow !== undefined) yield* stateTable(flow);
  if (withStates && flow !== undefined) yield* disagreementList(finding, flow);
  yield* suspectList(suspects);
  for (const { cause, by } of ruledOut) yield `- ruled out: ${code(cause)}, by ${safe(by.join('; '))}`;
}

function* stateTable({ client, server, states, vantage }: FlowReport): Generator<string> {
  yield '';
  yield `| s | client ${safe(client)} | server ${safe(server)} | frame | |`;
  yield '|--:|---|---|--:|---|';
  for (const { at, side, from, to, frame, basis } of states) {
    const change = `${from} → ${to}`;
    yield `| ${at.toFixed(6)} | ${side === 'client' ? change : ''} | ${side === 'server' ? change : ''} | ${frame} | ${basis === 'seen' ? '' : basis} |`;
  }
  yield '';
  yield `Captured at: ${vantage.place} (${safe(vantage.reason)}).`;
}

/** Where not to believe Wireshark about the segments of a finding. */
function* disagreementList({ frames }: Finding, { disagreements }: FlowReport): Generator<string> {
  const told = disagreements.listed.filter(({ frame }) => frames.includes(frame));
  if (told.length > 0) yield '';
  for (const { frame, sentence } of told) yield `- frame ${frame}: ${safe(sentence)}`;
}

function* suspectList([first, ...others]: readonly ReportedSuspect[]): Generator<string> {
  if (first === undefined) return;
  yield '';
  yield `**${first.certainty === 'confirmed' ? 'Cause' : 'Probable cause'}: ${code(first.cause)}** (${first.certainty}, ${safe(first.where)}): ${safe(first.title)}.`;
  yield '';
  if (first.facts.length > 0) yield `- ${first.certainty === 'confirmed' ? 'confirmed' : 'facts'}: ${safe(first.facts.join(' and '))}`;
  for (const reason of first.because) yield `- because ${safe(reason)}`;
  for (const reason of first.against) yield `- against: ${safe(reason)}`;
  const entry = explain(first.cause);
  if (entry?.kind === 'cause' && first.isLinux !== false) {
    for (const { run, expect } of entry.cause.confirm) yield `- confirm: ${code(run)}: ${safe(expect)}`;
    for (const step of entry.cause.remedy) yield `- change: ${safe(step)}`;
    for (const step of entry.cause.avoid ?? []) yield `- leave alone: ${safe(step)}`;
  }
  if (others.length > 0) yield `- other suspects: ${others.map(({ cause, certainty }) => `${code(cause)} (${certainty})`).join(', ')}`;
}

/** Nothing in a capture can start a link, mention somebody, or break out of a table or a list. */
function safe(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>#|~!]/g, (character) => `\\${character}`)
    .replaceAll('@', '@\u2060')
    .replace(/:\/\//g, ':\u2060//')
    .replaceAll('&', '&amp;');
}

function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}
