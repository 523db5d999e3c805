import type { Report } from '../../report.js';
import { type Html, html } from './markup.js';

/** What the hosts behind the conversations look like: kernel functions are only named where that is Linux. */
export function hostsTable({ hosts }: Report): Html | undefined {
  if (hosts.length === 0) return undefined;
  return html`<section id="hosts" aria-labelledby="hosts-title"><h2 id="hosts-title">Hosts</h2><div class="scroll"><table><thead><tr><th scope="col">Address</th><th scope="col">Looks like Linux</th><th scope="col">Kernel</th><th scope="col">Why</th></tr></thead>
<tbody>${hosts.map(({ address, isLinux, kernel, reasons }) => html`<tr><td><code>${address}</code></td><td>${isLinux ? 'yes' : 'no'}</td><td>${kernel ?? ''}</td><td>${reasons.join(', ')}</td></tr>`)}</tbody></table></div></section>`;
}
