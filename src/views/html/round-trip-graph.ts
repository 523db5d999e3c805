import type { FlowReport, GraphPoint } from '../../report.js';
import { durationText } from '../wording.js';
import { anchorOf } from './anchor.js';
import { chart, heightScale } from './chart.js';
import { findingMarks, type Numbered } from './finding-marks.js';
import { type Html, html } from './markup.js';
import { dots, type Position } from './path.js';
import type { Scale } from './scale.js';

const HEIGHT = 220;
const FEWEST = 3;

/** How long each end took to acknowledge, seen from the point of capture. */
export function roundTripGraph(flow: FlowReport, numbered: readonly Numbered[], x: Scale): Html | undefined {
  const samples = (flow.graph?.points ?? []).filter(({ roundTrip }) => roundTrip !== null);
  if (samples.length < FEWEST) return undefined;
  const y = heightScale(0, Math.max(1e-6, ...samples.map(({ roundTrip }) => roundTrip ?? 0)) * 1.08, HEIGHT);
  const of = (side: string): GraphPoint[] => samples.filter((sample) => sample.side === side);
  const path = (side: string): string => dots(of(side).map(({ at, roundTrip }): Position => [x.of(at), y.of(roundTrip ?? 0)]));
  return chart({
    id: `${anchorOf(flow)}-round-trips`,
    title: 'Round trips, as far as this capture sees them',
    about: html`From a segment to the first acknowledgment of it. ${said('client', of('client'))} ${said('server', of('server'))} The two together are the whole round trip.`,
    height: HEIGHT,
    x,
    y,
    yText: durationText,
    legend: [
      ['server', 'to the server and back'],
      ['client', 'to the client and back'],
    ],
    body: html`<path class="dots server" d="${path('server')}"/><path class="dots client" d="${path('client')}"/>`,
    marks: findingMarks(numbered, flow, x, y.range[0]),
    points: { of: anchorOf(flow), kind: 'round-trip' },
  });
}

function said(side: string, samples: readonly GraphPoint[]): string {
  if (samples.length === 0) return '';
  const spans = samples.map(({ roundTrip }) => roundTrip ?? 0);
  const [least, most] = [Math.min(...spans), Math.max(...spans)].map(durationText);
  return `To the ${side} and back: ${least}${least === most ? '' : ` to ${most}`}.`;
}
