import type { Finding, FlowReport, Traffic } from '../../report.js';
import { packetsThatMatter } from '../packets.js';
import { vantageText } from '../vantage.js';
import { bytesText, countText, durationText } from '../wording.js';
import { anchorOf } from './anchor.js';
import { timeScale } from './chart.js';
import { copyable } from './copyable.js';
import { type Direction, directionsOf } from './directions.js';
import { findingsOf, type Numbered } from './finding-marks.js';
import { flightGraph } from './flight-graph.js';
import { ladder } from './ladder.js';
import { lanes } from './lanes.js';
import { type Html, html } from './markup.js';
import { pointsData } from './points.js';
import { roundTripGraph } from './round-trip-graph.js';
import { rungs } from './rungs.js';
import type { Scale } from './scale.js';
import { closeUp, sequenceGraph } from './sequence-graph.js';
import { packetTable, stateTable } from './tables.js';
import { throughputGraph } from './throughput-graph.js';

const MOST_ROWS = 40;

/** One conversation: its states, the packets that matter, and its graphs, which can be folded away. */
export function conversation(flow: FlowReport, findings: readonly Finding[], { isFolded }: { isFolded: boolean }): Html {
  const { stream, client, server, outcome, start, seconds, sent, roles, states } = flow;
  const anchor = anchorOf(flow);
  const numbered = findingsOf(flow, findings);
  const frames = new Set([...numbered.flatMap(({ finding }) => finding.frames), ...states.map(({ frame }) => frame)]);
  const rows = packetsThatMatter(flow.moments, frames, MOST_ROWS);
  const drawn = graphs(flow, numbered);
  return html`<section class="conversation${isFolded && ' folded'}" id="${anchor}" aria-labelledby="${anchor}-title">
<h3 id="${anchor}-title"><a href="#${anchor}">Conversation ${stream}${flow.capture !== undefined && ` in ${flow.capture}`}</a> <span class="ends">${client} to ${server}</span></h3>
<p class="filters"><span class="label">Filter</span> ${copyable(`tcp.stream eq ${stream}`, 'filter')} ${numbered.map(findingChip)}</p>
<dl class="facts"><div><dt>Outcome</dt><dd>${outcome}</dd></div><div><dt>Began</dt><dd>${start.toFixed(6)} s, for ${durationText(seconds)}</dd></div>
<div><dt>Client sent</dt><dd>${trafficText(sent.client)}</dd></div><div><dt>Server sent</dt><dd>${trafficText(sent.server)}</dd></div>
<div><dt>Captured</dt><dd>${vantageText(flow)}</dd></div><div><dt>Client is the client because</dt><dd>${roles}</dd></div></dl>
${timersOf(flow)}
${states.length > 0 && lanes(flow, numbered)}
${rows.length > 0 && html`<figure class="chart"><figcaption><h4>Packets that matter</h4><p>Those that open, close, abort or repeat, and those that show a finding. Distances are not to scale.</p></figcaption>${ladder(flow, rows, numbered, `${anchor}-ladder`, { isWhole: true })}${rungs(rows, numbered)}</figure>`}
<div class="tables">${stateTable(flow)}${packetTable(flow)}</div>
${isFolded && drawn !== undefined ? html`<details class="more"><summary>Graphs: sequence numbers, bytes under way, throughput, round trips</summary>${drawn}</details>` : drawn}</section>`;
}

/** What the kernels do by themselves if nothing more comes. */
function timersOf({ timers }: FlowReport): Html | undefined {
  if (timers.length === 0) return undefined;
  return html`<section class="trust"><h4>When nothing more comes</h4><ul>${timers.map(({ side, sentence }) => html`<li>At the ${side}: ${sentence}</li>`)}</ul></section>`;
}

export function findingChip({ number, finding }: Numbered): Html {
  return html`<a class="chip ${finding.severity}" href="#f${number}"><span class="number">${number}</span> ${finding.title}</a>`;
}

function graphs(flow: FlowReport, numbered: readonly Numbered[]): Html | undefined {
  const directions = directionsOf(flow);
  if (flow.graph === undefined) return undefined;
  const x = timeScale(flow.start, flow.start + flow.seconds);
  const [first, ...others] = directions;
  const { points, segments } = flow.graph;
  const kept =
    points.length < segments &&
    html`<p class="hint">An outline of ${countText(segments, 'segment')}: ${countText(points.length, 'of them is', 'of them are')} drawn, among them every one with a mark.</p>`;
  const roundTrips = roundTripGraph(flow, numbered, x);
  if (first === undefined && roundTrips === undefined) return undefined;
  return html`${kept}${first !== undefined && directionGraphs(flow, first, numbered, x)}${roundTrips}${others.map(
    (direction) =>
      html`<details class="more"><summary>The other direction: ${direction.from} to ${direction.to}, ${bytesText(direction.bytes)}</summary>${directionGraphs(flow, direction, numbered, x)}</details>`,
  )}${pointsData(flow)}`;
}

function directionGraphs(flow: FlowReport, direction: Direction, numbered: readonly Numbered[], x: Scale): Html {
  return html`${sequenceGraph(flow, direction, numbered, x)}${closeUp(flow, direction, numbered)}${flightGraph(flow, direction, numbered, x)}${throughputGraph(flow, direction, numbered, x)}`;
}

function trafficText({ segments, bytes, resent }: Traffic): string {
  return `${bytesText(bytes)} in ${countText(segments, 'segment')}${resent > 0 ? `, ${resent} sent again` : ''}`;
}
