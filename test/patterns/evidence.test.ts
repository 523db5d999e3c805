import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Finding } from '../../src/report.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

async function findings(transcript: string): Promise<Finding[]> {
  return [...(await analyze(captureOf(capture(transcript).file))).findings];
}

async function sentence(transcript: string, pattern: string): Promise<string | undefined> {
  return (await findings(transcript)).find((finding) => finding.pattern === pattern)?.sentence;
}

describe('what a pattern counts is what happened', () => {
  test('bytes that were acknowledged before the sender was captured again passed by unseen', async () => {
    const missed = `
      0.000 > S  1000:1000(0)            win 64240 <mss 1460>
      0.010 < S. 5000:5000(0) ack 1001   win 64240 <mss 1460>
      0.010 > .  1001:1001(0) ack 5001   win 64240
      0.020 > P. 1001:2001(1000) ack 5001 win 64240
      0.030 < .  5001:5001(0) ack 4001   win 64240
      0.040 > P. 4001:5001(1000) ack 5001 win 64240
      0.050 < .  5001:5001(0) ack 5001   win 64240
    `;
    const [cause] = (await findings(missed)).find(({ pattern }) => pattern === 'packets-missed')?.suspects ?? [];
    expect(cause?.because.join()).toContain('2.0 kB were acknowledged that are not in the file');
  });

  test('an end that only resets does not show that a conversation had begun before', async () => {
    const stray = `
      0.000 > P. 1000:1005(5) ack 5000 win 500
      0.010 < R  5000:5000(0)          win 0
    `;
    expect((await findings(stray)).map(({ pattern }) => pattern)).not.toContain('begun-midstream');
  });

  test('a reset long after the SYN-ACK is told from the segment that it answers', async () => {
    const late = `
        0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
        0.001 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
        0.041 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 140 ecr 900>
      150.000 > P. 1001:1009(8) ack 5001 win 502   <nop,nop,TS val 150100 ecr 900>
      150.001 < R  5001:5001(0)          win 0
    `;
    const found = (await findings(late)).find(({ pattern }) => pattern === 'handshake-ack-reset');
    expect(found?.frames).toEqual([2, 3, 4, 5]);
    expect(found?.suspects[0]?.cause).toBe('syncookie-ack-rejected');
  });

  test.each([
    [10, 'note'],
    [1000, 'warning'],
  ])('%d ports without a gap are a %s', async (ports, severity) => {
    const closes = Array.from({ length: ports }, (_, i) => {
      const port = ((i * 7) % ports) + 1;
      const at = (ms: number): string => (i * 0.02 + ms / 1000).toFixed(3);
      return `
        ${at(0)} ${port}> S  1000:1000(0)          win 64240 <mss 1460>
        ${at(1)} ${port}< S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
        ${at(2)} ${port}> F. 1001:1001(0) ack 5001 win 64240
        ${at(3)} ${port}< F. 5001:5001(0) ack 1002 win 64240
        ${at(4)} ${port}> .  1002:1002(0) ack 5002 win 64240`;
    });
    expect((await findings(closes.join(''))).find(({ pattern }) => pattern === 'ports-used-up')?.severity).toBe(severity);
  });

  test('SACK that the capture cut off is not called missing', async () => {
    const lossOf = (keep: string): string => `
      0.000 > S  1000:1000(0)          win 64240 <mss 1460> ${keep}
      0.010 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460> ${keep}
      0.010 > . 1001:1001(0) ack 5001 win 500
      0.020 > . 1001:1101(100) ack 5001 win 500
      0.021 > . 1101:1201(100) ack 5001 win 500
      0.022 > . 1201:1301(100) ack 5001 win 500
      0.023 > . 1301:1401(100) ack 5001 win 500
      0.024 > . 1401:1501(100) ack 5001 win 500
      0.030 < . 5001:5001(0)   ack 1101 win 500
      0.031 < . 5001:5001(0)   ack 1101 win 500
      0.032 < . 5001:5001(0)   ack 1101 win 500
      0.033 < . 5001:5001(0)   ack 1101 win 500
      0.034 > . 1101:1201(100) ack 5001 win 500
      0.044 < . 5001:5001(0)   ack 1501 win 500
    `;
    const noSack = async (keep: string): Promise<string | undefined> =>
      (await findings(lossOf(keep)))
        .find(({ pattern }) => pattern === 'loss-repaired')
        ?.suspects.find(({ cause }) => cause === 'sack-unavailable-slow-recovery')?.certainty;
    expect(await noSack('')).toBe('certain');
    expect(await noSack('keep 42')).toBe('possible');
  });

  test('a FIN that a routine ACK had acknowledged before it met a reset', async () => {
    const late = `
      0.000 > F. 1000:1000(0) ack 5000 win 500 <nop,nop,TS val 1 ecr 900>
      0.010 < .  5000:5000(0) ack 1001 win 500 <nop,nop,TS val 910 ecr 1>
      0.500 < F. 5000:5000(0) ack 1001 win 500 <nop,nop,TS val 1400 ecr 1>
      0.501 > .  1001:1001(0) ack 5001 win 500 <nop,nop,TS val 501 ecr 1400>
      0.720 < F. 5000:5000(0) ack 1001 win 500 <nop,nop,TS val 1620 ecr 1>
      0.721 > R  1001:1001(0) win 0
    `;
    expect(await sentence(late, 'late-fin-reset')).toBe(
      'A FIN that had been acknowledged was sent again and answered with a reset, 221 ms after the first time.',
    );
  });

  test('every acknowledgment of a repeated FIN is cited, routine or not', async () => {
    const repeated = `
      0.000 > F. 1000:1000(0) ack 5000 win 500
      0.010 < F. 5000:5000(0) ack 1001 win 500
      0.011 > .  1001:1001(0) ack 5001 win 500
      0.230 < F. 5000:5000(0) ack 1001 win 500
      0.231 > .  1001:1001(0) ack 5001 win 500
    `;
    const found = (await findings(repeated)).find(({ pattern }) => pattern === 'fin-repeated');
    expect(found?.frames).toEqual([2, 3, 4, 5]);
    expect(found?.sentence).toContain('its acknowledgment was captured before it was repeated');
  });

  test('a timeout lasts until the last repetition, not until the flow ends', async () => {
    const silent = `
      0.000 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 100 ecr 900>
      0.300 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 400 ecr 900>
      0.900 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 1000 ecr 900>
      60.00 < P. 5000:5100(100) ack 1000 win 500 <nop,nop,TS val 60900 ecr 100>
    `;
    expect(await sentence(silent, 'retransmission-timeout')).toContain('it was not acknowledged any more, for 900 ms');
  });

  test('what was repeated after 36 ms no timer has repeated', async () => {
    const soon = `
      0.000 > . 1000:1100(100) ack 5000 win 500
      0.001 > . 1100:1200(100) ack 5000 win 500
      0.037 > . 1000:1100(100) ack 5000 win 500
      0.050 < . 5000:5000(0)   ack 1200 win 500
    `;
    expect(await sentence(soon, 'retransmission-timeout')).toBeUndefined();
  });

  test('data of a SYN that is sent again after the handshake met no timeout', async () => {
    const fastOpen = `
      0.000 > S  1000:1100(100)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
      0.300 < S. 5000:5000(0)   ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
      0.301 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 401 ecr 900>
      0.601 < .  5001:5001(0)   ack 1101 win 502 <nop,nop,TS val 1201 ecr 401>
    `;
    expect(await sentence(fastOpen, 'retransmission-timeout')).toBeUndefined();
  });

  test('what ICMP made smaller was neither lost nor repeated needlessly', async () => {
    const shrunk = `
      0.000 > . 1000:2448(1448) ack 5000 win 500 <nop,nop,TS val 100 ecr 900>
      0.001 icmp toobig 1400 about > . 1000:2448(1448)
      0.002 > . 1000:2348(1348) ack 5000 win 500 <nop,nop,TS val 102 ecr 900>
      0.003 > . 2348:2448(100)  ack 5000 win 500 <nop,nop,TS val 102 ecr 900>
      0.020 < . 5000:5000(0)    ack 2448 win 500 <nop,nop,TS val 920 ecr 100>
    `;
    const patterns = (await findings(shrunk)).map(({ pattern }) => pattern);
    expect(patterns).toContain('too-big');
    expect(patterns).not.toContain('resent-needlessly');
    expect(patterns).not.toContain('loss-repaired');
    expect(patterns).not.toContain('retransmission-timeout');
  });

  const OPENING = `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.010 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.010 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 110 ecr 900>
    0.011 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 111 ecr 900>
  `;

  test.each([
    ['after 3 s, 150 round trips', '3.011 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 3111 ecr 900>', false],
    ['after 1 µs', '0.011001 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 112 ecr 900>', false],
    ['after two round trips and a delayed ACK', '0.231 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 331 ecr 900>', true],
  ])('a tail sent again %s', async (_, again, isProbe) => {
    const found = await sentence(`${OPENING}${again}\n4.0 < .  5001:5001(0) ack 1101 win 509 <nop,nop,TS val 4900 ecr 9999>`, 'tail-probed');
    expect(found !== undefined).toBe(isProbe);
  });

  test('the three bits of Accurate ECN count marks; they do not ask to slow down', async () => {
    const counted = (third: string, acks: string): string => `
      0.000 > SeWE 1000:1000(0)            win 64240 <mss 1460,sackOK,nop,wscale 7>
      0.010 < ${third} 5000:5000(0) ack 1001 win 64240 <mss 1460,sackOK,nop,wscale 7>
      0.010 > .W   1001:1001(0)   ack 5001 win 502
      0.011 > .eE  1001:1101(100) ack 5001 win 502
      0.021 < ${acks} 5001:5001(0)   ack 1101 win 502
    `;
    expect(await sentence(counted('S.W', '.eE'), 'congestion-marked')).toBeUndefined();
    expect(await sentence(counted('S.W', '.eWE'), 'congestion-marked')).toBe('2 ACKs passed the mark on.');
    expect(await sentence(counted('S.E', '.E'), 'congestion-marked')).toContain('1 ACK passed the mark on');
  });

  test('a window that its owner takes back closes it for the probes that follow', async () => {
    const shrunk = `
      0.000 > S  1000:1000(0)          win 64240 <mss 1460,nop,wscale 0>
      0.010 < S. 5000:5000(0) ack 1001 win 1000 <mss 1460,nop,wscale 0>
      0.010 > .  1001:1001(0) ack 5001 win 500
      0.011 > P. 1001:1101(100) ack 5001 win 500
      0.020 < .  5001:5001(0) ack 1101 win 0
      0.400 > .  1100:1100(0) ack 5001 win 500
      0.401 < .  5001:5001(0) ack 1101 win 0
    `;
    const report = await analyze(captureOf(capture(shrunk).file), { all: true });
    expect(report.flows[0]?.moments.find(({ frame }) => frame === 6)?.verdict).toBe('window-probe');
  });

  test('an end that had repeated its data in vain before it resets has given the connection up', async () => {
    const vain = `
      0.000 > P. 1000:1100(100) ack 5000 win 500 <nop,nop,TS val 100 ecr 900>
      0.010 < .  5000:5000(0)   ack 1100 win 500 <nop,nop,TS val 910 ecr 100>
      1.000 < P. 5000:5100(100) ack 1100 win 500 <nop,nop,TS val 1900 ecr 100>
      1.220 < P. 5000:5100(100) ack 1100 win 500 <nop,nop,TS val 2120 ecr 100>
      1.660 < P. 5000:5100(100) ack 1100 win 500 <nop,nop,TS val 2560 ecr 100>
      90.00 > P. 1100:1200(100) ack 5000 win 500 <nop,nop,TS val 90100 ecr 910>
      90.01 < R  5000:5000(0)            win 0
    `;
    const found = (await findings(vain)).find(({ pattern }) => pattern === 'reset-answered');
    expect(found?.suspects.flatMap(({ against }) => against)).toContain(
      'this end had repeated its own data in vain: it may have given up and kept no socket',
    );
  });

  test('packets captured twice are cited themselves', async () => {
    const copied = `
      0.0000 > S  1000:1000(0)          win 64240 <mss 1460> id 7 ttl 64
      0.0001 > S  1000:1000(0)          win 64240 <mss 1460> id 7 ttl 63
      0.0010 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460> ttl 64
      0.0011 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460> ttl 63
    `;
    expect((await findings(copied)).find(({ pattern }) => pattern === 'captured-twice')?.frames).toEqual([2, 4]);
  });
});
