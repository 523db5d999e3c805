import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Finding } from '../../src/report.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

async function found(pattern: string, transcript: string): Promise<Finding | undefined> {
  return (await analyze(captureOf(capture(transcript).file))).findings.find((finding) => finding.pattern === pattern);
}

const AT_RECEIVER = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900>`;

test('where no first copy was captured the silence tells how long a timer waited', async () => {
  const silent = `${AT_RECEIVER}
    0.030 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 10
    0.030 < .  5001:5001(0) ack 2001 win 502    <nop,nop,TS val 930 ecr 130>
    4.030 > .  2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 4130 ecr 930> id 20
    4.030 < .  5001:5001(0) ack 3001 win 502    <nop,nop,TS val 4930 ecr 4130>
    4.050 > .  9001:10001(1000) ack 5001 win 502 <nop,nop,TS val 4150 ecr 4930> id 21
    4.050 < .  5001:5001(0) ack 3001 win 502    <nop,nop,TS val 4950 ecr 4130,nop,nop,sack 9001:10001>
    4.070 > .  3001:9001(6000) ack 5001 win 502 <nop,nop,TS val 4170 ecr 4950> id 22
    4.070 < .  5001:5001(0) ack 10001 win 502   <nop,nop,TS val 4970 ecr 4170>`;
  expect((await found('retransmission-timeout', silent))?.sentence).toContain('on the retransmission timer, after a silence of 4.00 s');
});

describe('a timestamp that is older than one before', () => {
  test('is told by how much, against those before it and not those after', async () => {
    const back = `${AT_RECEIVER}
      1.000 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 5000 ecr 900>
      1.010 < .  5001:5001(0)   ack 1101 win 502 <nop,nop,TS val 1910 ecr 5000>
      2.000 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 2000 ecr 1910>
      2.000 < .  5001:5001(0)   ack 1101 win 502 <nop,nop,TS val 2900 ecr 5000>
      9.000 > F. 1101:1101(0)   ack 5001 win 502 <nop,nop,TS val 13000 ecr 2900>`;
    const went = await found('timestamp-went-back', back);
    expect(went?.sentence).toContain('up to 3000 ticks older');
    expect(went?.severity).toBe('warning');
  });

  test('is a note when it was overtaken by what was sent again, and accepted', async () => {
    const overtaken = `${AT_RECEIVER}
      1.000 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 1000 ecr 900> id 10
      1.000 < .  5001:5001(0)    ack 2001 win 502 <nop,nop,TS val 1900 ecr 1000>
      1.300 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 1250 ecr 900> id 12
      1.300 < .  5001:5001(0)    ack 2001 win 502 <nop,nop,TS val 2200 ecr 1000,nop,nop,sack 1001:2001>
      1.301 > P. 2001:2101(100)  ack 5001 win 502 <nop,nop,TS val 1005 ecr 900> id 11
      1.301 < .  5001:5001(0)    ack 2101 win 502 <nop,nop,TS val 2201 ecr 1005>`;
    const went = await found('timestamp-went-back', overtaken);
    expect(went?.sentence).toContain('up to 245 ticks older');
    expect(went?.severity).toBe('note');
  });
});

test('that small segments are lost as well speaks against a limit of their size', async () => {
  const vanished = (tail: string): string => `
    0.000 > P. 1001:1553(552)  ack 5001 win 502
    0.020 < .  5001:5001(0)    ack 1553 win 502
    1.000 > .  1553:3001(1448) ack 5001 win 502
    1.000 > P. 3001:3105(104)  ack 5001 win 502
    ${tail}
    1.300 > .  1553:3001(1448) ack 5001 win 502
    1.900 > .  1553:3001(1448) ack 5001 win 502`;
  expect(await found('large-segments-lost', vanished('1.010 < . 5001:5001(0) ack 1553 win 502 <nop,nop,sack 3001:3105>'))).toBeDefined();
  expect(await found('large-segments-lost', vanished('1.050 > P. 3001:3105(104) ack 5001 win 502'))).toBeUndefined();
});

test.each([
  ['id 7', 'with the same IP ID'],
  ['id 0', 'the same in every field'],
])('of packets that come twice (%s) it is told what is the same: %s', async (id, same) => {
  const twice = [0, 1, 2].map((i) => {
    const [at, seq] = [1 + i, 1001 + i * 100];
    const line = (ms: number): string =>
      `${(at + ms / 10000).toFixed(4)} > . ${seq}:${seq + 100}(100) ack 5001 win 502 <nop,nop,TS val ${400 + i} ecr 900> ${id}`;
    return `${line(0)}\n${line(1)}\n${(at + 0.001).toFixed(4)} < . 5001:5001(0) ack ${seq + 100} win 502 <nop,nop,TS val ${1900 + i} ecr ${400 + i}>`;
  });
  expect((await found('packets-duplicated', `${AT_RECEIVER}\n${twice.join('\n')}`))?.sentence).toBe(`3 packets arrived twice, ${same}.`);
});
