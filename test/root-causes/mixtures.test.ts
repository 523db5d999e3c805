import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Vantage } from '../../src/hosts/vantage.js';
import type { Finding } from '../../src/report.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

async function found(transcript: string, pattern: string, vantage: Vantage = 'client'): Promise<Finding | undefined> {
  const { findings } = await analyze(captureOf(capture(transcript).file), { vantage });
  return findings.find((finding) => finding.pattern === pattern);
}

/** The suspects of a pattern, most probable first, with their certainty. */
async function suspects(transcript: string, pattern: string, vantage: Vantage = 'client'): Promise<string[] | undefined> {
  return (await found(transcript, pattern, vantage))?.suspects.map(({ cause, certainty }) => `${cause} ${certainty}`);
}

const OPENED = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
  0.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900> id 2`;
const ANSWERED = `${OPENED}
  0.030 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 3
  0.050 < P. 5001:5301(300) ack 1101 win 509 <nop,nop,TS val 950 ecr 130> id 1
  0.051 > .  1101:1101(0)   ack 5301 win 502 <nop,nop,TS val 151 ecr 950> id 4`;

describe('a request that meets the end of an idle connection', () => {
  const reused = `${ANSWERED}
    2.000 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 2100 ecr 950> id 5`;

  test('may leave before the FIN comes, as the client sees it: they crossed', async () => {
    const crossed = `${reused}
      2.015 < F. 5301:5301(0)   ack 1101 win 509 <nop,nop,TS val 2905 ecr 151> id 2
      2.021 < R  5301:5301(0) win 0`;
    expect((await found(crossed, 'data-after-close'))?.sentence).toBe(
      '100 B were still on their way when the other end closed, and were answered with a reset.',
    );
    expect(await suspects(crossed, 'data-after-close')).toContain('write-after-peer-close-reset certain');
  });

  test('has not crossed with a FIN that acknowledges it', async () => {
    const read = `${reused}
      2.025 < F. 5301:5301(0)   ack 1201 win 509 <nop,nop,TS val 2905 ecr 2100> id 2
      2.026 < R  5301:5301(0) win 0`;
    expect(await found(read, 'data-after-close')).toBeUndefined();
  });

  test('crosses with a reset: who resets an idle connection is not in the middle of anything', async () => {
    const reset = `${reused}
      2.015 < R. 5301:5301(0)   ack 1101 win 509 <nop,nop,TS val 2905 ecr 151> id 2`;
    expect((await suspects(reset, 'aborted'))?.[0]).toBe('linger-zero-reset likely');
  });

  test('was not written too late when an outage had held up the FIN', async () => {
    const outage = `${reused}
      2.220 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 2320 ecr 950> id 6
      2.640 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 2740 ecr 950> id 7
      3.000 < F. 5301:5301(0)   ack 1101 win 509 <nop,nop,TS val 3890 ecr 151> id 4
      3.000 > .  1201:1201(0)   ack 5302 win 502 <nop,nop,TS val 3100 ecr 3890> id 8
      3.500 > P. 1101:1201(100) ack 5302 win 502 <nop,nop,TS val 3600 ecr 3890> id 9
      3.520 < R  5302:5302(0) win 0`;
    expect((await found(outage, 'data-after-close'))?.sentence).toMatch(/^100 B that had been sent in vain 1\.00 s before the other end closed/);
    expect(await suspects(outage, 'data-after-close')).not.toContain('write-after-peer-close-reset certain');
  });
});

test('a connection that has gone on after a pause was not idle when it was reset', async () => {
  const goneOn = `${ANSWERED}
    5.000 > P. 1101:1201(100) ack 5301 win 502 <nop,nop,TS val 5100 ecr 950> id 5
    5.020 < P. 5301:5601(300) ack 1201 win 509 <nop,nop,TS val 5920 ecr 5100> id 2
    5.021 > .  1201:1201(0)   ack 5601 win 502 <nop,nop,TS val 5121 ecr 5920> id 6
    5.300 < R. 5601:5601(0)   ack 1201 win 509 <nop,nop,TS val 6200 ecr 5121> id 3`;
  expect((await found(goneOn, 'aborted'))?.sentence).toBe('The connection was reset by the end that owns it, instead of being closed with a FIN.');
});

test('the window of a reset opens nothing', async () => {
  const reset = `${OPENED}
    0.030 > .  1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 3
    0.050 < .  5001:5001(0)    ack 2449 win 0   <nop,nop,TS val 950 ecr 130> id 1
    0.270 > .  2448:2448(0)    ack 5001 win 502 <nop,nop,TS val 370 ecr 950> id 4
    0.290 < .  5001:5001(0)    ack 2449 win 0   <nop,nop,TS val 1190 ecr 130> id 2
    0.500 < R. 5001:5001(0)    ack 2449 win 60  <nop,nop,TS val 1400 ecr 130> id 3`;
  expect((await found(reset, 'zero-window'))?.sentence).toMatch(/It never opened again; 1 probe asked\.$/);
});

test('of a stall behind a closed window the closed window is the story, not the size of the buffer', async () => {
  const segments = Array.from({ length: 8 }, (_, i) => {
    const [seq, time] = [1001 + i * 1448, (0.03 + i * 0.02).toFixed(3)];
    return `
    ${time} > . ${seq}:${seq + 1448}(1448) ack 5001 win 502 <nop,nop,TS val ${130 + i * 20} ecr 900>
    ${(0.05 + i * 0.02).toFixed(3)} < . 5001:5001(0) ack ${seq + 1448} win ${i === 7 ? 0 : 12} <nop,nop,TS val ${950 + i * 20} ecr ${130 + i * 20}>`;
  });
  const stalled = `${OPENED}${segments.join('')}
    3.000 < . 5001:5001(0) ack 12585 win 12 <nop,nop,TS val 3900 ecr 270>
    3.010 > F. 12585:12585(0) ack 5001 win 502 <nop,nop,TS val 3110 ecr 3900>`;
  expect((await found(stalled, 'window-limited'))?.severity).toBe('note');
  expect((await found(stalled, 'zero-window'))?.severity).toBe('warning');
  expect(await suspects(stalled, 'window-limited')).toContain('receive-buffer-limited likely');
});

test('marks are not counted where the queue that sets them has not been passed yet', async () => {
  const marked = `
    0.000 > SEW 1000:1000(0)          win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.020 < SE. 5000:5000(0) ack 1001 win 64240 <mss 1460,sackOK,nop,wscale 7>
    0.020 > .   1001:1001(0) ack 5001 win 502
    0.021 > .   1001:1101(100) ack 5001 win 502
    0.041 < E.  5001:5001(0) ack 1101 win 502
    0.042 > W.  1101:1201(100) ack 5001 win 502
    0.062 < .   5001:5001(0) ack 1201 win 502`;
  expect((await found(marked, 'congestion-marked'))?.sentence).toBe('1 ACK passed the mark on, and the sender slowed down once.');
});

describe('where only what was sent again is in the capture', () => {
  const resent = `
    0.000 > .  1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 100 ecr 900> id 3
    0.001 > .  2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 101 ecr 900> id 4
    0.002 > .  3897:5345(1448) ack 5001 win 502 <nop,nop,TS val 102 ecr 900> id 5
    0.003 > .  5345:6793(1448) ack 5001 win 502 <nop,nop,TS val 103 ecr 900> id 6
    0.040 > .  1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 140 ecr 940> id 7
    0.080 > .  6793:8241(1448) ack 5101 win 502 <nop,nop,TS val 180 ecr 980> id 8`;

  test('nothing is said of what had asked for it', async () => {
    expect((await found(resent, 'loss-repaired'))?.sentence).toMatch(/sent again without a timeout; what had asked for it was not captured\.$/);
    expect(await suspects(resent, 'loss-repaired')).toEqual(['sack-fast-recovery-loss possible']);
  });
});

describe('what had come and was never answered when its receiver reset the connection', () => {
  /** 150 segments of 1000 bytes, each acknowledged; the window of the last acknowledgments is `window` times 128 bytes. */
  const uploaded = (window: number): string => {
    const lines = Array.from({ length: 150 }, (_, i) => {
      const [seq, sent, answered] = [1001 + i * 1000, (0.03 + i * 0.001).toFixed(4), (0.0305 + i * 0.001).toFixed(4)];
      return `${sent} > . ${seq}:${seq + 1000}(1000) ack 5001 win 502 <nop,nop,TS val ${130 + i} ecr 900>
        ${answered} < . 5001:5001(0) ack ${seq + 1000} win ${i > 140 ? window : 509} <nop,nop,TS val ${930 + i} ecr ${130 + i}>`;
    });
    return `${OPENED}\n${lines.join('\n')}
      0.800 < R. 5001:5001(0) ack 151001 win 509 <nop,nop,TS val 1700 ecr 279>`;
  };

  test('has been read when its window is as wide as at first', async () => {
    expect((await suspects(uploaded(509), 'aborted'))?.[0]).toBe('linger-zero-reset likely');
  });

  test('was read for the most part when it is more than a buffer holds, and the rest lies unread behind a small window', async () => {
    const aborted = await found(uploaded(40), 'aborted');
    expect(aborted?.suspects[0]).toMatchObject({ cause: 'close-with-unread-data-reset', certainty: 'likely' });
    expect(aborted?.suspects[0]?.because).not.toContain('the reset acknowledges them: they were in the receive queue');
  });
});

describe('while a SYN is ignored', () => {
  const ignored = (answeredAt: string): string => `
    0.000 1> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
    0.500 2> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 600 ecr 0,nop,wscale 7> id 1
    1.000 1> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 1100 ecr 0,nop,wscale 7> id 2
    1.500 2> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 1600 ecr 0,nop,wscale 7> id 2
    2.000 1> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 2100 ecr 0,nop,wscale 7> id 3
    ${answeredAt} 3> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 2200 ecr 0,nop,wscale 7> id 1
    ${answeredAt} 3< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 2200,nop,wscale 7>
    ${answeredAt} 3> P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 2210 ecr 900> id 2
    ${answeredAt} 3< P. 5001:5101(100) ack 1101 win 509 <nop,nop,TS val 910 ecr 2210>
    3.000 1> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 3100 ecr 0,nop,wscale 7> id 4
    3.000 1< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 1900 ecr 3100,nop,wscale 7>
    3.000 1> P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 3110 ecr 1900> id 5
    3.020 1< P. 5001:5101(100) ack 1101 win 509 <nop,nop,TS val 1930 ecr 3110>`;
  const against = async (transcript: string): Promise<string> => {
    const repeated = await found(transcript, 'syn-repeated', 'server');
    return repeated?.suspects.find(({ cause }) => cause === 'syn-dropped-accept-queue-full')?.against.join('; ') ?? '';
  };

  test('one that is answered before it shows that there was room', async () => {
    expect(await against(ignored('1.900'))).toContain('1 connection begun later came about: the queue had room');
  });

  test('one that is answered only after its last attempt shows nothing', async () => {
    expect(await against(ignored('2.500'))).not.toContain('the queue had room');
  });

  test('more that are answered in one instant than had been open before have met no queue of that size', async () => {
    const options = (tsval: number): string => `win 64240 <mss 1460,sackOK,TS val ${tsval} ecr 0,nop,wscale 7>`;
    const opened = (client: number, at: string, tsval: number): string => `
      ${at} ${client}> S  1000:1000(0)          ${options(tsval)}
      ${at} ${client}< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr ${tsval},nop,wscale 7>
      ${at} ${client}> P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val ${tsval + 10} ecr 900>
      ${at} ${client}< .  5001:5001(0) ack 1101 win 509 <nop,nop,TS val 910 ecr ${tsval + 10}>`;
    const isIgnored = (client: number): string => `
      0.500 ${client}> S  1000:1000(0)          ${options(600)}`;
    const goesOn = `
      2.000 1> P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 2100 ecr 910>`;
    const together = (clients: readonly number[]): string =>
      [opened(1, '0.000', 100), ...clients.map(isIgnored), ...clients.map((client) => opened(client, '1.500', 1600)), goesOn].join('');
    const tooMany = 'connections were answered in the same instant, more than the 1 that can have filled the queue';
    expect(await against(together([2, 3]))).toContain(`2 ${tooMany}`);
    expect(await against(together([2]))).not.toContain(tooMany);
  });
});

describe('a window that was opened without the sender learning of it', () => {
  const stalled = `${OPENED}
    0.030 > .  1001:2449(1448) ack 5001 win 502 <nop,nop,TS val 130 ecr 900> id 3
    0.050 < .  5001:5001(0)    ack 2449 win 0   <nop,nop,TS val 950 ecr 130> id 1
    0.270 > .  2448:2448(0)    ack 5001 win 502 <nop,nop,TS val 370 ecr 950> id 4
    0.290 < .  5001:5001(0)    ack 2449 win 0   <nop,nop,TS val 1190 ecr 130> id 2`;
  const goesOn = `
    2.030 > .  2448:2448(0)    ack 5001 win 502 <nop,nop,TS val 2130 ecr 1190> id 6
    2.050 < .  5001:5001(0)    ack 2449 win 500 <nop,nop,TS val 2950 ecr 130> id 4
    2.051 > .  2449:3897(1448) ack 5001 win 502 <nop,nop,TS val 2151 ecr 2950> id 7
    2.071 < .  5001:5001(0)    ack 3897 win 500 <nop,nop,TS val 2971 ecr 2151> id 5`;

  test('shows at the receiver by probes that come all the same', async () => {
    const lost = `${stalled}
      0.500 < .  5001:5001(0)    ack 2449 win 500 <nop,nop,TS val 1400 ecr 130> id 3${goesOn}`;
    expect((await found(lost, 'zero-window', 'server'))?.sentence).toContain('It opened again, of which the other end learnt only 1.53 s later');
    expect((await suspects(lost, 'zero-window', 'server'))?.[0]).toBe('ack-path-loss certain');
  });

  test('may be what a probe without an answer means at the sender', async () => {
    const unanswered = `${stalled}
      0.900 > .  2448:2448(0)    ack 5001 win 502 <nop,nop,TS val 1000 ecr 1190> id 5${goesOn}`;
    expect(await suspects(unanswered, 'zero-window')).toEqual(['receiver-zero-window likely', 'ack-path-loss possible']);
  });
});

test('refusals right after a host has closed all it had come from the end of a process', async () => {
  const opened = (flow: number): string => `
    0.00${flow} ${flow}> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
    0.01${flow} ${flow}< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.02${flow} ${flow}> P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 120 ecr 900> id 2
    0.03${flow} ${flow}< P. 5001:5101(100) ack 1101 win 509 <nop,nop,TS val 930 ecr 120>`;
  const closed = (flow: number): string => `
    1.00${flow} ${flow}< F. 5101:5101(0) ack 1101 win 509 <nop,nop,TS val 1900 ecr 120>`;
  const left = (flow: number): string => `
    1.10${flow} ${flow}> F. 1101:1101(0) ack 5102 win 502 <nop,nop,TS val 1200 ecr 1900> id 3`;
  const flows = [1, 2, 3];
  const stopped = `${[opened, closed, left].flatMap((line) => flows.map(line)).join('')}
    1.500 4> S  1000:1000(0) win 64240 <mss 1460,sackOK,TS val 1600 ecr 0,nop,wscale 7> id 1
    1.520 4< R. 0:0(0) ack 1001 win 0`;
  const refused = await found(stopped, 'connection-refused');
  expect(refused?.suspects[0]?.because).toContain('497 ms before, that host closed 3 connections in the same instant, as when a process ends');
});

test('what a reader leaves in the window for longer than a round trip is slow reading, not a small buffer', async () => {
  const drained = (seconds: number): string => {
    const lines = Array.from({ length: 12 }, (_, i) => {
      const [seq, at] = [1001 + i * 10_000, 0.03 + i * seconds];
      return `${at.toFixed(3)} > . ${seq}:${seq + 5000}(5000) ack 5001 win 502
        ${at.toFixed(3)} > P. ${seq + 5000}:${seq + 10_000}(5000) ack 5001 win 502
        ${(at + 0.02).toFixed(3)} < . 5001:5001(0) ack ${seq + 10_000} win ${seconds > 0.03 ? 20 : 79}
        ${(at + seconds - 0.001).toFixed(3)} < . 5001:5001(0) ack ${seq + 10_000} win 79`;
    });
    return `
      0.000 > S  1000:1000(0)          win 64240 <mss 8960,sackOK,nop,wscale 7> id 1
      0.020 < S. 5000:5000(0) ack 1001 win 10112 <mss 8960,sackOK,nop,wscale 7>
      0.020 > .  1001:1001(0) ack 5001 win 502 id 2
      ${lines.join('\n')}`;
  };
  expect(await suspects(drained(0.022), 'window-limited')).toContain('receive-buffer-limited certain');
  expect(await suspects(drained(0.055), 'window-limited')).toContain('receive-buffer-limited likely');
});

test('where other conversations lose segments, a SYN that is lost once was lost on the path', async () => {
  const lossy = (flow: number): string => `
    0.0${flow}0 ${flow}> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
    0.0${flow}2 ${flow}< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.0${flow}3 ${flow}> P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 103 ecr 900> id 2
    0.3${flow}0 ${flow}> P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 330 ecr 900> id 3
    0.3${flow}2 ${flow}< P. 5001:5101(100) ack 1101 win 509 <nop,nop,TS val 1232 ecr 330> id 1`;
  const syn = `
    5.000 7> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 5100 ecr 0,nop,wscale 7> id 1
    6.000 7> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 6100 ecr 0,nop,wscale 7> id 2
    6.020 7< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 6100,nop,wscale 7>
    6.020 7> P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 6120 ecr 900> id 3
    6.040 7< P. 5001:5101(100) ack 1101 win 509 <nop,nop,TS val 920 ecr 6120> id 1`;
  expect(await suspects(syn, 'syn-repeated')).toContain('syn-lost-on-path possible');
  expect((await suspects([1, 2, 3].map(lossy).join('') + syn, 'syn-repeated'))?.[0]).toBe('syn-lost-on-path likely');
});

describe('a reset for nothing but the acknowledgment of a FIN', () => {
  const closed = `${ANSWERED}
    0.060 > F. 1101:1101(0) ack 5301 win 502 <nop,nop,TS val 160 ecr 950> id 5`;

  test('comes from an end that does not wait in FIN_WAIT2', async () => {
    const refused = `${closed}
      0.080 < .  5301:5301(0) ack 1102 win 509 <nop,nop,TS val 980 ecr 160> id 2
      0.080 > R  1102:1102(0) win 0`;
    expect(await suspects(refused, 'fin-ack-reset')).toEqual(['finwait2-timeout-late-fin-reset likely']);
  });

  test('is another story once the other end has closed as well', async () => {
    const timeWait = `${closed}
      0.080 < F. 5301:5301(0) ack 1102 win 509 <nop,nop,TS val 980 ecr 160> id 2
      0.080 > .  1102:1102(0) ack 5302 win 502 <nop,nop,TS val 180 ecr 980> id 6
      0.200 < .  5302:5302(0) ack 1102 win 509 <nop,nop,TS val 1100 ecr 180> id 3
      0.200 > R  1102:1102(0) win 0`;
    expect(await suspects(timeWait, 'fin-ack-reset')).toBeUndefined();
  });
});

test('who has shut down one direction and reads on closes its window for want of room', async () => {
  const reading = `${ANSWERED}
    0.060 > F. 1101:1101(0)    ack 5301 win 502 <nop,nop,TS val 160 ecr 950> id 5
    0.200 < .  5301:6749(1448) ack 1102 win 509 <nop,nop,TS val 1100 ecr 160> id 2
    0.200 > .  1102:1102(0)    ack 6749 win 0   <nop,nop,TS val 300 ecr 1100> id 6
    0.400 > .  1102:1102(0)    ack 6749 win 502 <nop,nop,TS val 500 ecr 1100> id 7
    0.420 < F. 6749:6749(0)    ack 1102 win 509 <nop,nop,TS val 1320 ecr 500> id 3
    0.420 > .  1102:1102(0)    ack 6750 win 502 <nop,nop,TS val 520 ecr 1320> id 8`;
  expect(await suspects(reading, 'zero-window')).toEqual(['receiver-zero-window certain']);
});
