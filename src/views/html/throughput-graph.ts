import type { FlowReport, GraphPoint } from '../../report.js';
import { rateText } from '../wording.js';
import { anchorOf } from './anchor.js';
import { chart, heightScale } from './chart.js';
import type { Direction } from './directions.js';
import { findingMarks, type Numbered } from './finding-marks.js';
import { type Html, html } from './markup.js';
import { area, type Position, steps } from './path.js';
import type { Scale } from './scale.js';

const HEIGHT = 220;
const BUCKETS = 96;

/** Payload per second: what was sent, and what was acknowledged for the first time. */
export function throughputGraph(flow: FlowReport, { from, to, sent, answers, bytes }: Direction, numbered: readonly Numbered[], x: Scale): Html {
  const [start, end] = x.domain;
  const width = (end - start) / BUCKETS;
  const sending = rates(sent, ({ carried }) => carried, start, width);
  const arriving = rates(answers, ({ ack }) => Math.max(0, (ack ?? 1) - 1), start, width);
  const y = heightScale(0, Math.max(1, ...sending, ...arriving) * 1.08, HEIGHT);
  const positions = (values: readonly number[]): Position[] => [
    ...values.map((value, i): Position => [x.of(start + i * width), y.of(value)]),
    [x.of(end), y.of(values.at(-1) ?? 0)],
  ];
  return chart({
    id: `${anchorOf(flow)}-${from}-throughput`,
    title: `Throughput, ${from} to ${to}`,
    about: `Payload per second, in steps of ${((width * 1e3) | 0) > 0 ? `${Math.round(width * 1e3)} ms` : `${Math.round(width * 1e6)} µs`}: over the whole conversation ${rateText((bytes * 8) / Math.max(end - start, 1e-9))} were sent. Sent without being acknowledged means loss, or still under way.`,
    height: HEIGHT,
    x,
    y,
    yText: rateText,
    legend: [
      ['arriving', 'acknowledged'],
      ['sending', 'sent'],
    ],
    body: html`<path class="area arriving" d="${area(positions(arriving), y.range[0])}"/><path class="line sending" d="${steps(positions(sending))}"/>`,
    marks: findingMarks(numbered, flow, x, y.range[0]),
  });
}

/** Bits per second in each bucket, from a number of bytes that only grows. */
function rates(points: readonly GraphPoint[], total: (point: GraphPoint) => number, start: number, width: number): number[] {
  const totals = new Array<number>(BUCKETS).fill(0);
  for (const point of points) {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor((point.at - start) / width)));
    totals[bucket] = Math.max(totals[bucket] ?? 0, total(point));
  }
  let before = 0;
  return totals.map((bytes) => {
    const rate = (Math.max(0, bytes - before) * 8) / width;
    before = Math.max(before, bytes);
    return rate;
  });
}
