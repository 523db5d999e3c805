import type { FlowReport, GraphPoint } from '../../report.js';
import { bytesText, grouped } from '../wording.js';
import { anchorOf } from './anchor.js';
import { chart, heightScale, timeScale } from './chart.js';
import type { Direction } from './directions.js';
import { findingMarks, type Numbered } from './finding-marks.js';
import { type Html, html } from './markup.js';
import { bars, dots, type Position, steps } from './path.js';
import type { Scale } from './scale.js';
import { MARKS, markOf } from './verdicts.js';

const HEIGHT = 420;
/** A window that reaches farther than this part of the data would leave nothing to see of it. */
const HEADROOM = 1.25;
/** A close-up shows at most this part of the whole. */
const WORTH_A_CLOSE_UP = 3;
/** So many marks are elements of their own, which tell about themselves without a script. */
const MOST_TOLD = 300;

/** What was sent when, what was acknowledged, and what the receiver allowed: the graph that tcptrace made known. */
export function sequenceGraph(flow: FlowReport, direction: Direction, numbered: readonly Numbered[], x: Scale): Html {
  const { from, to } = direction;
  return plot(flow, direction, numbered, x, {
    id: `${anchorOf(flow)}-${from}-sequence`,
    title: `Time and sequence, ${from} to ${to}`,
    about: `What the ${from} sent (upright strokes), what the ${to} has acknowledged (the line below) and how far it allows (the line above). Between the lines lies what is under way.`,
  });
}

/** The same, of the first time that something was sent again: where the whole graph is too coarse to show how it was repaired. */
export function closeUp(flow: FlowReport, direction: Direction, numbered: readonly Numbered[]): Html | undefined {
  const span = spanOfTrouble(direction);
  if (span === undefined || (span[1] - span[0]) * WORTH_A_CLOSE_UP > flow.seconds) return undefined;
  const within = ({ at }: GraphPoint): boolean => at >= span[0] && at <= span[1];
  const part = { ...direction, sent: direction.sent.filter(within), answers: direction.answers.filter(within) };
  if (part.sent.length < 2 || part.answers.length < 2) return undefined;
  return plot(flow, part, numbered, timeScale(...span), {
    id: `${anchorOf(flow)}-${direction.from}-close-up`,
    title: `Close-up of the first repair, ${direction.from} to ${direction.to}`,
    about: `The same graph from ${span[0].toFixed(3)} s to ${span[1].toFixed(3)} s, when something was first sent again.`,
  });
}

/** From a little before the first segment sent again to a little after what it repaired was acknowledged. Seconds. */
function spanOfTrouble({ sent, answers }: Direction): [number, number] | undefined {
  const first = sent.find(({ verdict }) => verdict.startsWith('resent'));
  if (first === undefined) return undefined;
  const end = first.seq + first.length;
  const lost = sent.find(({ seq, length, at }) => at < first.at && seq + length >= end);
  const highest = Math.max(end, ...sent.filter(({ at }) => at < first.at).map(({ seq, length }) => seq + length));
  const repaired = answers.find(({ at, ack }) => at > first.at && (ack ?? 0) >= highest);
  const from = lost?.at ?? first.at;
  const to = repaired?.at ?? first.at + (first.at - from);
  const margin = Math.max((to - from) * 0.15, 1e-4);
  return [Math.max(0, from - margin), to + margin];
}

interface Named {
  readonly id: string;
  readonly title: string;
  readonly about: string;
}

function plot(flow: FlowReport, { from, sent, answers }: Direction, numbered: readonly Numbered[], x: Scale, named: Named): Html {
  const last = Math.max(...sent.map(({ seq, length }) => seq + length));
  const first = Math.min(...sent.map(({ seq }) => seq), ...answers.map(({ ack }) => ack ?? 0));
  const edge = Math.max(last, ...answers.map((point) => point.edge ?? 0));
  const y = heightScale(first, first + Math.max(1, Math.min(edge - first, (last - first) * HEADROOM)), HEIGHT);
  const strange = sent.filter((point) => markOf(point) !== undefined);
  const used = MARKS.filter(({ name }) => [...strange, ...answers].some((point) => markOf(point) === name));
  const closed = answers.filter((point) => markOf(point) === 'zero-window');
  const blocks = answers.flatMap(({ at, sack }) => sack.map(([left, right]) => [x.of(at), y.of(left), y.of(right)] as const));
  return chart({
    ...named,
    height: HEIGHT,
    x,
    y,
    yText: bytesText,
    legend: [
      ['data', 'sent'],
      ['ack', 'acknowledged'],
      ['edge', edge - first > (last - first) * HEADROOM ? 'window edge (reaches beyond the top)' : 'window edge'],
      ...(blocks.length > 0 ? [['sack', 'SACK blocks'] as const] : []),
      ...used.map(({ name, label }) => [`mark-${name}`, label] as const),
    ],
    body: html`<path class="line edge" d="${steps(answers.map(({ at, edge: top }): Position => [x.of(at), y.of(top ?? 0)]))}"/>
<path class="stroke sack" d="${bars(blocks)}"/>
<path class="stroke data" d="${bars(sent.filter((point) => markOf(point) === undefined).map((point) => extent(point, x, y)))}"/>
<path class="line ack" d="${steps(highest(answers).map(({ at, ack }): Position => [x.of(at), y.of(ack ?? 0)]))}"/>
${strange.length + closed.length <= MOST_TOLD ? [...strange, ...closed].map((point) => told(point, x, y)) : used.map(({ name }) => together(name, [...strange, ...closed], x, y))}`,
    marks: findingMarks(numbered, flow, x, y.range[0]),
    points: { of: anchorOf(flow), kind: 'sequence', side: from },
  });
}

function extent({ at, seq, length }: GraphPoint, x: Scale, y: Scale): readonly [number, number, number] {
  return [x.of(at), y.of(seq), y.of(seq + length)];
}

/** Acknowledgments that say something new; later ones that arrive earlier would draw a line back. */
function highest(answers: readonly GraphPoint[]): GraphPoint[] {
  let top = Number.NEGATIVE_INFINITY;
  return answers.filter(({ ack }) => {
    const isNew = (ack ?? 0) >= top;
    if (isNew) top = ack ?? 0;
    return isNew;
  });
}

function told(point: GraphPoint, x: Scale, y: Scale): Html {
  const { frame, at, seq, length, verdict, observed } = point;
  const words = [verdict === '-' ? '' : verdict, ...observed].filter(Boolean).join(', ');
  return html`<g class="mark-${markOf(point)}" data-frame="${frame}"><title>Frame ${frame}, ${at.toFixed(6)} s: ${grouped(seq)} to ${grouped(seq + length)}, ${words}</title>${shape(point, x, y)}</g>`;
}

function together(name: string, points: readonly GraphPoint[], x: Scale, y: Scale): Html {
  const path = dots(points.filter((point) => markOf(point) === name).map((point) => middle(point, x, y)));
  return html`<path class="dots mark-${name}" d="${path}"/>`;
}

function shape(point: GraphPoint, x: Scale, y: Scale): Html {
  const [at, from, to] = extent(point, x, y);
  const stroke = markOf(point) === 'zero-window' ? '' : `M${at} ${from}V${Math.min(to, from - 2)}`;
  return html`<path class="stroke" d="${stroke}"/><path class="diamond" d="${diamond(...middle(point, x, y))}"/>`;
}

function middle(point: GraphPoint, x: Scale, y: Scale): Position {
  if (markOf(point) === 'zero-window') return [x.of(point.at), y.of(point.edge ?? 0)];
  return [x.of(point.at), Math.round(y.of(point.seq + point.length / 2))];
}

function diamond(x: number, y: number): string {
  return `M${x} ${Math.round((y - 5) * 10) / 10}l4 5l-4 5l-4-5z`;
}
