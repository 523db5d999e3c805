import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Vantage } from '../../src/hosts/vantage.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

/** The suspects of a pattern, most probable first, with their certainty. */
async function suspects(vantage: Vantage, pattern: string, transcript: string): Promise<string[]> {
  const { findings } = await analyze(captureOf(capture(transcript).file), { vantage });
  const found = findings.filter((finding) => finding.pattern === pattern);
  return found.flatMap((finding) => finding.suspects.map(({ cause, certainty }) => `${cause} ${certainty}`));
}

test('without SACK what had arrived behind a loss is sent again with it: no acknowledgment was lost or late', async () => {
  const lost = `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,nop,wscale 7>
    0.000 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.020 > .  1001:1001(0) ack 5001 win 502
    0.030 > .  2001:3001(1000) ack 5001 win 502 id 11
    0.030 < .  5001:5001(0) ack 1001 win 502
    0.300 > .  1001:2001(1000) ack 5001 win 502 id 12
    0.300 < .  5001:5001(0) ack 3001 win 502
    0.320 > .  2001:3001(1000) ack 5001 win 502 id 13
    0.320 < .  5001:5001(0) ack 3001 win 502`;
  expect(await suspects('server', 'resent-needlessly', lost)).toEqual(['sack-unavailable-slow-recovery certain']);
  expect(await suspects('server', 'retransmission-timeout', lost)).toEqual(['rto-backoff-path-loss certain']);
});

describe('at the sender, a timeout that was needless', () => {
  const opened = `
    0.000 > S  1000:1000(0)          win 64800 <mss 1440,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.020 < S. 5000:5000(0) ack 1001 win 64000 <mss 1440,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900>
    1.000 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
    1.000 > P. 2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
    1.300 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 1400 ecr 900>`;

  test('waited for what was late when the first copy is answered first, and nothing is reported as received twice', async () => {
    const late = `${opened}
      1.500 < .  5001:5001(0) ack 3001 win 502 <nop,nop,TS val 2380 ecr 1100> id 0
      1.520 < .  5001:5001(0) ack 3001 win 502 <nop,nop,TS val 2400 ecr 1100,nop,nop,sack 1001:2001> id 0`;
    expect(await suspects('client', 'resent-needlessly', late)).toEqual(['spurious-rto-delay-spike likely']);
  });

  test('may have waited for acknowledgments that were lost when the first to come reports the second copy', async () => {
    const lost = `${opened}
      1.320 < .  5001:5001(0) ack 3001 win 502 <nop,nop,TS val 2200 ecr 1100,nop,nop,sack 1001:2001> id 0`;
    expect(await suspects('client', 'resent-needlessly', lost)).toContain('ack-path-loss possible');
  });
});

test('a window that cannot say more without a scale tells nothing about the buffer', async () => {
  const flights = Array.from({ length: 10 }, (_, i) => {
    const seq = 1001 + i * 65_000;
    const parts = Array.from({ length: 13 }, (_, k) => {
      const from = seq + k * 5000;
      return `${1 + i}.000 > . ${from}:${from + 5000}(5000) ack 5001 win 502`;
    });
    return [...parts, `${1 + i}.100 < . 5001:5001(0) ack ${seq + 65_000} win 65535`].join('\n');
  });
  const unscaled = `
    0.000 > S  1000:1000(0)          win 64240 <mss 5000>
    0.100 < S. 5000:5000(0) ack 1001 win 65535 <mss 5000>
    0.100 > .  1001:1001(0) ack 5001 win 64240
    ${flights.join('\n')}`;
  expect(await suspects('client', 'window-limited', unscaled)).toEqual(['window-scaling-missing certain']);
});

test('at the receiver, what stood still on the way shows no wait of the timer', async () => {
  const { findings } = await analyze(
    captureOf(
      capture(`
        0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
        0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
        0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900> id 2
        1.300 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 1000 ecr 900> id 3
        1.300 < .  5001:5001(0) ack 2001 win 509 <nop,nop,TS val 2180 ecr 1000> id 1
        1.301 > P. 2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 1000 ecr 900> id 4
        1.301 < .  5001:5001(0) ack 3001 win 509 <nop,nop,TS val 2181 ecr 1000> id 2
        1.302 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 1240 ecr 900> id 5
        1.302 < .  5001:5001(0) ack 3001 win 509 <nop,nop,TS val 2182 ecr 1000,nop,nop,sack 1001:2001> id 3`).file,
    ),
    { vantage: 'server' },
  );
  const sentence = findings.find(({ pattern }) => pattern === 'retransmission-timeout')?.sentence;
  expect(sentence).toContain('after a wait that cannot be seen here, where both copies came within 2.0 ms');
});
