import type { FlowReport } from '../../report.js';
import { bytesText } from '../wording.js';
import { anchorOf } from './anchor.js';
import { chart, heightScale } from './chart.js';
import { type Direction, merged } from './directions.js';
import { findingMarks, type Numbered } from './finding-marks.js';
import { type Html, html } from './markup.js';
import { area, type Position, steps } from './path.js';
import type { Scale } from './scale.js';

const HEIGHT = 240;
/** A window so many times as large as what is under way is not what limits it. */
const FAR_ABOVE = 2;

/** Bytes under way against the window of the receiver. */
export function flightGraph(flow: FlowReport, direction: Direction, numbered: readonly Numbered[], x: Scale): Html {
  const { from, to } = direction;
  const points = merged(direction);
  const most = Math.max(1, ...points.map(({ flight }) => flight));
  const allowed = Math.max(...points.map(({ room }) => room ?? 0));
  const y = heightScale(0, Math.max(most * 1.1, Math.min(allowed * 1.05, most * FAR_ABOVE)), HEIGHT);
  const rooms = points.filter(({ room }) => room !== null);
  return chart({
    id: `${anchorOf(flow)}-${from}-flight`,
    title: `Bytes under way, ${from} to ${to}`,
    about: `At most ${bytesText(most)} were under way, as the capture saw it; the ${to} allowed up to ${bytesText(allowed)}. Where they meet, the receiver is the limit; else the network, or the sender itself.`,
    height: HEIGHT,
    x,
    y,
    yText: bytesText,
    legend: [
      ['flight', 'under way'],
      ['edge', allowed > y.domain[1] ? 'window (reaches beyond the top)' : 'window'],
    ],
    body: html`<path class="area flight" d="${area(
      points.map(({ at, flight }): Position => [x.of(at), y.of(flight)]),
      y.range[0],
    )}"/><path class="line edge" d="${steps(rooms.map(({ at, room }): Position => [x.of(at), y.of(room ?? 0)]))}"/>`,
    marks: findingMarks(numbered, flow, x, y.range[0]),
    points: { of: anchorOf(flow), kind: 'flight', side: from },
  });
}
