import { countBySeverity, type InputFile, type Report, SEVERITIES } from '../../report.js';
import { inputNames } from '../input-names.js';
import { leftOutText } from '../left-out.js';
import { outcomesText } from '../outcomes.js';
import { utc } from '../utc.js';
import { countText, durationText, grouped } from '../wording.js';
import { type Html, html } from './markup.js';

/** First on the page: what was read, what limits trust in it, and what was found. */
export function summary(report: Report): Html {
  const { capture, input, findings, leftOut } = report;
  const counts = countBySeverity(findings);
  const outcomes = outcomesText(capture.outcomes);
  const skipped = Object.entries(capture.skipped);
  return html`<header class="summary" id="summary">
<p class="brand">tcpexplain</p>
<h1>${inputNames(input) || 'No capture'}</h1>
<ul class="counts">${SEVERITIES.map((severity) => html`<li class="${severity}${counts[severity] === 0 && ' none'}"><b>${counts[severity]}</b> ${severity}${counts[severity] !== 1 && 's'}</li>`)}</ul>
<dl class="facts">
<div><dt>Link type</dt><dd>${capture.linkTypes.join(', ') || 'none'}</dd></div>
<div><dt>Began</dt><dd>${capture.start === '' ? 'unknown' : utc(capture.start)}</dd></div>
<div><dt>Span</dt><dd>${durationText(capture.seconds)}</dd></div>
<div><dt>Packets</dt><dd>${grouped(capture.frames)}, ${capture.segments === capture.frames ? 'all of them' : `${grouped(capture.segments)} of them`} TCP${skipped.length > 0 && ` (the others: ${skipped.map(([name, count]) => `${count} ${name}`).join(', ')})`}</dd></div>
<div><dt>Conversations</dt><dd>${grouped(capture.conversations)}${outcomes !== '' && `: ${outcomes}`}</dd></div>
${input.length > 1 && html`<div><dt>Files</dt><dd>${files(input)}</dd></div>`}
</dl>
<section class="trust"><h2>What limits trust</h2>${
    capture.caveats.length === 0
      ? html`<p>Nothing in the capture itself limits what follows.</p>`
      : html`<ul>${capture.caveats.map(({ sentence }) => html`<li>${sentence}</li>`)}</ul>`
  }</section>
${leftOut.length > 0 && html`<p class="hint">Not shown, as asked: ${leftOut.map(leftOutText).join(', ')}.</p>`}</header>`;
}

function files(input: readonly InputFile[]): Html {
  const list = html`<ul class="files">${input.map(({ name, frames }) => html`<li>${name} (${countText(frames, 'packet')})</li>`)}</ul>`;
  return input.length <= FEW_FILES ? list : html`<details><summary>${countText(input.length, 'file')}</summary>${list}</details>`;
}

const FEW_FILES = 4;
