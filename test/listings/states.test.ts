import { expect, test } from 'vitest';
import { listStates, type StateRow } from '../../src/listings/states.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';
import { closedByClient } from './closed-by-client.js';

const rowsOf = async (transcript: string, maxFlows?: number): Promise<StateRow[]> => [
  ...(await listStates(captureOf(capture(transcript).file), maxFlows === undefined ? {} : { maxFlows })),
];

test('TIME_WAIT ends after 60 s where the capture lasts as long, and goes on where it does not', async () => {
  const ended = (await rowsOf(closedByClient(100, 1))).filter(({ from }) => from === 'TIME_WAIT').map(({ stream }) => stream);
  expect(ended).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

test('a conversation that has ended and made room for others leaves its states as if it had kept its place', async () => {
  const transcript = closedByClient(400, 0.5);
  const all = await rowsOf(transcript);
  expect(all.filter(({ to }) => to === 'TIME_WAIT')).toHaveLength(400);
  expect(all.filter(({ from }) => from === 'TIME_WAIT').length).toBeGreaterThan(200);
  expect(await rowsOf(transcript, 8)).toEqual(all);
});

test('of one that was given up in the midst nothing is told that came later', async () => {
  const syns = Array.from(
    { length: 100 },
    (_, i) =>
      `${(i * 1.5).toFixed(3)} ${i}> S 1000:1000(0) win 64240 <mss 1460>\n${(i * 1.5 + 1).toFixed(3)} ${i}> S 1000:1000(0) win 64240 <mss 1460>`,
  );
  const given = async (maxFlows?: number): Promise<string[]> =>
    (await rowsOf(syns.join('\n'), maxFlows)).filter(({ stream }) => stream === 3).map(({ to }) => to);
  expect(await given()).toEqual(['SYN_SENT', 'CLOSED']);
  expect(await given(4)).toEqual(['SYN_SENT']);
});
