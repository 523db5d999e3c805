import type { FlowReport, ReportedMoment, StateChange } from '../../report.js';
import { basisText, waitText } from '../timers.js';
import { countText } from '../wording.js';
import { type Html, html } from './markup.js';

const MOST = 400;

/** What the lanes show, to be read, searched and copied. */
export function stateTable({ states }: FlowReport): Html | undefined {
  if (states.length === 0) return undefined;
  const inOrder = states.toSorted((a, b) => a.at - b.at);
  return html`<details><summary>States as a table</summary><div class="scroll"><table><thead><tr><th scope="col">Seconds</th><th scope="col">End</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Frame</th><th scope="col">Known</th></tr></thead>
<tbody>${inOrder.map((change) => stateRow(change))}</tbody></table></div></details>`;
}

function stateRow(change: StateChange): Html {
  const { at, side, from, to, frame } = change;
  return html`<tr><td class="n">${at.toFixed(6)}</td><td>${side}</td><td>${from}</td><td>${to}</td><td class="n">${frame}</td><td>${basisText(change)}</td></tr>`;
}

/** Every noted segment, also those that the ladder folds. */
export function packetTable({ moments }: FlowReport): Html | undefined {
  if (moments.length === 0) return undefined;
  return html`<details><summary>All noted packets as a table</summary><div class="scroll"><table><thead><tr><th scope="col">Seconds</th><th scope="col">Frame</th><th scope="col">From</th><th scope="col">Segment</th><th scope="col">Verdict</th><th scope="col">Timer</th><th scope="col">Wireshark's flags</th><th scope="col">Times</th></tr></thead>
<tbody>${moments.slice(0, MOST).map((moment) => packetRow(moment))}</tbody></table></div>${moments.length > MOST && html`<p class="hint">And ${countText(moments.length - MOST, 'other')}: all of them are in -F json.</p>`}</details>`;
}

function packetRow(moment: ReportedMoment): Html {
  const { at, frame, side, segment, verdict, flags, count } = moment;
  return html`<tr><td class="n">${at.toFixed(6)}</td><td class="n">${frame}</td><td>${side}</td><td><code>${segment}</code></td><td>${verdict === '-' ? '' : verdict}</td><td>${waitText(moment)}</td><td>${flags.join(', ')}</td><td class="n">${count}</td></tr>`;
}
