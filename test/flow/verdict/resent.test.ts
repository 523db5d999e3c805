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

describe('a packet that comes again long after its bytes were acknowledged', () => {
  const many = Array.from({ length: 40 }, (_, i) => {
    const seq = 1001 + i * 1000;
    const at = (1 + i / 1000).toFixed(4);
    return `
      ${at} > .  ${seq}:${seq + 1000}(1000) ack 5001 win 502 id ${100 + i}
      ${at} < .  5001:5001(0) ack ${seq + 1000} win 502`;
  }).join('');
  const again = (id: number): string => `\n1.0500 > . 3001:4001(1000) ack 5001 win 502 id ${id}`;
  const bare = withoutStamps(withoutSack(AT_RECEIVER));

  test('is a copy that the network made when it was sent before all that is remembered', async () => {
    expect(await verdictsIn(bare + many + again(102))).toEqual(['84 network-duplicate']);
  });

  test('was sent again when its IP ID is a new one', async () => {
    expect(await verdictsIn(bare + many + again(140))).toEqual(['84 resent-timeout-spurious']);
  });
});

describe('without timestamps and SACK', () => {
  const bare = withoutStamps(withoutSack(AT_SENDER));
  const timedOut = `
    1.000 > .  1001:2001(1000) ack 5001 win 502
    1.000 > .  2001:3001(1000) ack 5001 win 502
    1.000 > P. 3001:4001(1000) ack 5001 win 502
    1.250 > .  1001:2001(1000) ack 5001 win 502`;

  test('a timeout was wrong when acknowledgments go on from what was sent again to what never was (F-RTO)', async () => {
    const late = `
      1.500 < .  5001:5001(0) ack 2001 win 502
      1.501 < .  5001:5001(0) ack 3001 win 502`;
    expect(await verdictsIn(bare + timedOut + late)).toEqual(['7 resent-timeout-spurious']);
  });

  test('it was right when one acknowledgment covers all that had arrived behind the loss', async () => {
    expect(await verdictsIn(`${bare}${timedOut}\n1.270 < . 5001:5001(0) ack 4001 win 502`)).toEqual(['7 resent-timeout']);
  });
});

describe('without timestamps, what is acknowledged sooner than any round trip', () => {
  const asked = `${withoutStamps(withoutSack(AT_SENDER))}
    1.000 > .  1001:2001(1000) ack 5001 win 502
    1.000 > .  2001:3001(1000) ack 5001 win 502
    1.000 > .  3001:4001(1000) ack 5001 win 502
    1.000 > .  4001:5001(1000) ack 5001 win 502
    1.020 < .  5001:5001(0) ack 1001 win 502
    1.020 < .  5001:5001(0) ack 1001 win 502
    1.020 < .  5001:5001(0) ack 1001 win 502
    1.021 > .  1001:2001(1000) ack 5001 win 502`;

  test('was sent again for nothing: the first copy had been overtaken', async () => {
    expect(await verdictsIn(`${asked}\n1.025 < . 5001:5001(0) ack 5001 win 502`)).toEqual(['11 resent-fast-spurious']);
  });

  test('had been lost when the answer takes a round trip', async () => {
    expect(await verdictsIn(`${asked}\n1.041 < . 5001:5001(0) ack 5001 win 502`)).toEqual(['11 resent-fast']);
  });
});

test('an acknowledgment that comes again asks for something, when the SACK that said what was cut off', async () => {
  const cut = (acks: string): string => `${AT_RECEIVER}
    1.000 > .  2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
    ${acks}
    1.030 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 1130 ecr 900>`;
  const ack = (kept: string): string => `1.000 < . 5001:5001(0) ack 1001 win 509 <nop,nop,TS val 1900 ecr 120,nop,nop,sack 2001:3001>${kept}`;
  expect(await verdictsIn(cut(ack('')))).toEqual(['6 resent-fast']);
  expect(await verdictsIn(cut(ack(' keep 66')))).toEqual(['6 resent-fast']);
});

test('a copy within a moment was made by the network, also where the way to the sender was never measured', async () => {
  const twice = `
    1.0000 > . 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900> id 0
    1.0000 < . 5001:5001(0) ack 2001 win 502    <nop,nop,TS val 1900 ecr 400> id 0
    1.0004 > . 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900> id 0
    1.0004 < . 5001:5001(0) ack 2001 win 502    <nop,nop,TS val 1900 ecr 400,nop,nop,sack 1001:2001> id 0`;
  expect(await verdictsIn(twice)).toEqual(['3 network-duplicate']);
});

describe('at the receiver, when a whole flight was lost', () => {
  const flight = (id: number): string => `${AT_RECEIVER}
    0.030 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 10
    0.030 < .  5001:5001(0) ack 2001 win 502    <nop,nop,TS val 930 ecr 130>
    1.030 > .  2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 1130 ecr 930> id 20
    1.030 < .  5001:5001(0) ack 3001 win 502    <nop,nop,TS val 1930 ecr 1130>
    1.050 > .  9001:10001(1000) ack 5001 win 502 <nop,nop,TS val 1150 ecr 1930> id ${id}
    1.050 < .  5001:5001(0) ack 3001 win 502    <nop,nop,TS val 1950 ecr 1130,nop,nop,sack 9001:10001>
    1.070 > .  3001:4001(1000) ack 5001 win 502 <nop,nop,TS val 1170 ecr 1950> id 40`;

  test('its timer repairs it when nothing was sent between what filled the pause and what showed the hole', async () => {
    expect(await verdictsIn(flight(21))).toEqual(['10 resent-timeout']);
  });

  test('SACKs do when the IP IDs say that it was sent in between', async () => {
    expect(await verdictsIn(flight(27))).toEqual(['10 resent-fast']);
  });
});

test('who has asked for room asks for room again, though its peer has some by now: it has not heard of it', async () => {
  expect(
    await verdictsIn(`${AT_RECEIVER}
      1.000 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900>
      1.000 < .  5001:5001(0) ack 2001 win 0      <nop,nop,TS val 1900 ecr 400>
      1.240 > .  2000:2000(0) ack 5001 win 502    <nop,nop,TS val 640 ecr 1900>
      1.240 < .  5001:5001(0) ack 2001 win 0      <nop,nop,TS val 2140 ecr 400>
      1.400 < .  5001:5001(0) ack 2001 win 502    <nop,nop,TS val 2300 ecr 400>
      1.700 > .  2000:2000(0) ack 5001 win 502    <nop,nop,TS val 1100 ecr 2140>`),
  ).toEqual(['6 window-probe', '9 window-probe']);
});

test('an acknowledgment that a FIN has overtaken asks for nothing', async () => {
  expect(
    await verdictsIn(`${AT_RECEIVER}
      1.000 > F. 1001:1001(0) ack 5001 win 502 <nop,nop,TS val 420 ecr 900> id 9
      1.001 > .  1001:1001(0) ack 5001 win 502 <nop,nop,TS val 410 ecr 900> id 8`),
  ).toEqual([]);
});

describe('of a conversation that began before the capture', () => {
  test('an idle end is known to ask by the byte that its peer has acknowledged beyond', async () => {
    const idle = (at: number): string => `
      ${at}.000 > . 2000:2000(0) ack 5001 win 502 <nop,nop,TS val ${at}000 ecr 900>
      ${at}.020 < . 5001:5001(0) ack 2001 win 502 <nop,nop,TS val ${at}900 ecr 100>`;
    expect(await verdictsIn(idle(1) + idle(2) + idle(3))).toEqual(['3 keep-alive', '5 keep-alive']);
  });

  test('the tail that comes again unasked is a probe: nearly everybody knows SACK', async () => {
    expect(
      await verdictsIn(`
        1.000 > P. 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900>
        1.020 < .  5001:5001(0) ack 2001 win 502    <nop,nop,TS val 1920 ecr 400>
        2.000 > P. 2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 1400 ecr 1920>
        2.090 > P. 2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 1490 ecr 1920>`),
    ).toEqual(['4 resent-probe']);
  });
});

describe('without an IP ID, as in IPv6, what comes again with the timestamp of the first copy', () => {
  test('was doubled on the way when its sender had sent something later in between', async () => {
    expect(
      await verdictsIn(`${AT_RECEIVER}
        1.000 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900> id 0
        1.000 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 1900 ecr 1100>
        1.100 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 1200 ecr 1900> id 0
        1.100 < .  5001:5001(0) ack 1201 win 502   <nop,nop,TS val 2000 ecr 1200>
        1.300 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900> id 0`),
    ).toEqual(['8 network-duplicate']);
  });

  test('was doubled on the way, also when it has been forgotten meanwhile', async () => {
    const segments = Array.from({ length: 40 }, (_, i) => {
      const [seq, tsval] = [1001 + i * 100, 1100 + i];
      return `
        1.0${String(i).padStart(2, '0')} > .  ${seq}:${seq + 100}(100) ack 5001 win 502 <nop,nop,TS val ${tsval} ecr 900> id 0
        1.0${String(i).padStart(2, '0')} < .  5001:5001(0) ack ${seq + 100} win 502     <nop,nop,TS val ${tsval + 800} ecr ${tsval}>`;
    });
    expect(
      await verdictsIn(`${AT_RECEIVER}${segments.join('')}
        1.300 > .  1101:1201(100) ack 5001 win 502 <nop,nop,TS val 1101 ecr 900> id 0`),
    ).toEqual(['84 network-duplicate']);
  });

  test('was sent again when the timestamp is a new one', async () => {
    expect(
      await verdictsIn(`${AT_RECEIVER}
        1.000 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900> id 0
        1.000 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 1900 ecr 1100>
        1.300 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1400 ecr 900> id 0`),
    ).toEqual(['6 resent-probe-spurious']);
  });
});

describe('without an IP ID, a hole right after a silence', () => {
  const silent = (flags: string): string => `${AT_RECEIVER}
    1.000 > ${flags} 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900> id 0
    1.000 < .  5001:5001(0) ack 2001 win 502   <nop,nop,TS val 1900 ecr 1100>
    2.700 > .  2001:3001(1000) ack 5001 win 502 <nop,nop,TS val 2800 ecr 900> id 0
    2.700 < .  5001:5001(0) ack 3001 win 502   <nop,nop,TS val 3600 ecr 2800>
    2.720 > .  6001:7001(1000) ack 5001 win 502 <nop,nop,TS val 2820 ecr 3600> id 0
    2.720 < .  5001:5001(0) ack 3001 win 502   <nop,nop,TS val 3620 ecr 2800,nop,nop,sack 6001:7001>
    2.740 > .  3001:4001(1000) ack 5001 win 502 <nop,nop,TS val 2840 ecr 3620> id 0`;

  test('was left by a timer when the sender had not finished what it had to say before', async () => {
    expect(await verdictsIn(silent('. '))).toEqual(['10 resent-timeout']);
  });

  test('is a loss like any other when the sender had paused by itself', async () => {
    expect(await verdictsIn(silent('P.'))).toEqual(['10 resent-fast']);
  });
});

test('an acknowledgment that two others and a FIN have overtaken asks for nothing either', async () => {
  expect(
    await verdictsIn(`${AT_RECEIVER}
      1.000 > F. 1001:1001(0) ack 5001 win 502 <nop,nop,TS val 420 ecr 900> id 0
      1.001 > .  1001:1001(0) ack 5001 win 501 <nop,nop,TS val 410 ecr 900> id 0
      1.002 > .  1001:1001(0) ack 5001 win 500 <nop,nop,TS val 415 ecr 900> id 0`),
  ).toEqual([]);
});

test('what was overtaken before the capture began was not doubled, as far as anybody knows', async () => {
  expect(
    await verdictsIn(`
      1.000 > .  3001:4001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900> id 0
      1.000 < .  5001:5001(0) ack 1001 win 502    <nop,nop,TS val 1900 ecr 390,nop,nop,sack 3001:4001>
      1.001 > .  4001:5001(1000) ack 5001 win 502 <nop,nop,TS val 401 ecr 900> id 0
      1.001 < .  5001:5001(0) ack 1001 win 502    <nop,nop,TS val 1901 ecr 390,nop,nop,sack 3001:5001>
      1.002 > .  1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 400 ecr 900> id 0`),
  ).not.toContain('5 network-duplicate');
});
