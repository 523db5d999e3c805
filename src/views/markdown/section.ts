import { explain } from '../../explain.js';
import type { Finding, FlowReport } from '../../report.js';
import { filledIn } from '../commands.js';
import { inCapture } from '../in-capture.js';
import { outlookOf } from '../outlook.js';
import { basisText } from '../timers.js';
import { code, safe } from './safe.js';

const MOST_FRAMES = 20;

/** One finding, with the states of its first conversation when that is given. */
export function* section(finding: Finding, flow: FlowReport | undefined): Generator<string> {
  const { title, severity, subject, side, sentence, frames, filter, ruledOut } = finding;
  yield '';
  yield `## ${severity}: ${safe(title)}`;
  yield '';
  yield `${safe(subject)}${side === null ? '' : `, at the ${side}`}. ${safe(sentence)}`;
  yield '';
  yield `Frames ${frames.slice(0, MOST_FRAMES).join(', ')}${frames.length > MOST_FRAMES ? ', …' : ''} · filter ${code(filter)}${safe(inCapture(finding))}`;
  if (flow !== undefined) yield* stateTable(flow);
  if (flow !== undefined) yield* disagreementList(finding, flow);
  yield* suspectList(finding, flow);
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

function* suspectList(finding: Finding, flow: FlowReport | undefined): Generator<string> {
  const [first, ...others] = finding.suspects;
  if (first === undefined) return;
  yield '';
  yield `**${first.certainty === 'confirmed' ? 'Cause' : 'Probable cause'}: ${code(first.cause)}** (${first.certainty}, ${safe(first.where)}): ${safe(first.title)}.`;
  yield '';
  if (first.facts.length > 0) yield `- ${first.certainty === 'confirmed' ? 'confirmed' : 'facts'}: ${safe(first.facts.join(' and '))}`;
  for (const reason of first.because) yield `- because ${safe(reason)}`;
  for (const reason of first.against) yield `- against: ${safe(reason)}`;
  const entry = explain(first.cause);
  if (entry?.kind === 'cause' && first.isLinux !== false) {
    for (const { run, expect } of entry.cause.confirm) yield `- confirm: ${code(filledIn(run, finding, flow))}: ${safe(expect)}`;
    for (const step of entry.cause.remedy) yield `- change: ${safe(step)}`;
    for (const step of entry.cause.avoid ?? []) yield `- leave alone: ${safe(step)}`;
  }
  if (others.length > 0) yield `- other suspects: ${others.map(({ cause, certainty }) => `${code(cause)} (${certainty})`).join(', ')}`;
}
