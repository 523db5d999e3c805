import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { chunkSource } from '../../src/capture/source.js';
import { follow } from '../../src/follow.js';
import { Gathering } from '../../src/reporting/gathering.js';
import { capture } from '../transcript.js';

const PLAIN = (i: number): string => `
  ${i}.000 ${i}> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  ${i}.010 ${i}< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  ${i}.010 ${i}> .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 110 ecr 900>
  ${i}.011 ${i}> P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 111 ecr 900>
  ${i}.021 ${i}< .  5001:5001(0) ack 1101 win 509   <nop,nop,TS val 911 ecr 111>
  ${i}.022 ${i}> F. 1101:1101(0) ack 5001 win 502   <nop,nop,TS val 122 ecr 911>
  ${i}.032 ${i}< F. 5001:5001(0) ack 1102 win 509   <nop,nop,TS val 922 ecr 122>
  ${i}.032 ${i}> .  1102:1102(0) ack 5002 win 502   <nop,nop,TS val 132 ecr 922>`;
const REFUSED = (i: number): string => `
  ${i}.000 ${i}> S 1000:1000(0) win 64240
  ${i}.010 ${i}< R. 0:0(0) ack 1001 win 0`;

async function gathered(transcript: string, all = false): Promise<Gathering> {
  const { file } = capture(transcript);
  const gathering = new Gathering(undefined, all);
  await follow(new Capture([async () => chunkSource('test', Readable.from([file]))]), gathering);
  return gathering;
}

test('a conversation with nothing to tell is counted and forgotten', async () => {
  const { count, flows, outcomes } = await gathered(PLAIN(1) + PLAIN(2) + REFUSED(3));
  expect([count, Object.fromEntries(outcomes.all)]).toEqual([3, { closed: 2, 'refused or reset in the handshake': 1 }]);
  expect(flows.map(({ stream }) => stream)).toEqual([2]);
});

test('all are kept when all are asked for', async () => {
  expect((await gathered(PLAIN(1) + REFUSED(2), true)).flows).toHaveLength(2);
});

test('of a flood of failures the first four thousand are told, the others counted by what they show', async () => {
  const flood = Array.from({ length: 4_007 }, (_, i) => REFUSED(i)).join('');
  const { count, flows, leftOut } = await gathered(flood);
  expect([count, flows.length, Object.fromEntries(leftOut.all)]).toEqual([4_007, 4_000, { 'connection-refused': 7 }]);
});
