import { type FlowReport, flowOf, type Report } from '../report.js';
import { healthText } from './healthy.js';
import { anchorOf } from './html/anchor.js';
import { clockGraph } from './html/clock-graph.js';
import { conversation } from './html/conversation.js';
import { findingCard, findingLine } from './html/finding.js';
import { hostsTable } from './html/hosts.js';
import { type Html, html as markup } from './html/markup.js';
import { navigation } from './html/navigation.js';
import { findingsInTime, statesInTime } from './html/overview.js';
import { pageEnd, pageHead } from './html/page.js';
import { pathSection } from './html/paths.js';
import { summary } from './html/summary.js';
import { inputNames } from './input-names.js';
import type { View } from './view.js';
import { countText } from './wording.js';

/** So many findings get a card, and so many conversations a section; the others are listed. */
const MOST_CARDS = 60;
const MOST_CONVERSATIONS = 48;
/** Of so many conversations the graphs are open from the beginning. */
const MOST_UNFOLDED = 6;

/** The report as one page that needs nothing else: no network, no script. First the summary, then findings, then conversations. */
export const html: View = function* (report) {
  for (const part of parts(report)) yield part.text;
};

function* parts(report: Report): Generator<Html> {
  const { findings, flows, input } = report;
  const numbered = findings.map((finding, i) => ({ number: i + 1, finding }));
  const shown = flows.slice(0, MOST_CONVERSATIONS);
  yield pageHead(`${inputNames(input)} – tcpexplain`);
  yield markup`<div class="page">${navigation(numbered, shown)}<main id="content" tabindex="-1">`;
  yield summary(report);
  yield across(report);
  for (const path of report.paths ?? []) yield pathSection(path);
  yield markup`<section aria-labelledby="findings"><h2 id="findings">Findings</h2>`;
  const health = healthText(findings.length, report.leftOut);
  if (health !== undefined) yield markup`<p class="nothing-found">${health}${flows.length === 0 && ' With --all each of them is drawn.'}</p>`;
  else if (findings.length === 0) yield markup`<p class="nothing-found">None of what was asked for.</p>`;
  for (const one of numbered.slice(0, MOST_CARDS)) yield findingCard(one, flowOf(report, one.finding));
  if (numbered.length > MOST_CARDS) yield markup`<h3>Also found</h3><ul class="lines">${numbered.slice(MOST_CARDS).map(findingLine)}</ul>`;
  yield markup`</section>`;
  if (shown.length > 0) yield markup`<section aria-labelledby="conversations"><h2 id="conversations">Conversations</h2>`;
  for (const [i, flow] of shown.entries()) yield conversation(flow, findings, { isFolded: i >= MOST_UNFOLDED });
  if (flows.length > shown.length) yield rest(flows.slice(shown.length));
  if (shown.length > 0) yield markup`</section>`;
  const hosts = hostsTable(report);
  if (hosts !== undefined) yield hosts;
  yield markup`<footer><p>Made by tcpexplain ${report.tool.version}. Times are seconds after the first packet, frames and streams are numbered as in Wireshark, sequence numbers are relative. The page loads nothing and sends nothing.</p></footer></main></div>`;
  yield pageEnd();
}

function across(report: Report): Html {
  const clocks = (report.graphs?.clocks ?? []).map((clock, i) => clockGraph(clock, i, report.capture.seconds));
  const refused = report.graphs?.refused ?? 0;
  return markup`<section class="across" aria-label="Across all conversations">${findingsInTime(report)}${statesInTime(report)}${clocks}${
    refused > 0 && markup`<p class="hint">${refused} segments are missing in the graphs of single conversations: there were too many to keep all.</p>`
  }</section>`;
}

/** Conversations without a section of their own; their anchors work all the same. */
function rest(flows: readonly FlowReport[]): Html {
  return markup`<details class="conversation"><summary>${countText(flows.length, 'other conversation')}</summary><div class="scroll"><table><thead><tr><th scope="col">Stream</th><th scope="col">Client</th><th scope="col">Server</th><th scope="col">Outcome</th></tr></thead>
<tbody>${flows.map((flow) => markup`<tr id="${anchorOf(flow)}"><td class="n">${flow.stream}</td><td>${flow.client}</td><td>${flow.server}</td><td>${flow.outcome}</td></tr>`)}</tbody></table></div></details>`;
}
