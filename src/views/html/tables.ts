import type { FlowReport } from '../../report.js';
import { type Html, html } from './markup.js';

const MOST = 400;

/** What the lanes show, to be read, searched and copied. */
export function stateTable({ states }: FlowReport): Html | undefined {
  if (states.length === 0) return undefined;
  const inOrder = states.toSorted((a, b) => a.at - b.at);
  return html`<details><summary>States as a table</summary><div class="scroll"><table><thead><tr><th scope="col">Seconds</th><th scope="col">End</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Frame</th><th scope="col">Known</th></tr></thead>
<tbody>${inOrder.map(({ at, side, from, to, frame, basis, timer }) => html`<tr><td class="n">${at.toFixed(6)}</td><td>${side}</td><td>${from}</td><td>${to}</td><td class="n">${frame}</td><td>${basis}${timer && `: ${timer}`}</td></tr>`)}</tbody></table></div></details>`;
}

/** Every noted segment, also those that the ladder folds. */
export function packetTable({ moments }: FlowReport): Html | undefined {
  if (moments.length === 0) return undefined;
  return html`<details><summary>All noted packets as a table</summary><div class="scroll"><table><thead><tr><th scope="col">Seconds</th><th scope="col">Frame</th><th scope="col">From</th><th scope="col">Segment</th><th scope="col">Verdict</th><th scope="col">Wireshark's flags</th><th scope="col">Times</th></tr></thead>
<tbody>${moments.slice(0, MOST).map(({ at, frame, side, segment, verdict, flags, count }) => html`<tr><td class="n">${at.toFixed(6)}</td><td class="n">${frame}</td><td>${side}</td><td><code>${segment}</code></td><td>${verdict === '-' ? '' : verdict}</td><td>${flags.join(', ')}</td><td class="n">${count}</td></tr>`)}</tbody></table></div></details>`;
}
