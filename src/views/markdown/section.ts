import { explain } from '../../explain.js';
import type { Finding, FlowReport, ReportedSuspect } from '../../report.js';
import { causeLabel } from '../cause-label.js';
import { filledIn } from '../commands.js';
import { inCapture } from '../in-capture.js';
import { outlookOf } from '../outlook.js';
import { basisText } from '../timers.js';
import { code, safe } from './safe.js';

const MOST_FRAMES = 20;

/** What the sections before have said: it is not said again. */
export interface Said {
  /** Of which conversations the states were shown. */
  readonly ends: Set<FlowReport>;
  readonly advice: Set<string>;
}

/** One finding, and its first conversation; that one's states only `withTables`. */
export function* section(finding: Finding, flow: FlowReport | undefined, said: Said, withTables: boolean): Generator<string> {
  const { title, severity, subject, side, sentence, frames, filter, ruledOut } = finding;
  yield '';
  yield `## ${severity}: ${safe(title)}`;
  yield '';
  yield `${safe(subject)}${side === null ? '' : `, at the ${side}`}. ${safe(sentence)}`;
  yield '';
  yield `Frames ${frames.slice(0, MOST_FRAMES).join(', ')}${frames.length > MOST_FRAMES ? ', …' : ''} · filter ${code(filter)}${safe(inCapture(finding))}`;
  if (flow !== undefined && withTables) {
    yield* said.ends.has(flow) ? ['', `The states of ${safe(flow.client)} and ${safe(flow.server)}: as above.`] : stateTable(flow);
    said.ends.add(flow);
    yield* disagreementList(finding, flow);
  }
  yield* suspectList(finding, flow, said);
  for (const { cause, by } of ruledOut) yield `- ruled out: ${code(cause)}, by ${safe(by.join('; '))}`;
}

function* stateTable(flow: FlowReport): Generator<string> {
  const { client, server, states, vantage, clock } = flow;
  yield '';
  yield `| s | client ${safe(client)} | server ${safe(server)} | frame | |`;
  yield '|--:|---|---|--:|---|';
  for (const entered of states) {
    const { at, side, from, to, frame, basis } = entered;
    const change = safe(`${from} → ${to}`);
    yield `| ${at.toFixed(6)} | ${side === 'client' ? change : ''} | ${side === 'server' ? change : ''} | ${frame} | ${basis === 'seen' ? '' : safe(basisText(entered))} |`;
  }
  yield '';
  yield `Captured at: ${vantage.place} (${safe(vantage.reason)}). The clock: ${safe(clock)}.`;
  for (const line of outlookOf(flow)) yield `When nothing more comes, ${safe(line)}.`;
}

/** Where not to believe Wireshark about the segments of a finding. */
function* disagreementList({ frames }: Finding, { disagreements }: FlowReport): Generator<string> {
  const told = disagreements.listed.filter(({ frame }) => frames.includes(frame));
  if (told.length > 0) yield '';
  for (const { frame, sentence } of told) yield `- frame ${frame}: ${safe(sentence)}`;
}

function* suspectList(finding: Finding, flow: FlowReport | undefined, said: Said): Generator<string> {
  const [first, ...others] = finding.suspects;
  if (first === undefined) return;
  yield '';
  yield `**${causeLabel(first.certainty)}: ${code(first.cause)}** (${first.certainty}, ${safe(first.where)}): ${safe(first.title)}.`;
  yield '';
  if (first.facts.length > 0) yield `- ${first.certainty === 'confirmed' ? 'confirmed' : 'facts'}: ${safe(first.facts.join(' and '))}`;
  for (const reason of first.because) yield `- because ${safe(reason)}`;
  for (const reason of first.against) yield `- against: ${safe(reason)}`;
  const advice = [...adviceList(first, finding, flow)];
  const isSaid = said.advice.has(advice.join('\n'));
  yield* isSaid && advice.length > 0 ? ['- confirm, change, leave alone: as above'] : advice;
  said.advice.add(advice.join('\n'));
  if (others.length > 0) yield `- other suspects: ${others.map(({ cause, certainty }) => `${code(cause)} (${certainty})`).join(', ')}`;
}

/** From the catalogue. Of a host that is no Linux no sysctl is named. */
function* adviceList({ cause, isLinux }: ReportedSuspect, finding: Finding, flow: FlowReport | undefined): Generator<string> {
  const entry = explain(cause);
  if (entry?.kind !== 'cause' || isLinux === false) return;
  const { confirm, remedy, avoid = [] } = entry.cause;
  for (const { run, expect } of confirm) yield `- confirm: ${code(filledIn(run, finding, flow))}: ${safe(expect)}`;
  for (const step of remedy) yield `- change: ${safe(step)}`;
  for (const step of avoid) yield `- leave alone: ${safe(step)}`;
}
