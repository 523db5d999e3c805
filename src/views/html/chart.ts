import { type Hole, type Html, html } from './markup.js';
import { linear, type Scale, secondsText } from './scale.js';

export const WIDTH = 980;
const LEFT = 76;
const RIGHT = 20;
const TOP = 30;
const BOTTOM = 38;

export interface Chart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, in a sentence: for everybody, and for those who do not see it. */
  readonly about: Hole;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
  yText(value: number): string;
  readonly legend: readonly (readonly [className: string, label: string])[];
  readonly body: Html;
  /** Above the plot: where findings are. */
  readonly marks?: Html;
  /** Which points the script shows under the pointer, and what of them is drawn here. */
  readonly points?: { readonly of: string; readonly kind: string; readonly side?: string };
}

/** Time, from left to right. Seconds after the capture's start. */
export function timeScale(from: number, to: number): Scale {
  return linear([from, to > from ? to : from + 1e-3], [LEFT, WIDTH - RIGHT], 8);
}

/** Something that grows upward. */
export function heightScale(from: number, to: number, height: number): Scale {
  return linear([from, to], [height - BOTTOM, TOP], Math.max(3, Math.round(height / 60)));
}

export function chart({ id, title, about, height, x, y, yText, legend, body, marks, points }: Chart): Html {
  const [left, right] = x.range;
  const [bottom, top] = y.range;
  const attributes =
    points === undefined
      ? ''
      : html` tabindex="0" data-points="${points.of}" data-kind="${points.kind}" data-side="${points.side ?? ''}" data-x="${[...x.domain, ...x.range].join(' ')}" data-y="${[...y.domain, ...y.range].join(' ')}"`;
  return html`<figure class="chart" id="${id}">
<figcaption><h4 id="${id}-title">${title}</h4><p id="${id}-about">${about}</p>${legendOf(legend)}</figcaption>
<div class="scroll"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-about"${attributes}>
<clipPath id="${id}-clip"><rect x="${left}" y="${top - 4}" width="${right - left}" height="${bottom - top + 6}"/></clipPath>
<g class="grid">${y.ticks.map((tick) => html`<path d="M${left} ${y.of(tick)}H${right}"/>`)}</g>
<g class="ticks">${y.ticks.map((tick) => html`<text x="${left - 8}" y="${y.of(tick) + 4}" text-anchor="end">${yText(tick)}</text>`)}
${x.ticks.map((tick) => html`<path d="M${x.of(tick)} ${bottom}v5"/><text x="${x.of(tick)}" y="${bottom + 18}" text-anchor="middle">${secondsText(tick, x.step)}</text>`)}
<text x="${right}" y="${bottom + 34}" text-anchor="end">seconds after the first packet</text></g>
<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>
<g clip-path="url(#${id}-clip)">${body}</g>
${marks}
</svg></div></figure>`;
}

export function legendOf(legend: readonly (readonly [string, string])[]): Html | undefined {
  if (legend.length === 0) return undefined;
  return html`<ul class="legend">${legend.map(([className, label]) => html`<li><i class="swatch ${className}"></i>${label}</li>`)}</ul>`;
}
