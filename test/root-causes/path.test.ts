import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Vantage } from '../../src/hosts/vantage.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

/** The suspects of each finding, most probable first, with their certainty. */
async function diagnosed(transcript: string, vantage: Vantage): Promise<Record<string, string[]>> {
  const { findings } = await analyze(captureOf(capture(transcript).file), { vantage });
  return Object.fromEntries(findings.map(({ pattern, suspects }) => [pattern, suspects.map(({ cause, certainty }) => `${cause} ${certainty}`)]));
}

async function sentence(transcript: string, vantage: Vantage, wanted: string): Promise<string | undefined> {
  const { findings } = await analyze(captureOf(capture(transcript).file), { vantage });
  return findings.find(({ pattern }) => pattern === wanted)?.sentence;
}

const AT_CLIENT = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  0.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900>`;
const AT_SERVER = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900>`;

describe('damaged segments', () => {
  test('are dropped although they arrive: the path has not lost what is sent again because of that', async () => {
    const damaged = `${AT_SERVER}
      1.000 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900> badsum
      1.220 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1320 ecr 900> badsum
      1.650 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1750 ecr 900> badsum
      2.500 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 2600 ecr 900> badsum`;
    const found = await diagnosed(damaged, 'server');
    expect(found['segments-corrupted']).toEqual(['bad-checksum-drop certain']);
    expect(found['retransmission-timeout']?.[0]).toBe('bad-checksum-drop certain');
    expect(found['retransmission-timeout']?.join()).not.toMatch(/rto-backoff|netfilter/);
  });

  test('are nothing to speak of when the receiver takes them: a card was to fill the checksum in', async () => {
    const offloaded = `${AT_SERVER}
      1.000 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900> badsum
      1.000 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 1900 ecr 1100>
      1.100 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 1200 ecr 1900> badsum
      1.100 < .  5001:5001(0) ack 1201 win 502   <nop,nop,TS val 2000 ecr 1200>
      1.200 > P. 1201:1301(100) ack 5001 win 502 <nop,nop,TS val 1300 ecr 2000> badsum
      1.420 > P. 1201:1301(100) ack 5001 win 502 <nop,nop,TS val 1520 ecr 2000> badsum
      1.420 < .  5001:5001(0) ack 1301 win 502   <nop,nop,TS val 2320 ecr 1300,nop,nop,sack 1201:1301>`;
    expect((await diagnosed(offloaded, 'server'))['segments-corrupted']).toBeUndefined();
  });

  test('are why a SYN has to come twice, not a full queue', async () => {
    const repeated = `
      0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> badsum
      1.020 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 1120 ecr 0,nop,wscale 7>
      1.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 1120,nop,wscale 7>
      1.040 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 1140 ecr 900>
      1.050 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1150 ecr 900>
      1.050 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 930 ecr 1150>`;
    expect((await diagnosed(repeated, 'server'))['syn-repeated']).toEqual(['bad-checksum-drop certain']);
  });

  test('are why a FIN has to come twice, and an acknowledgment of it that is damaged tells its sender nothing', async () => {
    const fin = `${AT_SERVER}
      1.000 > F. 1001:1001(0) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900> badsum
      1.220 > F. 1001:1001(0) ack 5001 win 502 <nop,nop,TS val 1320 ecr 900>
      1.220 < .  5001:5001(0) ack 1002 win 502 <nop,nop,TS val 2120 ecr 1320>`;
    expect((await diagnosed(fin, 'server'))['fin-repeated']).toEqual(['bad-checksum-drop certain']);
    const acknowledgment = `${AT_CLIENT}
      1.000 > F. 1001:1001(0) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
      1.020 < .  5001:5001(0) ack 1002 win 502 <nop,nop,TS val 2120 ecr 1320> badsum
      1.220 > F. 1001:1001(0) ack 5001 win 502 <nop,nop,TS val 1320 ecr 900>
      1.240 < .  5001:5001(0) ack 1002 win 502 <nop,nop,TS val 2120 ecr 1320>`;
    expect(await sentence(acknowledgment, 'client', 'fin-repeated')).toMatch(/no acknowledgment was captured before/);
  });
});

describe('a host that drops what comes in', () => {
  const asked = `${AT_CLIENT}
    1.000 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
    1.020 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 1920 ecr 1100>
    1.050 < P. 5001:5301(300) ack 1101 win 502 <nop,nop,TS val 1950 ecr 1100>
    1.220 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1320 ecr 900>
    1.240 < .  5301:5301(0) ack 1101 win 502   <nop,nop,TS val 2140 ecr 1320,nop,nop,sack 1001:1101>
    1.270 < P. 5001:5301(300) ack 1101 win 502 <nop,nop,TS val 2170 ecr 1100>
    1.650 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1750 ecr 900>
    1.670 < .  5301:5301(0) ack 1101 win 502   <nop,nop,TS val 2570 ecr 1750,nop,nop,sack 1001:1101>
    1.700 < P. 5001:5301(300) ack 1101 win 502 <nop,nop,TS val 2600 ecr 1100>
    2.500 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 2600 ecr 900>
    2.520 < .  5301:5301(0) ack 1101 win 502   <nop,nop,TS val 3420 ecr 2600,nop,nop,sack 1001:1101>
    2.550 < P. 5001:5301(300) ack 1101 win 502 <nop,nop,TS val 3450 ecr 1100>`;

  test('repeats what had been acknowledged, though the acknowledgments are in its own capture: neither late nor lost on the way', async () => {
    expect((await diagnosed(asked, 'client'))['resent-needlessly']).toEqual(['host-netfilter-drop likely']);
  });

  test('is not asked in vain for an answer by the application', async () => {
    expect(Object.keys(await diagnosed(asked, 'server'))).not.toContain('slow-answer');
  });
});

describe('a FIN that is repeated while its acknowledgment is on the way', () => {
  const closed = `
    1.000 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
    1.250 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 1920 ecr 1100>
    2.000 > F. 1101:1101(0) ack 5001 win 502   <nop,nop,TS val 2100 ecr 1920>
    2.230 > F. 1101:1101(0) ack 5001 win 502   <nop,nop,TS val 2330 ecr 1920>
    2.250 < .  5001:5001(0) ack 1102 win 502   <nop,nop,TS val 2920 ecr 2100>`;

  test('was not lost: the acknowledgment answers the first copy', async () => {
    expect((await diagnosed(AT_CLIENT + closed, 'client'))['fin-repeated']).toEqual(['spurious-rto-delay-spike likely']);
    expect(await sentence(AT_CLIENT + closed, 'client', 'fin-repeated')).toMatch(/its acknowledgment was only late/);
  });
});

test('marks that only the acknowledgments tell of are not counted as none', async () => {
  const marked = `
    0.000 > SEW 1000:1000(0)          win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.020 < SE. 5000:5000(0) ack 1001 win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.020 > .   1001:1001(0) ack 5001 win 502
    0.030 > .   1001:1101(100) ack 5001 win 502
    0.050 < E.  5001:5001(0) ack 1101 win 502
    0.051 > W.  1101:1201(100) ack 5001 win 502`;
  expect(await sentence(marked, 'client', 'congestion-marked')).toBe('1 ACK passed the mark on, and the sender slowed down once.');
});

test('an old segment that reaches TIME_WAIT was not sent again', async () => {
  const disturbed = `${AT_CLIENT}
    1.000 < P. 5001:5101(100) ack 1001 win 502 <nop,nop,TS val 1900 ecr 120>
    1.000 > .  1001:1001(0) ack 5101 win 502   <nop,nop,TS val 1100 ecr 1900>
    1.100 > F. 1001:1001(0) ack 5101 win 502   <nop,nop,TS val 1200 ecr 1900>
    1.120 < F. 5101:5101(0) ack 1002 win 502   <nop,nop,TS val 2020 ecr 1200>
    1.120 > .  1002:1002(0) ack 5102 win 502   <nop,nop,TS val 1220 ecr 2020>
    1.600 < P. 5001:5101(100) ack 1002 win 502 <nop,nop,TS val 2020 ecr 1200> id 9
    1.600 > .  1002:1002(0) ack 5102 win 502   <nop,nop,TS val 1700 ecr 2020> id 0
    1.620 < R  5102:5102(0)            win 0`;
  expect(Object.keys(await diagnosed(disturbed, 'client'))).toEqual(['time-wait-disturbed']);
});

test('a SYN-ACK that answers each of two SYNs was not doubled by its own host', async () => {
  const doubled = `
    0.0000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 7
    0.0001 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.0002 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 7
    0.0003 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.0200 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900>`;
  expect(await sentence(doubled, 'server', 'packets-duplicated')).toBe('1 packet arrived twice, with the same IP ID.');
});

describe('an MTU that shrinks, seen at the receiver', () => {
  const FULL = 1448;
  const CUT = 1348;
  /** Segments of the full size are lost behind the first; what comes later is cut anew, each into a smaller one and what it leaves over. */
  const recut = Array.from({ length: 4 }, (_, i) => {
    const seq = 2449 + i * FULL;
    const sack = `<nop,nop,TS val ${1981 + i} ecr 1180,nop,nop,sack 8241:9589>`;
    return `
      1.0${80 + i} > . ${seq}:${seq + CUT}(${CUT}) ack 5001 win 502 <nop,nop,TS val 1160 ecr 1950> id ${11 + i * 2}
      1.0${80 + i} < . 5001:5001(0) ack ${seq + CUT} win 502 ${sack}
      1.0${80 + i} > . ${seq + CUT}:${seq + FULL}(${FULL - CUT}) ack 5001 win 502 <nop,nop,TS val 1160 ecr 1950> id ${12 + i * 2}
      1.0${80 + i} < . 5001:5001(0) ack ${i < 3 ? seq + FULL : 9589} win 502 <nop,nop,TS val ${1981 + i} ecr 1180>`;
  });
  const shrinking = `${AT_SERVER}
    1.000 > . 1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
    1.000 < . 5001:5001(0) ack 2449 win 502    <nop,nop,TS val 1900 ecr 1100>
    1.050 > . 8241:9589(1348) ack 5001 win 502 <nop,nop,TS val 1150 ecr 1900> id 10
    1.050 < . 5001:5001(0) ack 2449 win 502    <nop,nop,TS val 1950 ecr 1100,nop,nop,sack 8241:9589>${recut.join('')}`;

  test('is told of by the pieces: no lost segment is that regular', async () => {
    expect((await diagnosed(shrinking, 'server'))['loss-repaired']).toEqual(['pmtu-icmp-accepted likely', 'sack-fast-recovery-loss possible']);
  });
});

test('a hole is at most as large as a segment with its options can be', async () => {
  const missing = `${AT_SERVER}
    1.000 > . 1001:1301(300) ack 5001 win 502  <nop,nop,TS val 1100 ecr 900>
    1.000 < . 5001:5001(0) ack 1301 win 502    <nop,nop,TS val 1900 ecr 1100>
    1.050 > P. 30261:30361(100) ack 5001 win 502 <nop,nop,TS val 1150 ecr 1900>
    1.050 < . 5001:5001(0) ack 1301 win 502    <nop,nop,TS val 1950 ecr 1100,nop,nop,sack 30261:30361>`;
  expect(await sentence(missing, 'server', 'large-segments-lost')).toMatch(/^Segments of 1448 bytes never arrived/);
});

describe('a SYN whose first answer comes to nothing', () => {
  const again = (first: string): string => `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7> ${first}
    1.020 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 1120 ecr 0,nop,wscale 7>
    1.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 1920 ecr 100,nop,wscale 7>
    1.040 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 1140 ecr 1920>
    1.050 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1150 ecr 1920>
    1.050 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 1950 ecr 1150>`;

  test('costs a timeout, also when the timer of the server has not fired yet', async () => {
    expect((await diagnosed(again(''), 'server'))['syn-ack-repeated']).toEqual(['third-ack-or-synack-lost certain']);
  });

  test('unless it was only slow: then the client answers the first', async () => {
    const slow = again('').replace(
      '1.040 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 1140 ecr 1920>',
      '1.400 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 700 ecr 900>',
    );
    expect(Object.keys(await diagnosed(slow.replace('1.050 > P.', '1.410 > P.').replace('1.050 < .', '1.410 < .'), 'server'))).not.toContain(
      'syn-ack-repeated',
    );
  });

  test('because it was damaged, as the client sees', async () => {
    expect((await diagnosed(again('badsum'), 'client'))['syn-ack-repeated']?.[0]).toBe('bad-checksum-drop certain');
  });
});

test('a host that rejects by itself what arrives is neither a lossy path nor a full queue', async () => {
  const { findings } = await analyze(
    captureOf(
      capture(`${AT_SERVER}
        1.000 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
        1.000 icmp unreachable 3 from server about > . 1001:1101(100)
        1.220 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1320 ecr 900>
        1.220 icmp unreachable 3 from server about > . 1001:1101(100)
        1.650 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1750 ecr 900>
        1.650 icmp unreachable 3 from server about > . 1001:1101(100)`).file,
    ),
    { vantage: 'server' },
  );
  const [suspect, ...others] = findings.find(({ pattern }) => pattern === 'retransmission-timeout')?.suspects ?? [];
  expect(suspect?.because.join()).toMatch(/the other end itself: a packet filter on that host rejects what arrives/);
  expect(others.map(({ cause }) => cause).filter((cause) => /rto-backoff|backlog|pruned|memory/.test(cause))).toEqual([]);
});

test('a size that ICMP names again and again and nobody keeps to does not reach the TCP that asks for it', async () => {
  const ignored = `${AT_CLIENT}
    1.000 > . 1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
    1.001 icmp toobig 1400 about > . 1001:2449(1448)
    1.220 > . 1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 1320 ecr 900>
    1.221 icmp toobig 1400 about > . 1001:2449(1448)
    1.650 > . 1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 1750 ecr 900>
    1.651 icmp toobig 1400 about > . 1001:2449(1448)`;
  const found = await diagnosed(ignored, 'client');
  expect(found['too-big']).toEqual(['pmtu-blackhole likely']);
  expect(found['retransmission-timeout']?.[0]).toBe('pmtu-blackhole likely');
  expect(await sentence(ignored, 'client', 'too-big')).toBe('3 ICMP errors named an MTU of 1400; segments stayed at 1448 bytes.');
});

describe('a request that a host with the capture on it does not take for a while', () => {
  const waiting = `${AT_SERVER}
    0.030 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 130 ecr 900>
    0.030 < P. 5001:5301(300) ack 1101 win 509 <nop,nop,TS val 930 ecr 130>
    0.050 > .  1101:1101(0) ack 5301 win 502   <nop,nop,TS val 150 ecr 930>
    1.000 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 1100 ecr 930>
    1.220 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 1320 ecr 930>
    1.650 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 1750 ecr 930>
    2.500 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 2600 ecr 930>
    2.500 < .  5301:5301(0) ack 1201 win 509   <nop,nop,TS val 3400 ecr 2600>`;

  test('may have met a rule of a packet filter, and filled no backlog', async () => {
    const causes = (await diagnosed(waiting, 'server'))['retransmission-timeout'];
    expect(causes?.[0]).toBe('host-netfilter-drop possible');
    expect(causes?.join()).not.toMatch(/socket-backlog-drop/);
  });
});

describe('keep-alive probes that arrive and are answered', () => {
  const probed = `${AT_SERVER}
    0.030 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 130 ecr 900>
    0.030 < P. 5001:5301(300) ack 1101 win 509 <nop,nop,TS val 930 ecr 130>
    0.050 > .  1101:1101(0) ack 5301 win 502   <nop,nop,TS val 150 ecr 930>
    2.000 > .  1100:1100(0) ack 5301 win 502   <nop,nop,TS val 2100 ecr 930>
    2.000 < .  5301:5301(0) ack 1101 win 509   <nop,nop,TS val 2900 ecr 150>
    3.000 > .  1100:1100(0) ack 5301 win 502   <nop,nop,TS val 3100 ecr 930>
    3.000 < .  5301:5301(0) ack 1101 win 509   <nop,nop,TS val 3900 ecr 150>
    4.000 > .  1100:1100(0) ack 5301 win 502   <nop,nop,TS val 4100 ecr 930>
    4.000 < .  5301:5301(0) ack 1101 win 509   <nop,nop,TS val 4900 ecr 150>`;
  const reset = (at: string): string => `
    ${at} > R. 1101:1101(0) ack 5301 win 502   <nop,nop,TS val 5100 ecr 930>`;

  test('have asked in vain when the reset comes as the next one is due: the answers were lost', async () => {
    expect((await diagnosed(probed + reset('5.000'), 'server')).aborted?.[0]).toBe('keepalive-timeout-reset likely');
  });

  test('have nothing to do with a reset at another time', async () => {
    expect((await diagnosed(probed + reset('4.400'), 'server')).aborted?.join()).not.toMatch(/keepalive/);
  });
});

test('when the path begins to lose large segments, the small one among them tells', async () => {
  const changed = `${AT_CLIENT}
    1.000 > .  1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
    1.020 < .  5001:5001(0) ack 2449 win 502    <nop,nop,TS val 1920 ecr 1100>
    2.000 > .  2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 2100 ecr 1920>
    2.000 > P. 3897:4097(200) ack 5001 win 502  <nop,nop,TS val 2100 ecr 1920>
    2.000 > .  4097:5545(1448) ack 5001 win 502 <nop,nop,TS val 2100 ecr 1920>
    2.020 < .  5001:5001(0) ack 2449 win 502    <nop,nop,TS val 2920 ecr 1100,nop,nop,sack 3897:4097>
    2.030 > .  2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 2130 ecr 2920>
    2.260 > .  2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 2360 ecr 2920>
    2.700 > .  2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 2800 ecr 2920>
    3.600 > .  2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 3700 ecr 2920>`;
  expect((await diagnosed(changed, 'client'))['large-segments-lost']).toEqual(['pmtu-blackhole possible']);
});

test('a connection that comes from another port of the same address has been translated anew', async () => {
  const rebound = `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900>
    0.030 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 130 ecr 900>
    0.030 < .  5001:5001(0) ack 1101 win 509   <nop,nop,TS val 930 ecr 130>
    2.030 1> P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 2130 ecr 930>
    2.030 1< R  5001:5001(0)            win 0`;
  expect((await diagnosed(rebound, 'server'))['stray-segment-reset']).toEqual(['middlebox-idle-expiry likely']);
});

test('who repeats what had been acknowledged, and hears its peer later, need not have a filter in the way', async () => {
  const again = `${AT_CLIENT}
    1.000 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1100 ecr 900>
    1.020 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 1920 ecr 1100>
    1.220 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1320 ecr 900>
    1.240 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 2140 ecr 1320,nop,nop,sack 1001:1101>
    1.650 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 1750 ecr 900>
    1.670 < .  5001:5001(0) ack 1101 win 502   <nop,nop,TS val 2570 ecr 1750,nop,nop,sack 1001:1101>
    1.700 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 1800 ecr 2570>
    1.720 < .  5001:5001(0) ack 1201 win 502   <nop,nop,TS val 2620 ecr 1800>`;
  expect((await diagnosed(again, 'client'))['resent-needlessly']).toEqual(['host-netfilter-drop possible']);
});
