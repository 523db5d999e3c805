import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { follow } from '../../src/follow.js';
import { outcomesOf } from '../../src/vantages/differences.js';
import { LOST } from '../../src/vantages/fates.js';
import { meet } from '../../src/vantages/meeting.js';
import { Recorder } from '../../src/vantages/record.js';
import { type Recorded, recordedUntil } from '../../src/vantages/recorded.js';
import { recordings } from '../recordings.js';
import { inMemory } from './captured.js';

async function bounded(file: string, most: number): Promise<Recorded> {
  const folder = recordings().find(({ name }) => name === 'transfer/limited-by-fixed-receive-buffer')?.folder ?? '';
  const capture = new Capture([inMemory(file, readFileSync(join(folder, file)))]);
  const recorder = new Recorder(most);
  const { firstTime, lastTime } = await follow(capture, {
    noted: (segment, flow, _, verdict) => recorder.noted(segment, flow, verdict),
    over: (flow) => flow.settle(),
  });
  return recorder.recorded(firstTime, lastTime, capture.epoch);
}

test('a capture of which only the first segments find room is compared as far as they go, and nothing behind is called lost', async () => {
  const [client, server] = [await bounded('client.pcap', 10_000), await bounded('server.pcap', 100)];
  expect(server.trace.count).toBe(100);
  expect(server.trace.left).toBeGreaterThan(0);
  expect(recordedUntil(server)).toBeLessThan(server.end);
  const meeting = meet(client, server);
  const outcomes = meeting === undefined ? [] : outcomesOf(meeting).flat();
  expect(outcomes.reduce((sum, { arrived }) => sum + arrived.length, 0)).toBeGreaterThan(90);
  expect(outcomes.flatMap(({ fates }) => [...fates.sent]).filter((fate) => fate === LOST)).toEqual([]);
});
