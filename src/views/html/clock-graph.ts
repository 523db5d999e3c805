import type { ClockGraph, StampPoint } from '../../report.js';
import { grouped } from '../wording.js';
import { chart, heightScale, timeScale } from './chart.js';
import { type Html, html } from './markup.js';

const HEIGHT = 260;

/** The timestamps of one address against time: several machines behind it show as several lines. */
export function clockGraph({ client, server, syns, remembered }: ClockGraph, number: number, seconds: number): Html | undefined {
  const first = syns[0]?.tsval ?? 0;
  const ticks = ({ tsval }: StampPoint): number => (tsval - first) | 0;
  const all = [...syns, ...remembered].map(ticks);
  if (all.length < 2 || seconds === 0) return undefined;
  const margin = Math.max(1, (Math.max(...all) - Math.min(...all)) * 0.06);
  const x = timeScale(0, seconds);
  const y = heightScale(Math.min(...all) - margin, Math.max(...all) + margin, HEIGHT);
  const dot = (className: string, radius: number, stamp: StampPoint): Html => {
    const { stream, frame, at, tsval } = stamp;
    return html`<g class="${className}"><title>${frame === null ? '' : `Frame ${frame}, `}conversation ${stream}, ${at.toFixed(6)} s: TSval ${tsval}</title><circle cx="${x.of(at)}" cy="${y.of(ticks(stamp))}" r="${radius}"/></g>`;
  };
  return chart({
    id: `clock-${number}`,
    title: `Timestamps of ${client} to ${server}`,
    about:
      'TSval of each SYN against time, in ticks after that of the first SYN. A clock is a line that rises; a kernel that compares timestamps per address ignores a SYN that lies below one it remembers.',
    height: HEIGHT,
    x,
    y,
    yText: grouped,
    legend: [
      ['answered', 'SYN, answered'],
      ['ignored', 'SYN, never answered'],
      ['remembered', 'last timestamp of a connection that the server closed first'],
    ],
    body: html`${remembered.map((stamp) => dot('remembered', 8, stamp))}${syns.map((syn) => dot(syn.isAnswered ? 'answered' : 'ignored', 4, syn))}`,
  });
}
