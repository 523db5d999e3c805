import type { FlowReport } from '../../report.js';
import { anchorOf } from './anchor.js';
import type { Numbered } from './finding-marks.js';
import { type Html, html } from './markup.js';

const MOST = 40;

/** What is on the page, beside it where there is room. */
export function navigation(numbered: readonly Numbered[], flows: readonly FlowReport[]): Html {
  return html`<nav aria-label="On this page"><p class="brand"><a href="#summary">tcpexplain</a></p>
${
  numbered.length > 0 &&
  html`<p class="nav-head"><a href="#findings">Findings</a></p><ol>${numbered.slice(0, MOST).map(({ number, finding }) => html`<li><a href="#f${number}" class="${finding.severity}"><span class="number">${number}</span><span>${finding.title}</span></a></li>`)}${more(numbered.length, 'findings')}</ol>`
}${
  flows.length > 0 &&
  html`<p class="nav-head"><a href="#conversations">Conversations</a></p><ul>${flows.slice(0, MOST).map((flow) => html`<li><a href="#${anchorOf(flow)}"><span class="number plain">${flow.stream}</span><span>${flow.client}, ${flow.outcome}${flow.capture !== undefined && `, in ${flow.capture}`}</span></a></li>`)}${more(flows.length, 'conversations')}</ul>`
}</nav>`;
}

function more(count: number, id: string): Html | false {
  return count > MOST && html`<li><a href="#${id}">and ${count - MOST} more</a></li>`;
}
