import type { PathEvent, PathReport } from '../../report.js';
import { type Html, html } from './markup.js';

const MOST_EVENTS = 200;

/** What became of the segments between two captures. */
export function pathSection({ from, to, sentences, events, eventsOmitted }: PathReport): Html {
  const more = eventsOmitted + Math.max(0, events.length - MOST_EVENTS);
  const title = `${from.capture} to ${to.capture}`;
  return html`<section class="conversation" aria-label="${title}"><h3>Between the captures: ${title}</h3>
<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
${
  events.length > 0 &&
  html`<details><summary>Segment by segment</summary><div class="scroll"><table><thead><tr><th scope="col">Seconds</th><th scope="col">What</th><th scope="col">Direction</th><th scope="col">Segment</th><th scope="col">Frame in ${from.capture}</th><th scope="col">Frame in ${to.capture}</th><th scope="col">Took</th></tr></thead>
<tbody>${events.slice(0, MOST_EVENTS).map(row)}</tbody></table></div>${more > 0 && html`<p class="hint">${more} more in the JSON report.</p>`}</details>`
}</section>`;
}

function row({ at, kind, direction, segment, from, to, delay }: PathEvent): Html {
  const took = delay === null ? '' : `${(delay * 1e3).toFixed(1)} ms`;
  return html`<tr><td class="n">${at.toFixed(6)}</td><td>${kind}</td><td>${direction}</td><td>${segment}</td><td class="n">${from?.frame ?? ''}</td><td class="n">${to?.frame ?? ''}</td><td class="n">${took}</td></tr>`;
}
