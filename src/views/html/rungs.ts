import type { ReportedMoment } from '../../report.js';
import type { Row } from '../packets.js';
import type { Numbered } from './finding-marks.js';
import { foldText, remarkOf } from './ladder.js';
import { type Html, html } from './markup.js';
import { markOf } from './verdicts.js';

/** What a ladder draws, in words: for those who do not see it, and where a screen is too narrow for it. */
export function rungs(rows: readonly Row[], numbered: readonly Numbered[] = []): Html {
  return html`<ol class="rungs">${rows.map((row) => ('moment' in row ? rung(row.moment, numbered) : html`<li class="fold">${foldText(row)}</li>`))}</ol>`;
}

function rung(moment: ReportedMoment, numbered: readonly Numbered[]): Html {
  const { at, frame, side, segment, verdict, flags } = moment;
  const mark = markOf({ verdict, observed: flags });
  const way = side === 'client' ? 'client to server' : 'server to client';
  const remark = remarkOf(moment);
  const shows = numbered.filter(({ finding }) => finding.frames.includes(frame));
  return html`<li${mark !== undefined && html` class="mark-${mark}"`}>${at.toFixed(6)} s, frame ${frame}, ${way}: <code>${segment}</code>${remark !== '' && html` <b>${remark}</b>`}${shows.map(({ number }) => html` <a href="#f${number}">finding ${number}</a>`)}</li>`;
}
