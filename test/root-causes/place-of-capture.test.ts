import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Vantage } from '../../src/hosts/vantage.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

/** The suspects of a pattern, most probable first, with their certainty. */
async function suspects(vantage: Vantage, pattern: string, transcript: string): Promise<string[]> {
  const { findings } = await analyze(captureOf(capture(transcript).file), { vantage });
  return findings.filter((finding) => finding.pattern === pattern).flatMap((finding) => finding.suspects.map(text));
}

function text({ cause, certainty }: { cause: string; certainty: string }): string {
  return `${cause} ${certainty}`;
}

const OPENED = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  0.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900>`;

describe('a segment that is sent again after SACKs', () => {
  const repaired = `${OPENED}
    0.021 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 121 ecr 900>
    0.021 > .  1101:1201(100) ack 5001 win 502 <nop,nop,TS val 121 ecr 900>
    0.022 > .  1201:1301(100) ack 5001 win 502 <nop,nop,TS val 122 ecr 900>
    0.022 > .  1301:1401(100) ack 5001 win 502 <nop,nop,TS val 122 ecr 900>
    0.041 < .  5001:5001(0) ack 1001 win 509 <nop,nop,TS val 921 ecr 120,nop,nop,sack 1101:1201>
    0.042 < .  5001:5001(0) ack 1001 win 509 <nop,nop,TS val 922 ecr 120,nop,nop,sack 1101:1301>
    0.042 < .  5001:5001(0) ack 1001 win 509 <nop,nop,TS val 922 ecr 120,nop,nop,sack 1101:1401>
    0.043 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 143 ecr 922>
    0.063 < .  5001:5001(0) ack 1401 win 509 <nop,nop,TS val 943 ecr 143>
    0.500 > .  1401:1501(100) ack 5001 win 502 <nop,nop,TS val 600 ecr 943>
    0.520 < .  5001:5001(0) ack 1501 win 509 <nop,nop,TS val 1400 ecr 600>`;

  test('at the sender it may have been dropped by the path or by the host that it was for', async () => {
    expect(await suspects('client', 'loss-repaired', repaired)).toContain('sack-fast-recovery-loss likely');
  });

  test('at the receiver the path has lost it when only the repetition was captured', async () => {
    const unseen = repaired.replace(/.*0\.021 > \. {2}1001:1101.*\n/, '');
    expect(await suspects('server', 'loss-repaired', unseen)).toContain('sack-fast-recovery-loss certain');
  });

  test('at the sender it may be late where the receiver does not report what comes twice (tcp_dsack = 0)', async () => {
    const echoed = `${repaired}
      0.600 > .  1501:1601(100) ack 5001 win 502 <nop,nop,TS val 700 ecr 1400>
      0.600 > .  1601:1701(100) ack 5001 win 502 <nop,nop,TS val 700 ecr 1400>
      0.601 > .  1701:1801(100) ack 5001 win 502 <nop,nop,TS val 701 ecr 1400>
      0.620 < .  5001:5001(0) ack 1501 win 509 <nop,nop,TS val 1500 ecr 600,nop,nop,sack 1601:1701>
      0.621 < .  5001:5001(0) ack 1501 win 509 <nop,nop,TS val 1501 ecr 600,nop,nop,sack 1601:1801>
      0.630 > .  1501:1601(100) ack 5001 win 502 <nop,nop,TS val 730 ecr 1501>
      0.635 < .  5001:5001(0) ack 1801 win 509 <nop,nop,TS val 1515 ecr 700>`;
    expect(await suspects('client', 'loss-repaired', echoed)).toEqual([
      'reordering-spurious-retransmit possible',
      'sack-fast-recovery-loss possible',
    ]);
  });

  test('at the receiver nothing was lost when the first copy comes after all, behind its repetition', async () => {
    const late = `${OPENED}
      0.032 > .  1101:1201(100) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 4
      0.032 < .  5001:5001(0) ack 1001 win 509 <nop,nop,TS val 912 ecr 120,nop,nop,sack 1101:1201>
      0.033 > .  1201:1301(100) ack 5001 win 502 <nop,nop,TS val 122 ecr 900> id 5
      0.033 < .  5001:5001(0) ack 1001 win 509 <nop,nop,TS val 913 ecr 120,nop,nop,sack 1101:1301>
      0.033 > .  1301:1401(100) ack 5001 win 502 <nop,nop,TS val 122 ecr 900> id 6
      0.033 < .  5001:5001(0) ack 1001 win 509 <nop,nop,TS val 913 ecr 120,nop,nop,sack 1101:1401>
      0.055 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 144 ecr 913> id 7
      0.055 < .  5001:5001(0) ack 1401 win 509 <nop,nop,TS val 935 ecr 144>
      0.062 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 3
      0.062 < .  5001:5001(0) ack 1401 win 509 <nop,nop,TS val 942 ecr 144,nop,nop,sack 1001:1101>`;
    expect(await suspects('server', 'loss-repaired', late)).toEqual([]);
    expect(await suspects('server', 'resent-needlessly', late)).toEqual(['reordering-spurious-retransmit likely']);
  });

  test('nor does it take the word of a receiver that reports nothing as received twice (tcp_dsack = 0)', async () => {
    const silent = `${OPENED}
      0.032 > .  1101:1201(100) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 4
      0.032 < .  5001:5001(0) ack 1001 win 509 <nop,nop,TS val 912 ecr 120,nop,nop,sack 1101:1201>
      0.033 > .  1201:1301(100) ack 5001 win 502 <nop,nop,TS val 122 ecr 900> id 5
      0.033 < .  5001:5001(0) ack 1001 win 509 <nop,nop,TS val 913 ecr 120,nop,nop,sack 1101:1301>
      0.055 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 144 ecr 913> id 7
      0.055 < .  5001:5001(0) ack 1301 win 509 <nop,nop,TS val 935 ecr 144>
      0.062 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 3
      0.062 < .  5001:5001(0) ack 1301 win 509 <nop,nop,TS val 942 ecr 144>`;
    expect(await suspects('server', 'loss-repaired', silent)).toEqual([]);
    expect(await suspects('server', 'resent-needlessly', silent)).toContain('reordering-spurious-retransmit likely');
  });

  test('a receiver that asks for what it had reported by SACK has thrown it away', async () => {
    const thrownAway = repaired.replace(
      /.*ack 1401 win 509.*\n/,
      `    0.063 < .  5001:5001(0) ack 1101 win 509 <nop,nop,TS val 943 ecr 143>
           0.063 < .  5001:5001(0) ack 1101 win 509 <nop,nop,TS val 943 ecr 143,nop,nop,sack 1201:1401>
           0.400 > .  1101:1201(100) ack 5001 win 502 <nop,nop,TS val 500 ecr 943>
           0.420 < .  5001:5001(0) ack 1401 win 509 <nop,nop,TS val 1300 ecr 500>
      `,
    );
    expect(await suspects('client', 'loss-repaired', repaired)).not.toContain('receive-queue-pruned likely');
    expect(await suspects('client', 'loss-repaired', thrownAway)).toContain('receive-queue-pruned likely');
  });
});

describe('a segment that the timer sends again for nothing', () => {
  const needless = `${OPENED}
    0.021 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 121 ecr 900>
    0.021 < .  5001:5001(0) ack 1101 win 509 <nop,nop,TS val 901 ecr 121>
    0.022 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 122 ecr 900>
    0.022 < .  5001:5001(0) ack 1201 win 509 <nop,nop,TS val 902 ecr 122>
    0.622 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 722 ecr 900>
    0.622 < .  5001:5001(0) ack 1201 win 509 <nop,nop,TS val 1502 ecr 122,nop,nop,sack 1001:1101>
    0.900 > P. 1201:1301(100) ack 5001 win 502 <nop,nop,TS val 1000 ecr 1502>
    0.900 < .  5001:5001(0) ack 1301 win 509 <nop,nop,TS val 1780 ecr 1000>`;

  test('at the receiver nobody can say whether the ACKs were late or lost', async () => {
    const found = await suspects('server', 'resent-needlessly', needless);
    expect(found).toEqual(['spurious-rto-delay-spike possible', 'ack-path-loss possible']);
  });
});

describe('a probe of the tail', () => {
  const probed = `${OPENED}
    0.021 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 121 ecr 900>
    0.022 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 122 ecr 900>
    0.082 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 182 ecr 900>`;

  test('is certain when it was the repair', async () => {
    const helped = `${probed}
      0.102 < .  5001:5001(0) ack 1201 win 509 <nop,nop,TS val 982 ecr 182>
      0.300 < .  5001:5001(0) ack 1201 win 509 <nop,nop,TS val 1180 ecr 182>`;
    expect(await suspects('client', 'tail-probed', helped)).toEqual(['tail-loss-probe certain']);
  });

  test('is only likely when the timer had to help after all', async () => {
    const inVain = `${probed}
      0.322 > .  1001:1101(100) ack 5001 win 502 <nop,nop,TS val 422 ecr 900>
      0.342 < .  5001:5001(0) ack 1201 win 509 <nop,nop,TS val 1222 ecr 422>`;
    expect(await suspects('client', 'tail-probed', inVain)).toEqual(['tail-loss-probe likely']);
  });

  test('is only likely when nothing came back any more', async () => {
    expect(await suspects('client', 'tail-probed', probed)).toEqual(['tail-loss-probe likely']);
  });
});
