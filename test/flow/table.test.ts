import { expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { chunkSource } from '../../src/capture/source.js';
import type { Flow } from '../../src/flow/flow.js';
import { follow } from '../../src/follow.js';
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
  const { flows } = await followed(`${refusals(12_000).join('\n')}\n99.000 3< R. 0:0(0) ack 1001 win 0`);
  expect(flows).toHaveLength(12_000);
  expect(flows.find(({ stream }) => stream === 3)?.lastFrame).toBe(24_001);
});
