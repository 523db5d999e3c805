import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Vantage } from '../../src/hosts/vantage.js';
import type { Finding } from '../../src/report.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

async function finding(transcript: string, vantage: Vantage, pattern: string): Promise<Finding | undefined> {
  const { findings } = await analyze(captureOf(capture(transcript).file), { vantage });
  return findings.find((each) => each.pattern === pattern);
}

async function suspects(transcript: string, vantage: Vantage, pattern: string): Promise<string[] | undefined> {
  return (await finding(transcript, vantage, pattern))?.suspects.map(({ cause, certainty }) => `${cause} ${certainty}`);
}

const OPENED = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
  0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900> id 2
  0.030 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 3
  0.030 < P. 5001:5301(300) ack 1101 win 509 <nop,nop,TS val 930 ecr 130> id 1
  0.050 > .  1101:1101(0) ack 5301 win 502   <nop,nop,TS val 150 ecr 930> id 4`;

/** The client has forgotten the connection and comes again from the same port. */
const again = (ack: number, seq: number, id: number): string => `
  2.000 > S  9000:9000(0)          win 64240 <mss 1460,sackOK,TS val 2100 ecr 0,nop,wscale 7> id 70
  2.000 < .  ${seq}:${seq}(0) ack ${ack} win 509 <nop,nop,TS val 2900 ecr 150> id ${id}
  2.020 > R  ${ack}:${ack}(0)            win 0
  2.030 > S  9000:9000(0)          win 64240 <mss 1460,sackOK,TS val 2130 ecr 0,nop,wscale 7> id 71
  2.030 < S. 7000:7000(0) ack 9001 win 65160 <mss 1460,sackOK,TS val 2930 ecr 2130,nop,wscale 7>
  2.050 > .  9001:9001(0) ack 7001 win 502   <nop,nop,TS val 2150 ecr 2930> id 72
  2.060 > P. 9001:9101(100) ack 7001 win 502 <nop,nop,TS val 2160 ecr 2930> id 73
  2.060 < .  7001:7001(0) ack 9101 win 509   <nop,nop,TS val 2960 ecr 2160> id 1`;

describe('a SYN on ports whose connection the server has in FIN_WAIT2', () => {
  const half = `${OPENED}
    1.000 < F. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 1900 ecr 150> id 2
    1.020 > .  1101:1101(0) ack 5302 win 502 <nop,nop,TS val 1120 ecr 1900> id 5`;

  test('meets a socket that has only shut down its direction, when the answer counts on in IP IDs', async () => {
    expect(await suspects(half + again(1101, 5302, 3), 'server', 'syn-strangely-answered')).toEqual([
      'syn-on-live-connection-challenged certain',
      'client-rejects-synack-bad-ack possible',
    ]);
  });

  test('meets what close() has left behind, when the answer has no IP ID', async () => {
    expect((await suspects(half + again(1101, 5302, 0), 'server', 'syn-strangely-answered'))?.[0]).toBe('timewait-syn-challenged certain');
  });
});

test('a SYN can meet the request of an earlier attempt that was given up', async () => {
  const abandoned = `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
    0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.500 > S  9000:9000(0)          win 64240 <mss 1460,sackOK,TS val 2100 ecr 0,nop,wscale 7> id 70
    0.500 < .  5001:5001(0) ack 1001 win 509   <nop,nop,TS val 1400 ecr 100> id 0
    0.520 > R  1001:1001(0)            win 0
    0.530 > S  9000:9000(0)          win 64240 <mss 1460,sackOK,TS val 2130 ecr 0,nop,wscale 7> id 71
    0.530 < S. 7000:7000(0) ack 9001 win 65160 <mss 1460,sackOK,TS val 1430 ecr 2130,nop,wscale 7>
    0.550 > .  9001:9001(0) ack 7001 win 502   <nop,nop,TS val 2150 ecr 1430> id 72`;
  const found = await finding(abandoned, 'server', 'syn-strangely-answered');
  expect(found?.sentence).toMatch(/stream 0, which the server has in SYN_RECV/);
  expect(found?.suspects[0]).toMatchObject({ cause: 'syn-on-live-connection-challenged', certainty: 'likely' });
});

test('a connection whose ports were taken over was not given up by its own timer', async () => {
  const replaced = `${OPENED}
    1.600 < F. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 2500 ecr 150> id 2
    1.820 < F. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 2720 ecr 150> id 3${again(1101, 5302, 4)}`;
  const suspect = (await finding(replaced, 'server', 'fin-unacknowledged'))?.suspects.find(({ cause }) => cause === 'fin-retransmit-orphan-timeout');
  expect(suspect?.against.join()).toMatch(/ended by what the ports were used for next/);
  expect(suspect?.because.join()).not.toMatch(/given up/);
});

test('who uses ports again is the client, whoever held the TIME_WAIT', async () => {
  const reopened = `${OPENED}
    1.000 < F. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 1900 ecr 150> id 2
    1.020 > F. 1101:1101(0) ack 5302 win 502 <nop,nop,TS val 1120 ecr 1900> id 5
    1.020 < .  5302:5302(0) ack 1102 win 509 <nop,nop,TS val 1920 ecr 1120> id 0
    2.000 > S  9000:9000(0)          win 64240 <mss 1460,sackOK,TS val 2100 ecr 0,nop,wscale 7> id 70
    2.000 < S. 70839:70839(0) ack 9001 win 65160 <mss 1460,sackOK,TS val 2900 ecr 2100,nop,wscale 7>
    2.020 > .  9001:9001(0) ack 70840 win 502   <nop,nop,TS val 2120 ecr 2900> id 71`;
  expect((await finding(reopened, 'server', 'time-wait-reopened'))?.sentence).toMatch(/^The client used the ports of stream 0 again/);
});

test('of many connections on the same ports each looks back on the one before it', async () => {
  const round = (i: number): string => {
    const [at, seq, iss] = [i * 2, 1000 + i * 100_000, 5000 + i * 65_540];
    return `
      ${at}.000 > S  ${seq}:${seq}(0)          win 64240 <mss 1460,sackOK,TS val ${at}100 ecr 0,nop,wscale 7> id ${i * 10 + 1}
      ${at}.000 < S. ${iss}:${iss}(0) ack ${seq + 1} win 65160 <mss 1460,sackOK,TS val ${at}900 ecr ${at}100,nop,wscale 7>
      ${at}.020 > .  ${seq + 1}:${seq + 1}(0) ack ${iss + 1} win 502 <nop,nop,TS val ${at}120 ecr ${at}900> id ${i * 10 + 2}
      ${at}.030 < P. ${iss + 1}:${iss + 2}(1) ack ${seq + 1} win 509 <nop,nop,TS val ${at}930 ecr ${at}120> id ${i * 10 + 1}
      ${at}.030 < F. ${iss + 2}:${iss + 2}(0) ack ${seq + 1} win 509 <nop,nop,TS val ${at}930 ecr ${at}120> id ${i * 10 + 2}
      ${at}.050 > F. ${seq + 1}:${seq + 1}(0) ack ${iss + 3} win 502 <nop,nop,TS val ${at}150 ecr ${at}930> id ${i * 10 + 3}
      ${at}.050 < .  ${iss + 3}:${iss + 3}(0) ack ${seq + 2} win 509 <nop,nop,TS val ${at}950 ecr ${at}150> id 0`;
  };
  const reopened = await finding([0, 1, 2, 3, 4].map(round).join(''), 'server', 'time-wait-reopened');
  expect(reopened?.streams).toEqual([1, 2, 3, 4]);
  expect(reopened?.suspects[0]).toMatchObject({ cause: 'timewait-reopen-accepted', certainty: 'certain' });
});

test('of a connection that began before the capture nobody knows whether it had been closed', async () => {
  const late = `
    1.000 > .  1101:1101(0) ack 5301 win 502 <nop,nop,TS val 1150 ecr 930> id 4
    1.010 < P. 5301:5401(100) ack 1101 win 509 <nop,nop,TS val 1910 ecr 1150> id 3
    1.030 > .  1101:1101(0) ack 5401 win 502 <nop,nop,TS val 1170 ecr 1910> id 5`;
  const old = await finding(late + again(1101, 5401, 4), 'server', 'syn-strangely-answered');
  expect(old?.suspects[0]?.because.join()).not.toMatch(/never sent a FIN/);
  expect(old?.suspects[0]?.against.join()).toMatch(/had begun before the capture/);
});

describe('a reset that fits a TIME_WAIT', () => {
  const closed = `${OPENED}
    1.000 < F. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 1900 ecr 150> id 2
    1.020 > F. 1101:1101(0) ack 5302 win 502 <nop,nop,TS val 1120 ecr 1900> id 5
    1.020 < .  5302:5302(0) ack 1102 win 509 <nop,nop,TS val 1920 ecr 1120> id 0`;

  test('ends it, also when nothing has provoked the reset', async () => {
    const found = await finding(
      `${closed}
      1.500 > R  1102:1102(0) win 0`,
      'server',
      'time-wait-disturbed',
    );
    expect(found?.sentence).toMatch(/unprovoked as far as captured/);
    expect(found?.suspects).toMatchObject([{ cause: 'timewait-assassination', certainty: 'likely' }]);
  });

  test('tells nothing when it does not fit, or answers the close itself', async () => {
    for (const reset of ['1.500 > R  1602:1602(0) win 0', '1.030 > R  1102:1102(0) win 0'])
      expect(await finding(`${closed}\n${reset}`, 'server', 'time-wait-disturbed')).toBeUndefined();
  });
});
