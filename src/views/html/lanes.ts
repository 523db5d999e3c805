import type { FlowReport, StateChange } from '../../report.js';
import { basisText } from '../timers.js';
import { durationText } from '../wording.js';
import { anchorOf } from './anchor.js';
import { WIDTH } from './chart.js';
import { badge, type Numbered, timesOf } from './finding-marks.js';
import { type Html, html } from './markup.js';

const LANE = 30;
const TOPS = { client: 42, server: 104 } as const;
const FLOOR = 138;
const HEIGHT = 178;
const LEFT = 8;
const RIGHT = WIDTH - 8;
/** Room for the states at the end, which last on. */
const TAIL = 76;
const END = RIGHT - TAIL;
/** Narrower than this no time is written under it. */
const TIME_ROOM = 66;

/** The states of both ends over time. Widths grow with time, but slower, so that a handshake and an hour fit one picture. */
export function lanes(flow: FlowReport, numbered: readonly Numbered[]): Html {
  const id = `${anchorOf(flow)}-lanes`;
  const begin = Math.min(flow.start, ...flow.states.map(({ at }) => at));
  const end = Math.max(flow.start + flow.seconds, ...flow.states.map(({ at }) => at));
  const times = [...new Set([begin, ...flow.states.map(({ at }) => at), end])].sort((a, b) => a - b);
  const place = warped(times);
  return html`<figure class="chart lanes" id="${id}">
<figcaption><h4 id="${id}-title">States of both ends</h4><p id="${id}-about">From left to right in the order of time; widths are not to scale. What no segment shows is dashed: it is inferred from what came later, or a timer must have fired. The clock: ${flow.clock}.</p></figcaption>
<div class="scroll"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-about">
${(['client', 'server'] as const).map((side) => lane(flow, side, begin, place))}
<g class="ticks">${ticks(times, place)}<text x="${RIGHT}" y="${HEIGHT - 2}" text-anchor="end">seconds after the first packet</text></g>
${badges(flow, numbered, place)}
</svg></div></figure>`;
}

function lane(flow: FlowReport, side: 'client' | 'server', begin: number, place: (at: number) => number): Html {
  const changes = flow.states.filter((change) => change.side === side).sort((a, b) => a.at - b.at);
  const top = TOPS[side];
  const label = html`<text class="lane-name" x="${LEFT}" y="${top - 8}"><tspan class="strong">${side}</tspan> ${flow[side]}${changes.length === 0 ? ': never heard' : ''}</text>`;
  if (changes.length === 0)
    return html`${label}<rect class="nothing" x="${place(begin)}" y="${top}" width="${RIGHT - place(begin)}" height="${LANE}"/>`;
  return html`${label}${changes.map((change, i) => stateBox(change, changes[i + 1]?.at, top, place))}`;
}

function stateBox(change: StateChange, until: number | undefined, top: number, place: (at: number) => number): Html {
  const { to, at, frame, basis } = change;
  const x = place(at);
  const width = Math.max(3, Math.round(((until === undefined ? RIGHT : place(until)) - x - 1) * 10) / 10);
  const how = basis === 'seen' ? `frame ${frame}` : `${basisText(change)}, frame ${frame}`;
  const room = Math.floor((width - 8) / 7.2);
  const name = to.length <= room ? to : (SHORT[to] ?? to).length <= room ? (SHORT[to] ?? '') : '';
  return html`<g class="state s-${to}${basis === 'seen' ? '' : ' guessed'}"><title>${to} from ${at.toFixed(6)} s${until !== undefined && `, for ${durationText(until - at)}`} (${how})</title><rect x="${x}" y="${top}" width="${width}" height="${LANE}" rx="3"/>${name === '' ? '' : html`<text x="${x + 6}" y="${top + 20}">${name}</text>`}</g>`;
}

const SHORT: Readonly<Record<string, string>> = {
  ESTABLISHED: 'ESTAB',
  SYN_SENT: 'SYN-S',
  SYN_RECV: 'SYN-R',
  FIN_WAIT1: 'FW1',
  FIN_WAIT2: 'FW2',
  CLOSE_WAIT: 'CL-W',
  LAST_ACK: 'LAST',
  TIME_WAIT: 'TIME-W',
};

/** A place for each time: every span between two changes gets some room, and more the longer it is. */
function warped(times: readonly number[]): (at: number) => number {
  const spans = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const weights = spans.map((span) => Math.log10(1 + span / 1e-4));
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
  const least = Math.min(44, (END - LEFT) / (2 * Math.max(spans.length, 1)));
  const rest = END - LEFT - least * spans.length;
  const places = [LEFT];
  for (const [i, weight] of weights.entries()) places.push((places[i] ?? LEFT) + least + (rest * weight) / sum);
  return (at) => {
    const i = Math.max(
      0,
      times.findLastIndex((time) => time <= at),
    );
    const [from, to] = [times[i] ?? 0, times[i + 1]];
    const start = places[i] ?? LEFT;
    if (to === undefined) return Math.round(start * 10) / 10;
    return Math.round((start + ((at - from) / (to - from)) * ((places[i + 1] ?? start) - start)) * 10) / 10;
  };
}

function ticks(times: readonly number[], place: (at: number) => number): Html[] {
  let free = Number.NEGATIVE_INFINITY;
  const decimals = [3, 4, 5].find((count) => new Set(times.map((time) => time.toFixed(count))).size === times.length) ?? 6;
  return times.map((time, i) => {
    const x = place(time);
    const isLast = i === times.length - 1;
    const fits = x >= free && (isLast || END - x > TIME_ROOM);
    if (fits) free = x + TIME_ROOM;
    const anchor = x < TIME_ROOM / 2 ? 'start' : 'middle';
    return html`<path d="M${x} ${FLOOR}v5"/>${fits && html`<text x="${x}" y="${FLOOR + 17}" text-anchor="${anchor}">${time.toFixed(decimals)}</text>`}`;
  });
}

function badges(flow: FlowReport, numbered: readonly Numbered[], place: (at: number) => number): Html[] {
  let free = Number.NEGATIVE_INFINITY;
  return numbered
    .map((one) => ({ ...one, at: timesOf(one.finding, flow)[0]?.at }))
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .flatMap(({ number, finding, at }) => {
      if (at === undefined) return [];
      const x = Math.min(RIGHT - 10, Math.max(place(at), free, LEFT + 10));
      free = x + 20;
      return [html`<path class="when ${finding.severity}" d="M${place(at)} 20V${FLOOR}"/>${badge(number, finding, x, 10)}`];
    });
}
