import type { Finding, Report } from '../../report.js';
import { durationText } from '../wording.js';
import { chart, heightScale, timeScale, WIDTH } from './chart.js';
import { badge, timesOf } from './finding-marks.js';
import { type Html, html } from './markup.js';
import { type Position, steps } from './path.js';
import { secondsText } from './scale.js';

const ROW = 26;
const MOST = 24;

/** When findings happened, in all conversations: a row each, a stroke for each frame. */
export function findingsInTime({ findings, flows, capture }: Report): Html | undefined {
  const shown = findings
    .slice(0, MOST)
    .map((finding, i) => ({
      finding,
      number: i + 1,
      times: flows.filter(({ stream }) => finding.streams.includes(stream)).flatMap((flow) => timesOf(finding, flow)),
    }))
    .filter(({ times }) => times.length > 0);
  if (shown.length === 0 || capture.seconds === 0) return undefined;
  const x = timeScale(0, capture.seconds);
  const bottom = 8 + shown.length * ROW;
  return html`<figure class="chart" id="when"><figcaption><h3 id="when-title">When it happened</h3><p id="when-about">A row for each ${findings.length > MOST && `of the first ${MOST} of ${findings.length} `}finding${findings.length > MOST && 's'}, a stroke for each segment that shows it.</p></figcaption>
<div class="scroll"><svg viewBox="0 0 ${WIDTH} ${bottom + 40}" role="img" aria-labelledby="when-title" aria-describedby="when-about">
${shown.map(({ finding, number, times }, i) => row(finding, number, times, 8 + i * ROW + ROW / 2, x))}
<g class="ticks">${x.ticks.map((tick) => html`<path d="M${x.of(tick)} ${bottom}v5"/><text x="${x.of(tick)}" y="${bottom + 18}" text-anchor="middle">${secondsText(tick, x.step)}</text>`)}
<text x="${x.range[1]}" y="${bottom + 34}" text-anchor="end">seconds after the first packet</text></g>
<path class="axis" d="M${x.range[0]} ${bottom}H${x.range[1]}"/></svg></div></figure>`;
}

function row(finding: Finding, number: number, times: readonly { frame: number; at: number }[], y: number, x: ReturnType<typeof timeScale>): Html {
  const strokes = times.map(({ at }) => `M${x.of(at)} ${y - 8}v16`).join('');
  return html`<g class="${finding.severity}"><path class="rail" d="M${x.range[0]} ${y}H${x.range[1]}"/><path class="when-stroke" d="${strokes}"/>${badge(number, finding, x.range[0] - 30, y)}</g>`;
}

const HEIGHT = 220;

/** How many ends were in which state, stacked. */
export function statesInTime({ graphs, capture }: Report): Html[] {
  if (graphs === undefined || capture.conversations < 3 || capture.seconds === 0) return [];
  return (['client', 'server'] as const).flatMap((side) => {
    const counts = Object.entries(graphs.states[side]).filter(([, values]) => values.some((count) => count > 0));
    if (counts.length === 0) return [];
    const { at } = graphs.states;
    const x = timeScale(0, capture.seconds);
    const floor = at.map(() => 0);
    const layers = counts.map(([state, values]) => {
      const from = [...floor];
      for (const [i, count] of values.entries()) floor[i] = (floor[i] ?? 0) + count;
      return { state, from, to: [...floor] };
    });
    const y = heightScale(0, Math.max(1, ...floor), HEIGHT);
    return [
      chart({
        id: `states-${side}`,
        title: `States of the ${side}s over time`,
        about: `How many of the connections were in which state at the ${side}s' end, as ss would have counted them there, looked at every ${durationText(capture.seconds / Math.max(1, at.length - 1))}.`,
        height: HEIGHT,
        x,
        y,
        yText: (value) => (Number.isInteger(value) ? String(value) : ''),
        legend: counts.map(([state]) => [`s-${state}`, state]),
        body: html`${layers.map(({ state, from, to }) => html`<path class="layer s-${state}" d="${band(at, from, to, x.of, y.of)}"><title>${state}</title></path>`)}`,
      }),
      countTable(side, at, counts),
    ];
  });
}

/** What the graph shows, to be read, searched and copied: a row wherever a count has changed. */
function countTable(side: string, at: readonly number[], counts: readonly (readonly [string, readonly number[]])[]): Html {
  const rows = at
    .map((time, i) => ({ time, row: counts.map(([, values]) => values[i] ?? 0) }))
    .filter(({ row }, i, all) => i === 0 || row.join() !== all[i - 1]?.row.join());
  return html`<details><summary>States of the ${side}s as a table</summary><div class="scroll"><table><thead><tr><th scope="col" class="n">Seconds</th>${counts.map(([state]) => html`<th scope="col" class="n">${state}</th>`)}</tr></thead>
<tbody>${rows.map(({ time, row }) => html`<tr><td class="n">${time.toFixed(3)}</td>${row.map((count) => html`<td class="n">${count}</td>`)}</tr>`)}</tbody></table></div></details>`;
}

/** Counts change in steps. */
function band(
  at: readonly number[],
  from: readonly number[],
  to: readonly number[],
  x: (at: number) => number,
  y: (count: number) => number,
): string {
  const upper = steps(at.map((time, i): Position => [x(time), y(to[i] ?? 0)]));
  const lower = at.map((time, i) => `${i === at.length - 1 ? '' : `H${x(at[i + 1] ?? time)}`}V${y(from[i] ?? 0)}`).reverse();
  return `${upper}${lower.join('')}H${x(at[0] ?? 0)}Z`;
}
