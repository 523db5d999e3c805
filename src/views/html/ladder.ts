import type { FlowReport, ReportedMoment, StateChange } from '../../report.js';
import type { Row } from '../packets.js';
import { basisText, waitText } from '../timers.js';
import { countText, durationText } from '../wording.js';
import { badge, type Numbered } from './finding-marks.js';
import { type Html, html } from './markup.js';
import { markOf } from './verdicts.js';

export const LADDER_WIDTH = 900;
const TIME = 82;
const GAP = 148;
const FRAME = 200;
const BADGES = 222;
const CLIENT = 352;
const SERVER = 790;
const ROW = 38;
/** Room for the name of a state. */
const LABEL = 13;
const HEAD = 34;
/** An arrow sinks a little: what is sent arrives later. */
const SINK = 7;
/** Characters of the notation that fit between the two ends. */
const ROOM = 62;

type Fold = Extract<Row, { folded: number }>;

/** The segments between the two ends as a sequence diagram, with the states that they brought about; with those of the end if it `isWhole`. */
export function ladder(flow: FlowReport, rows: readonly Row[], numbered: readonly Numbered[], id: string, { isWhole }: { isWhole: boolean }): Html {
  const last = Math.max(...rows.map((row) => ('moment' in row ? row.moment.at : 0)));
  const states = flow.states.filter(({ at, frame }) => isWhole || at <= last || rows.some((row) => 'moment' in row && row.moment.frame === frame));
  const yOf = (i: number): number => HEAD + i * ROW + 16;
  const trailing = (['client', 'server'] as const).map((side) => states.filter((change) => change.side === side && change.at > last).length);
  const height = HEAD + rows.length * ROW + 14 + Math.max(0, ...trailing) * LABEL;
  return html`<div class="scroll"><svg class="ladder" id="${id}" viewBox="0 0 ${LADDER_WIDTH} ${height}" role="img" aria-label="Sequence diagram: ${spoken(flow, rows)}; the same as a list follows.">
<g class="head"><text x="${TIME}" y="14" text-anchor="end">seconds</text><text x="${GAP}" y="14" text-anchor="end">later</text><text x="${FRAME}" y="14" text-anchor="end">frame</text>
<text class="strong" x="${CLIENT}" y="14" text-anchor="middle">client ${flow.client}</text><text class="strong" x="${SERVER}" y="14" text-anchor="middle">server ${flow.server}</text></g>
${lifeline('client', states, rows, yOf, height)}${lifeline('server', states, rows, yOf, height)}
${rows.map((row, i) => ('moment' in row ? rung(row.moment, before(rows, i), yOf(i), numbered) : fold(row, yOf(i))))}
</svg></div>`;
}

function rung(moment: ReportedMoment, previous: ReportedMoment | undefined, y: number, numbered: readonly Numbered[]): Html {
  const { at, frame, side, segment, verdict, flags } = moment;
  const isClient = side === 'client';
  const [from, to] = isClient ? [CLIENT + 7, SERVER - 7] : [SERVER - 7, CLIENT + 7];
  const tip = isClient ? -9 : 9;
  const mark = markOf({ verdict, observed: flags });
  const later = previous === undefined ? '' : `+${durationText(at - previous.at)}`;
  const mine = numbered.filter(({ finding }) => finding.frames.includes(frame));
  const isReset = /^[^ ]*R/.test(segment);
  const wait = waitText(moment);
  const remark = remarkOf(moment);
  return html`<g class="rung${mark === undefined ? '' : ` mark-${mark}`}${isReset ? ' reset' : ''}" data-copy="frame.number eq ${frame}"><title>Frame ${frame}: ${segment}. ${wait !== '' && `${wait}. `}Filter: frame.number eq ${frame}</title>
<rect class="row" x="0" y="${y - 18}" width="${LADDER_WIDTH}" height="${ROW}"/>
<text class="time" x="${TIME}" y="${y}" text-anchor="end">${timeText(at)}</text><text class="later" x="${GAP}" y="${y}" text-anchor="end">${later}</text><text class="frame" x="${FRAME}" y="${y}" text-anchor="end">${frame}</text>
${mine.slice(0, 3).map(({ number, finding }, i) => badge(number, finding, BADGES + i * 20, y - 4))}
<path class="arrow" d="M${from} ${y}L${to} ${y + SINK}"/><path class="tip" d="M${to} ${y + SINK}l${tip} -5l0 9z"/>
<text class="segment" x="${(CLIENT + SERVER) / 2}" y="${y - 3}" text-anchor="middle">${clipped(segment)}</text>
${remark !== '' && html`<text class="remark" x="${(CLIENT + SERVER) / 2}" y="${y + 17}" text-anchor="middle">${remark}</text>`}</g>`;
}

/** What makes a segment one of these: our verdict, Wireshark's flags, how often. */
export function remarkOf({ verdict, flags, count }: ReportedMoment): string {
  return [verdict === '-' ? '' : verdict, ...flags, count > 1 ? `${count} times` : ''].filter(Boolean).join(', ');
}

export function foldText({ folded, alike }: Fold): string {
  return alike ? `${folded} more like these` : countText(folded, 'more noted segment');
}

/** Seconds, with fewer decimals after the first hours: they have no more room. */
function timeText(at: number): string {
  return at.toFixed(Math.max(0, 6 - Math.max(0, Math.floor(Math.log10(Math.max(Math.abs(at), 1))) - 3)));
}

function fold(row: Fold, y: number): Html {
  return html`<g class="fold"><path d="M${CLIENT - 12} ${y - 4}H${SERVER + 12}"/><text x="${(CLIENT + SERVER) / 2}" y="${y}" text-anchor="middle"><tspan>${foldText(row)}</tspan></text></g>`;
}

/** The life of one end from top to bottom, coloured by its state. */
function lifeline(side: 'client' | 'server', states: readonly StateChange[], rows: readonly Row[], yOf: (i: number) => number, height: number): Html {
  const x = side === 'client' ? CLIENT : SERVER;
  const changes = states.filter((change) => change.side === side).sort((a, b) => a.at - b.at);
  const end = yOf(rows.length - 1);
  let above = Number.NEGATIVE_INFINITY;
  const tops = changes.map((change) => {
    const top = heightOf(change, rows, yOf);
    above = top > end ? Math.max(top, above + LABEL) : top; // what comes after the last segment stands in a row
    return above;
  });
  return html`<path class="life" d="M${x} ${HEAD - 10}V${height}"/>${changes.map((change, i) => {
    const top = tops[i] ?? HEAD;
    const bottom = tops[i + 1] ?? height;
    const isCramped = bottom - top < LABEL && i < changes.length - 1;
    return html`<g class="state s-${change.to}${change.basis === 'seen' ? '' : ' guessed'}"><title>${side}: ${change.to} at ${change.at.toFixed(6)} s (${basisText(change)})</title><rect x="${x - 4}" y="${top}" width="8" height="${Math.max(2, bottom - top)}"/>${
      !isCramped &&
      html`<text class="life-state" x="${side === 'client' ? x - 12 : x + 12}" y="${top + 10}" text-anchor="${side === 'client' ? 'end' : 'start'}">${change.to}</text>`
    }</g>`;
  })}`;
}

/** Where a change of state belongs: at the segment that shows it, else before the first that came later. */
function heightOf(change: StateChange, rows: readonly Row[], yOf: (i: number) => number): number {
  const shown = rows.findIndex((row) => 'moment' in row && row.moment.frame === change.frame);
  if (shown >= 0 && change.basis === 'seen') {
    const row = rows[shown];
    const isOwn = row !== undefined && 'moment' in row && row.moment.side === change.side;
    return yOf(shown) + (isOwn ? 0 : SINK);
  }
  const later = rows.findIndex((row) => 'moment' in row && row.moment.at > change.at);
  return yOf(later < 0 ? rows.length - 1 : later) + (later < 0 ? 12 : -20);
}

function before(rows: readonly Row[], i: number): ReportedMoment | undefined {
  const row = rows.slice(0, i).findLast((one) => 'moment' in one);
  return row !== undefined && 'moment' in row ? row.moment : undefined;
}

function clipped(segment: string): string {
  return segment.length <= ROOM ? segment : `${segment.slice(0, ROOM - 1)}…`;
}

/** For those who cannot see it. */
function spoken(flow: FlowReport, rows: readonly Row[]): string {
  const shown = rows.filter((row) => 'moment' in row).length;
  return `${countText(shown, 'segment')} between client ${flow.client} and server ${flow.server}`;
}
