import type { FlowReport, GraphPoint } from '../../report.js';
import { anchorOf } from './anchor.js';
import { data, type Html, html } from './markup.js';

/**
 * The points of a conversation for the page's script, in columns; `at` in microseconds, it, `frame`, `seq` and `ack` as differences from
 * the point before. It only tells about what is drawn already.
 */
export function pointsData(flow: FlowReport): Html | undefined {
  const { graph } = flow;
  if (graph === undefined || graph.points.length === 0) return undefined;
  const { points } = graph;
  const words: string[] = [];
  const numbers = new Map<string, number>();
  const wordOf = (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, words.length);
    return words.push(text) - 1;
  };
  const columns = {
    at: differences(points.map(({ at }) => Math.round(at * 1e6))),
    frame: differences(points.map(({ frame }) => frame)),
    side: points.map(({ side }) => (side === 'client' ? 0 : 1)),
    seq: differences(points.map(({ seq }) => seq)),
    length: points.map(({ length }) => length),
    ack: differences(points.map(({ ack }) => ack ?? 0)),
    flight: points.map(({ flight }) => flight),
    room: points.map(({ room }) => room ?? -1),
    roundTrip: points.map(({ roundTrip }) => (roundTrip === null ? -1 : Math.round(roundTrip * 1e6))),
    word: points.map((point) => wordOf(wordsOf(point))),
  };
  return html`<script type="application/json" id="points-${anchorOf(flow)}">${data({ words, ...columns })}</script>`;
}

function wordsOf({ flags, verdict, observed }: GraphPoint): string {
  return [flags, [verdict === '-' ? '' : verdict, ...observed].filter(Boolean).join(', ')].join('|');
}

function differences(values: readonly number[]): number[] {
  return values.map((value, i) => value - (values[i - 1] ?? 0));
}
