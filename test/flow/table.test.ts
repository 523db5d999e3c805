import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { Capture } from '../../src/capture/capture.js';
import { chunkSource } from '../../src/capture/source.js';
import type { Flow } from '../../src/flow/flow.js';
import { follow } from '../../src/follow.js';
import type { Report } from '../../src/report.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

/** So many attempts that are refused at once, each on a port of its own. */
function refusals(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const at = (i / 1000).toFixed(3);
    return `${at} ${i}> S 1000:1000(0) win 64240\n${at} ${i}< R. 0:0(0) ack 1001 win 0`;
  });
}

/** The flows in the order in which they were over, and how many frames had been read by then. */
async function followed(transcript: string): Promise<{ flows: Flow[]; early: number }> {
  const { file } = capture(transcript);
  const flows: Flow[] = [];
  let early = 0;
  const half = Buffer.from(file.subarray(0, file.length - 200));
  const rest = Buffer.from(file.subarray(file.length - 200));
  const chunks = async function* (): AsyncGenerator<Buffer> {
    yield half;
    early = flows.length;
    yield rest;
  };
  await follow(new Capture([async () => chunkSource('test', chunks())]), { over: (flow) => flows.push(flow) });
  return { flows, early };
}

test('of the conversations that have ended only the last ten thousand stay in memory', async () => {
  const { flows, early } = await followed(refusals(20_500).join('\n'));
  expect(early).toBeGreaterThanOrEqual(10_000);
  expect(flows.slice(0, 10_000).map(({ stream }) => stream)).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  expect(flows).toHaveLength(20_500);
});

test('what comes late for an ended conversation still belongs to it, not to a new one', async () => {
  const { flows } = await followed(`${refusals(9_000).join('\n')}\n99.000 3< R. 0:0(0) ack 1001 win 0`);
  expect(flows).toHaveLength(9_000);
  expect(flows.find(({ stream }) => stream === 3)?.lastFrame).toBe(18_001);
});

describe('where there is room for eight conversations', () => {
  const talking = Array.from({ length: 9 }, (_, i) => [
    `${(i / 100).toFixed(3)} ${i}> S 1000:1000(0) win 64240`,
    `${(i / 100 + 0.001).toFixed(3)} ${i}< S. 2000:2000(0) ack 1001 win 64240`,
    `${(i / 100 + 0.002).toFixed(3)} ${i}> . 1001:1001(0) ack 2001 win 500`,
  ]).flat();

  async function bounded(...lines: readonly string[]): Promise<Report> {
    return await analyze(captureOf(capture([...talking, ...lines].join('\n')).file), { maxFlows: 8, all: true });
  }

  test('the ninth displaces the first, of which no more is told than what happened until then', async () => {
    const { capture: summary, flows } = await bounded();
    expect(summary.outcomes).toEqual({ 'given up to make room': 1, 'still open': 8 });
    expect(flows.find(({ stream }) => stream === 0)?.outcome).toBe('given up to make room');
    expect(summary.caveats.map(({ sentence }) => sentence)).toContain(
      '1 conversation given up to stay within the bounds that --max-flows and --max-memory set.',
    );
  });

  test('what comes later of one that was given up displaces no other, and is no conversation of its own', async () => {
    const { capture: summary } = await bounded('1.000 0> P. 1001:1101(100) ack 2001 win 500', '1.001 0< . 2001:2001(0) ack 1101 win 500');
    expect(summary.conversations).toBe(9);
    expect(summary.caveats.map(({ sentence }) => sentence)).toContain(
      '1 conversation given up and 2 packets of conversations without room left out to stay within the bounds that --max-flows and --max-memory set.',
    );
  });

  test('a ninth is followed from its middle on when another has ended', async () => {
    const { capture: summary } = await bounded(
      '1.000 4> R. 1001:1001(0) ack 2001 win 0',
      '2.000 0> P. 1001:1101(100) ack 2001 win 500',
      '2.001 0< . 2001:2001(0) ack 1101 win 500',
    );
    expect(summary.outcomes).toMatchObject({ reset: 1, 'begun before the capture, still open': 1, 'still open': 7 });
  });

  test('one that waited for a second when it was given up was never answered', async () => {
    const late = Array.from({ length: 9 }, (_, i) => `${(i / 100).toFixed(3)} ${i}> S 1000:1000(0) win 64240`);
    const { capture: summary } = await analyze(captureOf(capture([...late, '30.000 9> S 1000:1000(0) win 64240'].join('\n')).file), { maxFlows: 8 });
    expect(summary.outcomes).toEqual({ 'given up to make room': 7, 'never answered': 3 });
  });
});
