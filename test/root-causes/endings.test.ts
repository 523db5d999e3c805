import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Vantage } from '../../src/hosts/vantage.js';
import type { Finding } from '../../src/report.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

async function findings(transcript: string, vantage: Vantage = 'client'): Promise<Finding[]> {
  return [...(await analyze(captureOf(capture(transcript).file), { vantage })).findings];
}

/** The suspects of each finding, most probable first, with their certainty. */
async function diagnosed(transcript: string, vantage: Vantage = 'client'): Promise<Record<string, string[]>> {
  const found = await findings(transcript, vantage);
  return Object.fromEntries(found.map(({ pattern, suspects }) => [pattern, suspects.map(({ cause, certainty }) => `${cause} ${certainty}`)]));
}

const OPENED = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
  0.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900> id 2`;

const ANSWERED = `${OPENED}
  0.030 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 3
  0.050 < P. 5001:5301(300) ack 1101 win 509 <nop,nop,TS val 950 ecr 130> id 1`;

describe('segments that were still on their way when a connection was reset', () => {
  test('are answered with resets that tell nothing new', async () => {
    const found = await diagnosed(`${ANSWERED}
      0.051 > R. 1101:1101(0) ack 5301 win 502 <nop,nop,TS val 151 ecr 950> id 4
      0.052 < P. 5301:5601(300) ack 1101 win 509 <nop,nop,TS val 950 ecr 130> id 2
      0.052 > R  1101:1101(0) win 0`);
    expect(Object.keys(found)).toEqual(['aborted']);
  });

  test('are no such segments when they come long after: then the reset was lost', async () => {
    const found = await diagnosed(`${ANSWERED}
      0.051 > R. 1101:1101(0) ack 5301 win 502 <nop,nop,TS val 151 ecr 950> id 4
      2.052 < P. 5301:5601(300) ack 1101 win 509 <nop,nop,TS val 2950 ecr 130> id 2
      2.052 > R  1101:1101(0) win 0`);
    expect(Object.keys(found)).toContain('reset-answered');
  });

  test('are answered by the end that had believed a reset as well', async () => {
    const rejected = `${ANSWERED}
      0.060 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 160 ecr 950> id 4
      0.080 < R  5301:5301(0) win 0
      0.400 < P. 5301:5401(100) ack 1101 win 509 <nop,nop,TS val 1290 ecr 130> id 2
      0.400 > R  1101:1101(0) win 0
      0.650 < P. 5301:5401(100) ack 1101 win 509 <nop,nop,TS val 1540 ecr 130> id 3
      0.650 > R  1101:1101(0) win 0
      1.150 < P. 5301:5401(100) ack 1101 win 509 <nop,nop,TS val 2040 ecr 130> id 4
      1.150 > R  1101:1101(0) win 0`;
    const reset = (await findings(rejected)).filter(({ pattern }) => pattern === 'reset-answered');
    expect(reset.map(({ frames }) => frames)).toEqual([[6, 7]]);
    const { 'reset-answered': suspects, 'retransmission-timeout': repeated } = await diagnosed(rejected);
    expect(suspects?.[0]).toBe('firewall-reject-rst likely');
    expect(suspects).not.toContain('data-timeout-silent-abort likely'); // it was repeated after the reset, not before
    expect(repeated?.[0]).toBe('rto-backoff-path-loss possible');
    expect(repeated).not.toContain('receive-queue-pruned possible'); // no queue of a host without a socket has dropped it
  });
});

describe('what came after a reset is not held against what came before', () => {
  test('keep-alive that nobody answered stays unanswered when the other end speaks again later', async () => {
    const found = await diagnosed(`${ANSWERED}
       0.051 > .  1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 151 ecr 950> id 4
      10.000 > .  1100:1100(0)   ack 5301 win 502 <nop,nop,TS val 10100 ecr 950> id 5
      11.000 > .  1100:1100(0)   ack 5301 win 502 <nop,nop,TS val 11100 ecr 950> id 6
      12.000 > R. 1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 12100 ecr 950> id 7
      20.000 < P. 5301:5401(100) ack 1101 win 509 <nop,nop,TS val 20900 ecr 151> id 2
      20.000 > R  1101:1101(0)            win 0`);
    expect(found['keep-alive-unanswered']).toEqual(['keepalive-timeout-reset certain']);
    expect(found.aborted).toEqual(['keepalive-timeout-reset certain']);
    expect(found['reset-answered']?.[0]).toBe('keepalive-timeout-reset likely');
    expect(found).not.toHaveProperty('keep-alive-answered');
  });

  test('data that nobody had read stays unread when more of it comes', async () => {
    const { aborted } = await diagnosed(`${OPENED}
      0.021 > P. 1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 3
      0.041 < .  5001:5001(0)    ack 2449 win 509 <nop,nop,TS val 941 ecr 121> id 1
      0.300 < R. 5001:5001(0)    ack 2449 win 509 <nop,nop,TS val 1200 ecr 121> id 2
      0.301 > P. 2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 401 ecr 941> id 4
      0.321 < R  5001:5001(0)             win 0`);
    expect(aborted?.[0]).toBe('close-with-unread-data-reset likely');
  });

  test('a connection in CLOSE_WAIT that was reset is over', async () => {
    const found = await diagnosed(`${ANSWERED}
      1.000 < F. 5301:5301(0)    ack 1101 win 509 <nop,nop,TS val 1900 ecr 130> id 2
      1.040 > .  1101:1101(0)    ack 5302 win 502 <nop,nop,TS val 1140 ecr 1900> id 4
      1.500 > P. 1101:1201(100)  ack 5302 win 502 <nop,nop,TS val 1600 ecr 1900> id 5
      1.520 < R  5302:5302(0)             win 0
      9.000 2> S 1000:1000(0)             win 64240 <mss 1460,sackOK,TS val 9100 ecr 0,nop,wscale 7> id 1`);
    expect(found).toHaveProperty('data-after-close');
    expect(found).not.toHaveProperty('close-missing');
  });

  test('an answer that does not acknowledge the request is none, and no slow one', async () => {
    const found = await diagnosed(`${ANSWERED}
      1.000 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 1100 ecr 950> id 4
      1.250 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 1350 ecr 950> id 5
      6.000 < P. 5301:5401(100) ack 1101 win 509 <nop,nop,TS val 6900 ecr 130> id 2
      6.001 > .  1201:1201(0)   ack 5401 win 502 <nop,nop,TS val 6101 ecr 6900> id 6`);
    expect(found).not.toHaveProperty('slow-answer');
  });
});

describe('who resets, and why', () => {
  test('a client that resets as soon as it has its answer may have read it', async () => {
    const { aborted } = await diagnosed(`${ANSWERED}
      0.051 > R. 1101:1101(0) ack 5301 win 502 <nop,nop,TS val 151 ecr 950> id 4`);
    expect(aborted).toEqual(['linger-zero-reset possible', 'close-with-unread-data-reset possible']);
  });

  test('a client that resets some time after its answer has probably not', async () => {
    const { aborted } = await diagnosed(`${ANSWERED}
      0.251 > R. 1101:1101(0) ack 5301 win 502 <nop,nop,TS val 351 ecr 950> id 4`);
    expect(aborted?.[0]).toBe('close-with-unread-data-reset likely');
  });

  test('a server that throws its own answer away with the reset has probably not read the request to the end', async () => {
    const { aborted } = await diagnosed(`${ANSWERED}
      0.050 < R. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 950 ecr 130> id 2`);
    expect(aborted?.slice(0, 2)).toEqual(['close-with-unread-data-reset possible', 'linger-zero-reset possible']);
  });

  test('connections that had been answered are not reset by the end of a process', async () => {
    const one = (n: number, from: number): string => `
      ${from}.000 ${n}> S  1000:1000(0)            win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
      ${from}.020 ${n}< S. 5000:5000(0) ack 1001   win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
      ${from}.020 ${n}> .  1001:1001(0) ack 5001   win 502 <nop,nop,TS val 120 ecr 900> id 2
      ${from}.030 ${n}> P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 3
      ${from}.050 ${n}< P. 5001:5301(300) ack 1101 win 509 <nop,nop,TS val 950 ecr 130> id 1
      ${from}.051 ${n}> .  1101:1101(0) ack 5301   win 502 <nop,nop,TS val 151 ecr 950> id 4`;
    const killed = `${one(1, 0)}${one(2, 1)}
      9.000 1< R. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 9900 ecr 151> id 2
      9.000 2< R. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 8900 ecr 151> id 2`;
    expect((await diagnosed(killed))['aborted-together']).toEqual(['admin-socket-kill possible', 'process-killed possible']);
  });

  test('data that meets a close behind a closed window is refused by the socket that still probes', async () => {
    const { 'reset-answered': suspects } = await diagnosed(
      `${OPENED}
      0.021 > P. 1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 3
      0.041 < .  5001:5001(0)    ack 2449 win 0   <nop,nop,TS val 941 ecr 121> id 1
      0.250 > .  2448:2448(0)    ack 5001 win 502 <nop,nop,TS val 350 ecr 941> id 4
      0.270 < .  5001:5001(0)    ack 2449 win 0   <nop,nop,TS val 1170 ecr 121> id 2
      0.680 > .  2448:2448(0)    ack 5001 win 502 <nop,nop,TS val 780 ecr 1170> id 5
      0.700 < .  5001:5001(0)    ack 2449 win 0   <nop,nop,TS val 1600 ecr 121> id 3
      1.100 < P. 5001:5101(100)  ack 2449 win 0   <nop,nop,TS val 2000 ecr 121> id 4
      1.100 > R  2449:2449(0)             win 0`,
    );
    expect(suspects?.slice(0, 2).toSorted()).toEqual(['data-after-close-reset likely', 'fin-wait1-zero-window-stall likely']);
  });
});

describe('who closes last', () => {
  const crossed = `${ANSWERED}
    1.000 > F. 1101:1101(0) ack 5301 win 502 <nop,nop,TS val 1100 ecr 950> id 4
    1.010 < F. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 1910 ecr 130> id 2`;

  test('is nobody when the FINs cross: the repeated one is not in LAST_ACK', async () => {
    const found = await diagnosed(`${crossed}
      1.240 < F. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 2140 ecr 130> id 3
      1.680 < F. 5301:5301(0) ack 1101 win 509 <nop,nop,TS val 2580 ecr 130> id 4`);
    expect(found['fin-unacknowledged']).not.toContain('last-ack-retransmit likely');
    expect(found['fin-unacknowledged']?.[0]).toBe('fin-retransmit-orphan-timeout likely');
  });

  test('and a first FIN that had to be repeated was lost, or its acknowledgment', async () => {
    const repeated = `${ANSWERED}
      1.000 > F. 1101:1101(0) ack 5301 win 502 <nop,nop,TS val 1100 ecr 950> id 4
      1.240 > F. 1101:1101(0) ack 5301 win 502 <nop,nop,TS val 1340 ecr 950> id 5
      1.260 < F. 5301:5301(0) ack 1102 win 509 <nop,nop,TS val 2160 ecr 1340> id 2
      1.261 > .  1102:1102(0) ack 5302 win 502 <nop,nop,TS val 1361 ecr 2160> id 6`;
    expect((await diagnosed(repeated))['fin-repeated']).toEqual(['rto-backoff-path-loss likely']);
  });

  test('with data before its FIN gets a reset for the data', async () => {
    const found = await diagnosed(
      `${ANSWERED}
      1.000 > F. 1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 1100 ecr 950> id 4
      1.020 < .  5301:5301(0)   ack 1102 win 509 <nop,nop,TS val 1920 ecr 1100> id 2
      1.500 < P. 5301:5401(100) ack 1102 win 509 <nop,nop,TS val 2400 ecr 1100> id 3
      1.500 < F. 5401:5401(0)   ack 1102 win 509 <nop,nop,TS val 2400 ecr 1100> id 4
      1.520 > R  1102:1102(0)            win 0
      1.520 > R  1102:1102(0)            win 0`,
      'server',
    );
    expect(Object.keys(found)).toEqual(['data-after-close']);
    expect(found['data-after-close']).toContain('data-after-close-reset certain');
  });
});

describe('an end that closes in the middle of what it gets', () => {
  test('leaves some of it unread, although it had said why', async () => {
    const { aborted } = await diagnosed(
      `${OPENED}
      0.021 > .  1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 3
      0.021 > .  2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 4
      0.041 < .  5001:5001(0)    ack 3897 win 509 <nop,nop,TS val 941 ecr 121> id 1
      0.042 > .  3897:5345(1448) ack 5001 win 502 <nop,nop,TS val 142 ecr 941> id 5
      0.043 < P. 5001:5031(30)   ack 3897 win 509 <nop,nop,TS val 943 ecr 121> id 2
      0.043 > .  5345:5345(0)    ack 5031 win 502 <nop,nop,TS val 143 ecr 943> id 6
      0.043 < R. 5031:5031(0)    ack 3897 win 509 <nop,nop,TS val 943 ecr 121> id 3`,
    );
    expect(aborted?.[0]).toBe('close-with-unread-data-reset likely');
    expect(aborted).toContain('linger-zero-reset possible');
  });

  test('cannot have read what came after it, nor have got what its reset does not acknowledge', async () => {
    const cancelled = await findings(`${ANSWERED}
      0.051 < P. 5301:5601(300) ack 1101 win 509 <nop,nop,TS val 951 ecr 130> id 2
      0.052 > R. 1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 152 ecr 950> id 4`);
    expect(cancelled.map(({ sentence }) => sentence)).toEqual([expect.stringContaining('after 300 B had arrived that were never answered')]);
    expect(cancelled[0]?.suspects[0]).toMatchObject({ cause: 'close-with-unread-data-reset', certainty: 'likely' });
  });
});

describe('a FIN that was never acknowledged', () => {
  const given = `${ANSWERED}
    0.060 > .  1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 160 ecr 950> id 4
    1.000 > F. 1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 1100 ecr 950> id 5
    1.240 > F. 1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 1340 ecr 950> id 6
    1.680 > F. 1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 1780 ecr 950> id 7`;

  test('was given up when the next one was overdue: data that comes then meets no socket', async () => {
    const found = await diagnosed(`${given}
      9.000 < P. 5301:5401(100) ack 1101 win 509 <nop,nop,TS val 9900 ecr 130> id 2
      9.000 > R  1101:1101(0)            win 0`);
    expect(found['data-after-close']?.[0]).toBe('fin-retransmit-orphan-timeout likely');
    expect(found['data-after-close']).not.toContain('data-after-close-reset certain');
  });

  test('has a socket until then, which refuses the data', async () => {
    const found = await diagnosed(`${given}
      2.000 < P. 5301:5401(100) ack 1101 win 509 <nop,nop,TS val 2900 ecr 130> id 2
      2.000 > R  1101:1101(0)            win 0`);
    expect(found['data-after-close']).toContain('data-after-close-reset certain');
  });
});

test('of keep-alive probes those without an answer are counted', async () => {
  const found = await findings(`${ANSWERED}
     0.051 > .  1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 151 ecr 950> id 4
    10.000 > .  1100:1100(0)   ack 5301 win 502 <nop,nop,TS val 10100 ecr 950> id 5
    11.000 > .  1100:1100(0)   ack 5301 win 502 <nop,nop,TS val 11100 ecr 950> id 6
    12.000 > .  1100:1100(0)   ack 5301 win 502 <nop,nop,TS val 12100 ecr 950> id 7
    12.020 < .  5301:5301(0)   ack 1101 win 509 <nop,nop,TS val 12920 ecr 151> id 2`);
  expect(found.find(({ pattern }) => pattern === 'keep-alive-answered')?.sentence).toBe(
    '3 keep-alive probes, every 1.00 s, 2 of them without an answer, those after them with one.',
  );
});

describe('large segments that are sent in vain', () => {
  const sent = `${OPENED}
    0.030 > P. 1001:1101(100)  ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 3
    0.050 < .  5001:5001(0)    ack 1101 win 509 <nop,nop,TS val 950 ecr 130> id 1
    0.100 > .  1101:2549(1448) ack 5001 win 502 <nop,nop,TS val 200 ecr 950> id 4
    0.100 > P. 2549:2649(100)  ack 5001 win 502 <nop,nop,TS val 200 ecr 950> id 5`;
  const again = `
    0.360 > .  1101:2549(1448) ack 5001 win 502 <nop,nop,TS val 460 ecr 950> id 7
    0.800 > .  1101:2549(1448) ack 5001 win 502 <nop,nop,TS val 900 ecr 950> id 8
    1.700 > .  1101:2549(1448) ack 5001 win 502 <nop,nop,TS val 1800 ecr 950> id 9
    3.500 > .  1101:2549(1448) ack 5001 win 502 <nop,nop,TS val 3600 ecr 950> id 10`;

  test('are too large when the small one behind them is reported', async () => {
    const found = await diagnosed(`${sent}
      0.120 < .  5001:5001(0)    ack 1101 win 509 <nop,nop,TS val 1020 ecr 130,nop,nop,sack 2549:2649> id 2${again}`);
    expect(found['large-segments-lost']?.[0]).toBe('pmtu-blackhole likely');
  });

  test('are lost with everything else when the small one was sent again in vain as well', async () => {
    const found = await diagnosed(`${sent}
      0.160 > P. 2549:2649(100)  ack 5001 win 502 <nop,nop,TS val 260 ecr 950> id 6${again}`);
    expect(found).not.toHaveProperty('large-segments-lost');
  });
});

test('a window that is larger in the reset than in the answer before it: close() has thrown unread data away', async () => {
  const refused = (window: number): string => `${OPENED}
    0.021 > .  1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 3
    0.021 > P. 2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 4
    0.041 < .  5001:5001(0)    ack 3897 win 490 <nop,nop,TS val 941 ecr 121> id 1
    0.043 < P. 5001:5031(30)   ack 3897 win 490 <nop,nop,TS val 943 ecr 121> id 2
    0.063 > .  3897:3897(0)    ack 5031 win 502 <nop,nop,TS val 163 ecr 943> id 5
    0.090 < R. 5031:5031(0)    ack 3897 win ${window} <nop,nop,TS val 990 ecr 163> id 3`;
  expect((await diagnosed(refused(510))).aborted?.[0]).toBe('close-with-unread-data-reset likely');
  expect((await diagnosed(refused(490))).aborted?.[0]).toBe('linger-zero-reset likely');
});
