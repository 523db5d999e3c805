import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Finding } from '../../src/report.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

const OPENED = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0>
  0.010 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100>
  0.010 > .  1001:1001(0) ack 5001 win 64240 <nop,nop,TS val 110 ecr 900>
  0.020 > P. 1001:1101(100) ack 5001 win 64240 <nop,nop,TS val 120 ecr 900>
  0.030 < .  5001:5001(0) ack 1101 win 65160 <nop,nop,TS val 920 ecr 120>
`;

async function strays(transcript: string): Promise<Finding[]> {
  const { findings } = await analyze(captureOf(capture(transcript).file));
  return findings.filter(({ pattern }) => pattern === 'stray-segment-reset');
}

const stray = (seq: number, ack: number, echo: number): string => `
  0.500 < P. ${seq}:${seq + 100}(100) ack ${ack} win 65160 <nop,nop,TS val 1390 ecr ${echo}> server 10.0.0.9
  0.500 > R  ${ack}:${ack}(0) win 0 server 10.0.0.9
`;

describe('a segment that another address sent', () => {
  test('belongs to the connection whose bytes it acknowledges and whose clock it echoes', async () => {
    const [finding] = await strays(OPENED + stray(5001, 1101, 120));
    expect(finding).toMatchObject({ subject: '10.0.0.1:40000 to 10.0.0.2:80', streams: [0, 1], frames: [6, 7] });
    expect(finding?.suspects[0]).toMatchObject({ cause: 'conntrack-invalid-reset', certainty: 'likely' });
  });

  test('that lies beyond the window says so: this is what conntrack does not translate', async () => {
    const because = async (seq: number): Promise<string> => String((await strays(OPENED + stray(seq, 1101, 120)))[0]?.suspects[0]?.because);
    expect(await because(5001)).not.toContain('beyond the window');
    expect(await because(5_000_000)).toContain('beyond the window');
  });

  test.each([
    ['acknowledges what was never sent', 5001, 7777, 120],
    ['echoes another clock', 5001, 1101, 99_000_000],
  ])('belongs to nothing when it %s', async (_, seq, ack, echo) => {
    expect(await strays(OPENED + stray(seq, ack, echo))).toEqual([]);
  });

  test('does no harm to a connection that is over', async () => {
    const closed = `
      0.100 > F. 1101:1101(0) ack 5001 win 64240 <nop,nop,TS val 200 ecr 920>
      0.110 < F. 5001:5001(0) ack 1102 win 65160 <nop,nop,TS val 1000 ecr 200>
      0.110 > .  1102:1102(0) ack 5002 win 64240 <nop,nop,TS val 210 ecr 1000>
    `;
    expect(await strays(OPENED + closed + stray(5001, 1101, 120))).toEqual([]);
  });

  test('that gets an answer other than a reset has a connection of its own', async () => {
    const answered = stray(5001, 1101, 120).replace('R  1101:1101(0) win 0', '. 1101:1101(0) ack 5101 win 500');
    expect(await strays(OPENED + answered)).toEqual([]);
  });

  test('after a long silence may only have met a box that forgot the connection', async () => {
    const late = stray(5001, 1101, 120).replaceAll('0.500', '90.500');
    expect((await strays(OPENED + late))[0]?.suspects[0]).toMatchObject({
      certainty: 'possible',
      against: ['the connection had been silent for 90.5 s: its entry may have expired'],
    });
  });
});
