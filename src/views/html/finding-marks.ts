import type { Finding, FlowReport } from '../../report.js';
import { type Html, html } from './markup.js';
import type { Scale } from './scale.js';

/** A finding with its number on the page, which is its anchor: `#f1` is the first. */
export interface Numbered {
  readonly number: number;
  readonly finding: Finding;
}

/** The findings of a conversation. */
export function findingsOf(flow: FlowReport, findings: readonly Finding[]): Numbered[] {
  const isOf = ({ streams, captures }: Finding): boolean => streams.includes(flow.stream) && captures?.[0] === flow.capture;
  return findings.flatMap((finding, i) => (isOf(finding) ? [{ number: i + 1, finding }] : []));
}

/** When the frames of a finding were captured, as far as this conversation knows them. Seconds. */
export function timesOf({ frames }: Finding, flow: FlowReport): { frame: number; at: number }[] {
  const times = new Map<number, number>();
  for (const { frame, at } of flow.graph?.points ?? []) times.set(frame, at);
  for (const { frame, at } of flow.moments) times.set(frame, at);
  return frames.flatMap((frame) => {
    const at = times.get(frame);
    return at === undefined ? [] : [{ frame, at }];
  });
}

const BADGE = 20;
/** More lines than this through the plot would hide it: then they are strokes above it. */
const MOST_LINES = 10;

/** A line through the plot for each frame of each finding, and its number at the first. */
export function findingMarks(numbered: readonly Numbered[], flow: FlowReport, x: Scale, bottom: number): Html {
  let free = Number.NEGATIVE_INFINITY;
  const placed = numbered
    .map(({ number, finding }) => ({ number, finding, times: timesOf(finding, flow).filter(({ at }) => at >= x.domain[0] && at <= x.domain[1]) }))
    .filter(({ times }) => times.length > 0)
    .sort((a, b) => (a.times[0]?.at ?? 0) - (b.times[0]?.at ?? 0))
    .map((one) => {
      const at = Math.min(Math.max(x.of(one.times[0]?.at ?? 0), free), x.range[1]);
      free = at + BADGE;
      return { ...one, at };
    });
  return html`<g class="findings">${placed.map(
    ({ number, finding, times, at }) => html`<g class="${finding.severity}">
${
  times.length <= MOST_LINES
    ? times.map(({ frame, at: time }) => html`<path class="when" data-frame="${frame}" d="M${x.of(time)} 22V${bottom}"/>`)
    : html`<path class="when-stroke" d="${times.map(({ at: time }) => `M${x.of(time)} 22v7`).join('')}"/>`
}
${badge(number, finding, at, 12)}</g>`,
  )}</g>`;
}

/** The number of a finding in a circle: a link to its card. */
export function badge(number: number, { title, severity }: Finding, x: number, y: number): Html {
  return html`<a href="#f${number}" class="badge ${severity}"><title>Finding ${number}: ${title}</title><circle cx="${x}" cy="${y}" r="9"/><text x="${x}" y="${y + 4}" text-anchor="middle">${number}</text></a>`;
}
