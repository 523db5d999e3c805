import { beforeAll, describe, expect, test } from 'vitest';
import type { FlowReport, GraphPoint, Report } from '../../src/report.js';
import { pageOf, reportOf } from './reports.js';

/** Lost segments, repaired after SACKs, in a conversation of one direction. */
const LOSSES = 'transfer/two-percent-lost/client.pcap';

let report: Report;
let page: string;
let flow: FlowReport;
let points: readonly GraphPoint[];
beforeAll(async () => {
  report = await reportOf(LOSSES);
  page = pageOf(report);
  [flow] = report.flows as [FlowReport];
  points = flow.graph?.points ?? [];
});

/** A figure of the page, from its id to its end. */
function figure(id: string, of = page): string {
  const start = of.indexOf(`id="${id}"`);
  expect(start, id).toBeGreaterThan(0);
  return of.slice(start, of.indexOf('</figure>', start));
}

/** The path of a class in a figure, as the values that its heights stand for. */
function heightsOf(drawn: string, className: string): number[] {
  const [y0 = 0, y1 = 0, bottom = 0, top = 0] = (/data-y="([^"]+)"/.exec(drawn)?.[1] ?? '').split(' ').map(Number);
  const path = new RegExp(`class="[^"]*\\b${className}" d="([^"]*)"`).exec(drawn)?.[1] ?? '';
  return [...path.matchAll(/(?:M[-\d.]+ |V)([-\d.]+)/g)].map(([, y]) => y0 + ((bottom - Number(y)) / (bottom - top)) * (y1 - y0));
}

/** A pixel of a graph stands for so much. */
function pixelOf(drawn: string): number {
  const [y0 = 0, y1 = 0, bottom = 0, top = 0] = (/data-y="([^"]+)"/.exec(drawn)?.[1] ?? '').split(' ').map(Number);
  return (y1 - y0) / (bottom - top);
}

describe('the time-sequence graph', () => {
  const drawn = (): string => figure('c0-client-sequence');
  const sent = (): GraphPoint[] => points.filter(({ side, length }) => side === 'client' && length > 0);
  const answers = (): GraphPoint[] => points.filter(({ side, ack }) => side === 'server' && ack !== null);

  test('has each segment that was sent again, in the colour of its reason, which the legend names', () => {
    const expected = sent().filter(({ verdict }) => verdict.startsWith('resent'));
    const marked = [...drawn().matchAll(/<g class="mark-(\w+)" data-frame="(\d+)">/g)].map(([, mark, frame]) => `${mark} ${frame}`);
    expect(expected.length).toBeGreaterThan(10);
    expect(marked).toEqual(expected.map(({ frame }) => `fast ${frame}`));
    expect(drawn()).toContain('<i class="swatch mark-fast"></i>sent again because SACKs or duplicate ACKs asked');
  });

  test('reaches from the first byte that was sent to the last', () => {
    const heights = heightsOf(drawn(), 'data');
    expect(Math.min(...heights)).toBeCloseTo(Math.min(...sent().map(({ seq }) => seq)), -Math.log10(pixelOf(drawn())) - 1);
    expect(Math.abs(Math.max(...heights) - Math.max(...sent().map(({ seq, length }) => seq + length)))).toBeLessThan(pixelOf(drawn()));
  });

  test('has the line of what was acknowledged, which only rises, up to the last byte', () => {
    const heights = heightsOf(drawn(), 'ack');
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect(Math.abs((heights.at(-1) ?? 0) - Math.max(...answers().map(({ ack }) => ack ?? 0)))).toBeLessThan(pixelOf(drawn()));
  });

  test('has the edge of the window', () => {
    const [first] = answers();
    expect(Math.abs((heightsOf(drawn(), 'edge')[0] ?? 0) - (first?.edge ?? 0))).toBeLessThan(pixelOf(drawn()));
  });

  test('has the blocks that SACKs report, from their left edge to their right', () => {
    const blocks = answers().flatMap(({ sack }) => sack);
    expect(blocks.length).toBeGreaterThan(50);
    const heights = heightsOf(drawn(), 'sack');
    const reaches = (value: number): boolean => heights.some((height) => Math.abs(height - value) <= pixelOf(drawn()));
    expect(blocks.filter((block) => !block.every(reaches))).toEqual([]);
  });
});

test('bytes under way reach the most that was, and the window is drawn beside them', () => {
  const drawn = figure('c0-client-flight');
  const most = Math.max(...points.map(({ flight }) => flight));
  expect(Math.abs(Math.max(...heightsOf(drawn, 'flight')) - most)).toBeLessThan(pixelOf(drawn));
  const rooms = points.flatMap(({ room }) => (room === null ? [] : [room]));
  const [first = 0] = heightsOf(drawn, 'edge');
  expect(Math.min(...rooms.map((room) => Math.abs(room - first)))).toBeLessThan(pixelOf(drawn));
});

test('each round trip that the capture shows is a dot', () => {
  const drawn = figure('c0-round-trips');
  for (const [side, className] of [
    ['server', 'server'],
    ['client', 'client'],
  ] as const) {
    const expected = points.filter((point) => point.side === side && point.roundTrip !== null).map(({ roundTrip }) => roundTrip ?? 0);
    const heights = heightsOf(drawn, `dots ${className}`);
    expect(heights.length).toBeGreaterThan(0);
    expect(Math.abs(Math.max(...heights) - Math.max(...expected))).toBeLessThan(pixelOf(drawn));
  }
});

/** What lies under a line of steps, by the numbers at the axes: heights of `unit` times seconds. */
function areaUnder(drawn: string, className: string, unit: string): number {
  const numbered = (pattern: RegExp): [place: number, value: number][] =>
    [...drawn.matchAll(pattern)].map(([, place, value]) => [Number(place), Number(value)]);
  const [[x0, t0] = [0, 0], [x1, t1] = [1, 1]] = numbered(/<text x="([\d.]+)" y="[\d.]+" text-anchor="middle">([\d.]+)</g);
  const heights = numbered(new RegExp(`y="([\\d.]+)" text-anchor="end">([\\d.]+) ${unit}<`, 'g'));
  const [zero = 0] = [...drawn.matchAll(/y="([\d.]+)" text-anchor="end">0 bit\/s</g)].map(([, y]) => Number(y));
  const [[y1, v1] = [1, 1]] = heights;
  let [area, x, y] = [0, 0, 0];
  for (const [, step = '', to = '', more = ''] of (new RegExp(`class="line ${className}" d="([^"]*)"`).exec(drawn)?.[1] ?? '').matchAll(
    /([MHV])([-\d.]+)(?: ([-\d.]+))?/g,
  )) {
    if (step === 'M') [x, y] = [Number(to), Number(more)];
    else if (step === 'V') y = Number(to);
    else {
      area += (((Number(to) - x) * (t1 - t0)) / (x1 - x0)) * (((zero - 4 - y) * v1) / (zero - y1));
      x = Number(to);
    }
  }
  return area;
}

test('throughput comes to all the payload that was sent', () => {
  const megabits = (Math.max(...points.filter(({ side }) => side === 'client').map(({ carried }) => carried)) * 8) / 1e6;
  expect(megabits).toBeGreaterThan(4);
  expect(areaUnder(figure('c0-client-throughput'), 'sending', 'Mbit/s') / megabits).toBeCloseTo(1, 1);
});

test('the lanes name the states of either end in their order, and what is inferred is set apart', async () => {
  const stalled = await reportOf('closing/fin-wait1-stalls-behind-zero-window/client.pcap');
  const drawn = figure('c0-lanes', pageOf(stalled));
  const [client = '', server = ''] = drawn.split('<tspan class="strong">server</tspan>');
  const named = (part: string): string[] =>
    [...part.matchAll(/<g class="state s-(\w+)( guessed)?"/g)].map(([, state, guess = '']) => `${state}${guess}`);
  expect(named(client)).toEqual(['SYN_SENT', 'ESTABLISHED', 'FIN_WAIT1 guessed', 'CLOSED guessed']);
  expect(named(server)).toEqual(['SYN_RECV', 'ESTABLISHED', 'CLOSED']);
  for (const number of [1, 2, 3]) expect(drawn).toContain(`<a href="#f${number}" class="badge`);
});

test('the diagram of a conversation marks the packets of each finding with its number', () => {
  const [drawn = ''] = figure('c0-ladder').split('</svg>');
  const rows = [...drawn.matchAll(/data-copy="frame\.number eq (\d+)">([\s\S]*?)(?=<g class="(?:rung|fold)|$)/g)];
  const marked = rows.filter(([, , row = '']) => row.includes('href="#f1"')).map(([, frame]) => Number(frame));
  expect(marked.length).toBeGreaterThan(2);
  expect(report.findings[0]?.frames).toEqual(expect.arrayContaining(marked));
});

test('across conversations each frame of a finding is a stroke', () => {
  const strokes = /class="when-stroke" d="([^"]*)"/.exec(figure('when'))?.[1] ?? '';
  expect(strokes.match(/M/g)).toHaveLength(report.findings[0]?.frames.length ?? 0);
});

test('where timestamps matter each SYN of an address is a dot, of those never answered in another colour', async () => {
  const behindNat = await reportOf('handshake/syns-ignored-because-tw-recycle-behind-nat/server.pcap');
  const [clock] = behindNat.graphs?.clocks ?? [];
  const drawn = figure('clock-0', pageOf(behindNat));
  const answered = clock?.syns.filter(({ isAnswered }) => isAnswered).length;
  expect(answered).toBe(4);
  expect(drawn.match(/<g class="answered">/g)).toHaveLength(4);
  expect(drawn.match(/<g class="ignored">/g)).toHaveLength((clock?.syns.length ?? 0) - 4);
  expect(drawn.match(/<g class="remembered">/g)).toHaveLength(clock?.remembered.length ?? 0);
});
