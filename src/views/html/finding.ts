import { explain } from '../../explain.js';
import type { Finding, FlowReport, ReportedSuspect } from '../../report.js';
import { causeLabel } from '../cause-label.js';
import { filledIn } from '../commands.js';
import { packetsOf } from '../packets.js';
import { placeText } from '../place.js';
import { countText } from '../wording.js';
import { anchorOf } from './anchor.js';
import { copyable } from './copyable.js';
import type { Numbered } from './finding-marks.js';
import { ladder } from './ladder.js';
import { type Html, html } from './markup.js';
import { rungs } from './rungs.js';

const MOST_ROWS = 14;
const MOST_FRAMES = 16;

/** A finding as a card: what was found, the segments that show it, why it probably is so, and what to do. */
export function findingCard({ number, finding }: Numbered, flow: FlowReport | undefined): Html {
  const { title, severity, subject, side, sentence, pattern, ruledOut } = finding;
  return html`<article class="card ${severity}" id="f${number}" aria-labelledby="f${number}-title">
<header><span class="severity">${severity}</span><h3 id="f${number}-title"><a href="#f${number}"><span class="number">${number}</span> ${title}</a></h3>
<p class="subject">${subject}${side !== null && `, at the ${side}`} <span class="id">${pattern}</span></p></header>
<p class="sentence">${sentence}</p>
<p class="filters"><span class="label">Filter</span> ${copyable(finding.filter, 'filter')}</p>${framesOf(finding)}
${flow !== undefined && proof(number, finding, flow)}${flow !== undefined && disagreementsOf(finding, flow)}
${suspectsOf(finding, flow)}${ruledOut.length > 0 && ruledOutList(ruledOut)}
</article>`;
}

/** A finding that is only listed; its anchor works all the same. */
export function findingLine({ number, finding }: Numbered): Html {
  const cause = finding.suspects[0]?.cause;
  return html`<li id="f${number}" class="${finding.severity}"><span class="severity">${finding.severity}</span> ${finding.title}; ${finding.subject}${cause !== undefined && html` (<code>${cause}</code>)`} <code>${finding.filter}</code></li>`;
}

function framesOf(finding: Finding): Html | undefined {
  const frames = finding.frames.toSorted((a, b) => a - b);
  if (frames.length === 0) return undefined;
  const filter = frames.length === 1 ? `frame.number eq ${frames[0]}` : `frame.number in {${frames.slice(0, MOST_FRAMES).join(', ')}}`;
  const more = frames.length > MOST_FRAMES && html` <span class="hint">and ${frames.length - MOST_FRAMES} more</span>`;
  return html`<p class="filters"><span class="label">${frames.length === 1 ? 'Frame' : 'Frames'}</span> ${copyable(filter, 'filter for the frames')}${more}</p>`;
}

function proof(number: number, finding: Finding, flow: FlowReport): Html {
  const rows = packetsOf(flow.moments, new Set(finding.frames), MOST_ROWS);
  const link = html`<p class="onward"><a href="#${anchorOf(flow)}">Conversation ${flow.stream}: states, packets and graphs</a></p>`;
  if (rows.length === 0) return link;
  return html`<details class="proof" open><summary>The packets that show it${finding.streams.length > 1 && `, in conversation ${flow.stream}`}</summary>${ladder(flow, rows, [], `f${number}-ladder`, { isWhole: false })}${rungs(rows)}</details>${link}`;
}

/** Where not to believe Wireshark about the segments of a finding. */
function disagreementsOf({ frames }: Finding, { disagreements }: FlowReport): Html | undefined {
  const told = disagreements.listed.filter(({ frame }) => frames.includes(frame));
  if (told.length === 0) return undefined;
  return html`<details><summary>Where Wireshark says otherwise: ${countText(told.length, 'segment')}</summary><ul>${told.map(
    ({ frame, sentence }) => html`<li>Frame ${frame}: ${sentence}</li>`,
  )}</ul></details>`;
}

function suspectsOf(finding: Finding, flow: FlowReport | undefined): Html {
  const [first, ...others] = finding.suspects;
  if (first === undefined) return html`<p class="cause none">No cause of the kernel is known for this.</p>`;
  const { cause, title, certainty, where, because, against, facts } = first;
  return html`<section class="cause"><h4>${causeLabel(certainty)}</h4>
<p class="what"><strong>${title}</strong> <span class="where">${placeText(where)}</span></p>
<p class="name"><code>${cause}</code> ${sureness(certainty)}</p>
<ul class="reasons">${facts.map((fact) => html`<li class="for"><b>Saved on the host:</b> ${fact}</li>`)}${because.map((reason) => html`<li class="for">${reason}</li>`)}${against.map((reason) => html`<li class="against"><b>Against it:</b> ${reason}</li>`)}</ul>
${advice(first, (run) => filledIn(run, finding, flow))}
${others.length > 0 && othersOf(others)}</section>`;
}

/** What was saved on the hosts strikes out. */
function ruledOutList(ruledOut: Finding['ruledOut']): Html {
  return html`<section class="ruled-out"><h4>Ruled out</h4><ul class="reasons">${ruledOut.map(
    ({ cause, title, by }) => html`<li class="against"><b>${title}</b> <code>${cause}</code>, by ${by.join('; ')}</li>`,
  )}</ul></section>`;
}

const STEPS = { possible: 1, likely: 2, certain: 3, confirmed: 4 } as const;

function sureness(certainty: ReportedSuspect['certainty']): Html {
  const step = STEPS[certainty];
  return html`<span class="sureness ${certainty}"><span class="meter" aria-hidden="true">${[1, 2, 3].map((one) => html`<i${one <= step && html` class="full"`}></i>`)}</span>${certainty}</span>`;
}

/** How to confirm, what to change, what to leave alone: from the catalogue. Of a host that is no Linux no function and no sysctl is named. */
function advice({ cause, isLinux }: ReportedSuspect, fill: (run: string) => string): Html {
  const entry = explain(cause);
  if (entry?.kind !== 'cause') return html``;
  if (isLinux === false) return html`<p class="hint">That host does not look like Linux: what its kernel would be asked and told is left out.</p>`;
  const { confirm, remedy, avoid = [], mechanism, sysctls = [], counters = [], sources } = entry.cause;
  const names = [...sysctls, ...counters];
  return html`<div class="advice">
<section class="confirm"><h5>To confirm</h5><ol>${confirm.map(({ run, expect }) => html`<li>${copyable(fill(run), 'command')}<p>${expect}</p></li>`)}</ol></section>
<section class="change"><h5>To change, best first</h5><ol>${remedy.map((step) => html`<li>${step}</li>`)}</ol></section>
${avoid.length > 0 && html`<section class="avoid"><h5>To leave alone</h5><ul>${avoid.map((step) => html`<li>${step}</li>`)}</ul></section>`}
</div>
<details class="mechanism"><summary>How it happens</summary><p>${mechanism}</p>${names.length > 0 && html`<p>${names.map((name) => html`<code>${name}</code> `)}</p>`}<p class="sources">${sources.join(' · ')}</p></details>`;
}

function othersOf(others: readonly ReportedSuspect[]): Html {
  return html`<details class="others"><summary>${others.length === 1 ? 'Another suspect' : `${others.length} other suspects`}</summary><ul>${others.map(
    ({ cause, title, certainty, because, against }) =>
      html`<li><p><strong>${title}</strong> <code>${cause}</code> ${sureness(certainty)}</p><ul class="reasons">${because.map((reason) => html`<li class="for">${reason}</li>`)}${against.map((reason) => html`<li class="against"><b>Against it:</b> ${reason}</li>`)}</ul></li>`,
  )}</ul></details>`;
}
