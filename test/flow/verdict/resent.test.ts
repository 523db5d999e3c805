import { describe, expect, test } from 'vitest';
import { verdictName } from '../../../src/flow/verdict.js';
import { follow } from '../../../src/follow.js';
import { captureOf } from '../../bytes.js';
import { capture } from '../../transcript.js';

/** The verdicts on a transcript's lines as "frame verdict", after all that came later; lines of which nothing is to be said are left out. */
async function verdictsIn(transcript: string): Promise<string[]> {
  const said = new Map<number, string>();
  await follow(captureOf(capture(transcript).file), {
    noted: ({ frame }, _flow, _seen, verdict) => {
      if (verdict !== 0) said.set(frame, verdictName(verdict));
    },
    corrected: (frame, verdict) => {
      said.set(frame, verdictName(verdict));
    },
    over: () => {},
  });
  return [...said].map(([frame, name]) => `${frame} ${name}`);
}

/** Captured at the sender of the data: its ACK comes at once. */
const AT_SENDER = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  0.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900>`;
/** Captured at the receiver of the data, a round trip of 20 ms away. */
const AT_RECEIVER = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900>`;
const withoutSack = (handshake: string): string => handshake.replaceAll('sackOK,', '');
const withoutStamps = (transcript: string): string => transcript.replaceAll(/(nop,nop,)?TS val \d+ ecr \d+,?/g, '');

describe('where packets bunched up on their way', () => {
  const BUNCHED = `
    1.000 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900>
    1.000 > .  2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900>
    1.000 < .  5001:5001(0) ack 3001 win 502    <nop,nop,TS val 1900 ecr 400>`;

  test.each([
    ['', (transcript: string) => transcript],
    [', without timestamps', withoutStamps],
  ])('a resend that the receiver never asked for was sent by the timer, however soon it comes after the original%s', async (_, stripped) => {
    const resent = '\n1.001 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 640 ecr 900>';
    expect(await verdictsIn(stripped(withoutSack(AT_RECEIVER) + BUNCHED + resent))).toEqual(['7 resent-timeout-spurious']);
    expect(await verdictsIn(stripped(AT_RECEIVER + BUNCHED + resent))).toEqual(['7 resent-timeout-spurious']);
  });

  test('the tail comes again from the timer of the probe, where SACK allows one', async () => {
    const resent = '\n1.001 > . 2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 450 ecr 900>';
    expect(await verdictsIn(AT_RECEIVER + BUNCHED + resent)).toEqual(['7 resent-probe-spurious']);
    expect(await verdictsIn(withoutSack(AT_RECEIVER) + BUNCHED + resent)).toEqual(['7 resent-timeout-spurious']);
  });

  test('without SACK a repeated acknowledgment may have asked for it, although nothing is missing there', async () => {
    const repeated = '\n1.001 < . 5001:5001(0) ack 3001 win 502 <nop,nop,TS val 1901 ecr 400>'.repeat(3);
    const sent = '\n1.022 > . 3001:4001(1000) ack 5001 win 502 <nop,nop,TS val 410 ecr 1900>';
    const resent = '\n1.023 > . 3001:4001(1000) ack 5001 win 502 <nop,nop,TS val 422 ecr 1901>';
    expect(await verdictsIn(withoutSack(AT_RECEIVER) + BUNCHED + repeated + sent + resent)).toEqual(['11 resent-fast']);
  });
});

describe('an original that comes after its resend', () => {
  const OVERTAKEN = `
    1.000 > .  2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900> id 12
    1.000 < .  5001:5001(0) ack 1001 win 502    <nop,nop,TS val 1900 ecr 120,nop,nop,sack 2001:3001>
    1.020 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 420 ecr 1900> id 13
    1.020 < .  5001:5001(0) ack 3001 win 502    <nop,nop,TS val 1920 ecr 420>
    1.030 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900> id 11
    1.030 < .  5001:5001(0) ack 3001 win 502    <nop,nop,TS val 1930 ecr 420,nop,nop,sack 1001:2001>`;

  test('was overtaken, by its timestamp; what came twice was the resend, and needless', async () => {
    expect(await verdictsIn(AT_RECEIVER + OVERTAKEN)).toEqual(['6 resent-fast-spurious', '8 reordered']);
  });

  test('was overtaken, by its IP ID where timestamps are off', async () => {
    expect(await verdictsIn(withoutStamps(AT_RECEIVER + OVERTAKEN))).toEqual(['6 resent-fast-spurious', '8 reordered']);
  });
});

describe('what asks a sender', () => {
  const PROBED = `
    1.000 > P. 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900>
    1.240 > P. 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 640 ecr 900>`;
  const TIMEOUT = '\n1.480 > P. 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 880 ecr 900>';

  test('is not an acknowledgment without a block where both ends know SACK', async () => {
    const answer = '\n1.380 < . 5001:5001(0) ack 1001 win 502 <nop,nop,TS val 1900 ecr 100>'.repeat(3);
    expect(await verdictsIn(AT_SENDER + PROBED + answer + TIMEOUT)).toEqual(['5 resent-probe', '9 resent-timeout']);
    expect(await verdictsIn(withoutSack(AT_SENDER) + PROBED + answer + TIMEOUT)).toEqual(['5 resent-timeout', '9 resent-timeout']);
  });

  test('is not an acknowledgment from beyond its window', async () => {
    const resentAfter = (seq: number): string => `${withoutSack(AT_SENDER)}
      1.000 > P. 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900>
      1.190 < .  ${seq}:${seq}(0) ack 1001 win 502 <nop,nop,TS val 1890 ecr 100>
      1.200 < .  ${seq}:${seq}(0) ack 1001 win 502 <nop,nop,TS val 1900 ecr 100>
      1.210 < .  ${seq}:${seq}(0) ack 1001 win 502 <nop,nop,TS val 1910 ecr 100>
      1.300 > P. 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 640 ecr 900>`;
    expect(await verdictsIn(resentAfter(5001))).toEqual(['8 resent-fast']);
    expect(await verdictsIn(resentAfter(100005001))).toEqual(['8 resent-timeout']);
  });
});

test('after a timeout that was needless the sender is as it was before, and probes again', async () => {
  expect(
    await verdictsIn(`${AT_SENDER}
      1.000 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900>
      1.000 > P. 2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900>
      1.045 > P. 2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 445 ecr 900>
      1.290 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 690 ecr 900>
      1.700 < .  5001:5001(0) ack 2001 win 502    <nop,nop,TS val 1900 ecr 400>
      1.945 > P. 2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 1345 ecr 1900>
    `),
  ).toEqual(['6 resent-probe', '7 resent-timeout-spurious', '9 resent-probe']);
});
