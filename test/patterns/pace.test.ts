import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Vantage } from '../../src/hosts/vantage.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

async function patternsIn(transcript: string, vantage: Vantage = 'client'): Promise<string[]> {
  return (await analyze(captureOf(capture(transcript).file), { vantage })).findings.map(({ pattern }) => pattern);
}

async function sentenceOf(pattern: string, transcript: string): Promise<string | undefined> {
  return (await analyze(captureOf(capture(transcript).file))).findings.find((finding) => finding.pattern === pattern)?.sentence;
}

const opened = (roundTrip: string): string => `
  0.000 > S  1000:1000(0)          win 64240 <mss 1000,nop,wscale 7>
  ${roundTrip} < S. 5000:5000(0) ack 1001 win 64240 <mss 1000,nop,wscale 7>
  ${roundTrip} > .  1001:1001(0) ack 5001 win 502`;

describe('after a pause', () => {
  const large = `${opened('0.010')}
    0.011 > .  1001:31001(30000) ack 5001 win 502
    0.021 < .  5001:5001(0) ack 31001     win 502
    3.000 > P. 31001:40001(9000) ack 5001 win 502
    3.010 < .  5001:5001(0) ack 40001     win 502`;

  test('a sender that is held to ten segments begins slowly: more follows when they are acknowledged', async () => {
    expect(await patternsIn(`${large}\n3.011 > . 40001:58001(18000) ack 5001 win 502`)).toContain('slow-restart');
  });

  test('one that has no more to send was not held', async () => {
    expect(await patternsIn(`${large}\n6.000 > . 40001:49001(9000) ack 5001 win 502`)).not.toContain('slow-restart');
    expect(await patternsIn(large)).not.toContain('slow-restart');
  });
});

describe('the same amount under way again and again', () => {
  const flights = (every: number): string => {
    const lines = Array.from({ length: 12 }, (_, i) => {
      const seq = 1001 + i * 4000;
      const at = 0.2 + i * every;
      return `
        ${at.toFixed(3)} > . ${seq}:${seq + 4000}(4000) ack 5001 win 502
        ${(at + 0.1).toFixed(3)} < . 5001:5001(0) ack ${seq + 4000} win 502`;
    });
    return (opened('0.100') + lines.join('')).replaceAll(/(> \. )(\d+):(\d+)\(4000\)/g, (_, head: string, from: string) => {
      return `${head}${from}:${Number(from) + 4000}(4000)`;
    });
  };
  const inPieces = (transcript: string): string =>
    transcript.replaceAll(/^( *[\d.]+ > \. )(\d+):\d+\(4000\)(.*)$/gm, (_, head: string, from: string, tail: string) =>
      [0, 1, 2, 3].map((i) => `${head}${Number(from) + i * 1000}:${Number(from) + (i + 1) * 1000}(1000)${tail}`).join('\n'),
    );

  test('limits a sender that goes on with every acknowledgment', async () => {
    expect(await patternsIn(inPieces(flights(0.1)))).toContain('flight-limited');
  });

  test('does not limit one that waits for something else, since its flights are several round trips apart', async () => {
    expect(await patternsIn(inPieces(flights(0.25)))).not.toContain('flight-limited');
  });

  test('says nothing where the window of the receiver is not known, because its scale was not captured', async () => {
    const late = inPieces(flights(0.1)).split('\n').slice(4).join('\n');
    expect(await patternsIn(late)).not.toContain('flight-limited');
  });
});

test('a capture at the receiver that began late does not take each round trip for a pause of the sender', async () => {
  const flights = Array.from({ length: 8 }, (_, i) => {
    const seq = 1001 + i * 1000;
    return `
      ${(0.1 + i * 0.08).toFixed(5)} > . ${seq}:${seq + 1000}(1000) ack 5001 win 502
      ${(0.1 + i * 0.08 + 0.00001).toFixed(5)} < . 5001:5001(0) ack ${seq + 1000} win 502`;
  }).join('');
  expect(await patternsIn(flights, 'server')).not.toContain('sender-idle');
});

describe('round trips that become longer', () => {
  const steps = (spans: readonly number[]): string => {
    let [seq, at] = [1001, 0.02];
    const lines = spans.map((span) => {
      const sent = Array.from({ length: 8 }, (_, i) => `${at.toFixed(3)} > . ${seq + i * 1000}:${seq + (i + 1) * 1000}(1000) ack 5001 win 502`);
      seq += 8000;
      at += span;
      sent.push(`${at.toFixed(3)} < . 5001:5001(0) ack ${seq} win 502`);
      return sent.join('\n');
    });
    return `${opened('0.010')}\n${lines.join('\n')}`;
  };

  test('little by little, with much under way, wait in a queue', async () => {
    expect(await patternsIn(steps(Array.from({ length: 30 }, (_, i) => 0.01 + i * 0.02)))).toContain('queue-growing');
  });

  test('all at once do not: the path stood still, or became longer', async () => {
    expect(await patternsIn(steps(Array.from({ length: 30 }, (_, i) => (i < 5 ? 0.01 : 0.3))))).not.toContain('queue-growing');
  });

  test('do not when only the first was long', async () => {
    const first = steps(Array.from({ length: 12 }, () => 0.02)).replaceAll(/^ *0\.010 /gm, '0.019 ');
    const late = first.replaceAll(
      /^ *([\d.]+)( [<>] )/gm,
      (_, at: string, rest: string) => `${(at === '0.000' ? 0 : Number(at) + 0.5).toFixed(3)}${rest}`,
    );
    expect(await patternsIn(late)).not.toContain('queue-growing');
  });
});

test('of keep-alive probes those without an answer are counted, also when later ones have one', async () => {
  const probes = `${opened('0.010')}
    0.011 > P. 1001:1101(100) ack 5001 win 502
    0.020 < .  5001:5001(0) ack 1101 win 502
    10.000 > . 1100:1100(0) ack 5001 win 502
    10.010 < . 5001:5001(0) ack 1101 win 502
    20.000 > . 1100:1100(0) ack 5001 win 502
    30.000 > . 1100:1100(0) ack 5001 win 502
    30.010 < . 5001:5001(0) ack 1101 win 502`;
  expect(await sentenceOf('keep-alive-answered', probes)).toContain('3 keep-alive probes, every 10.0 s, 1 of them without an answer');
});

test('a keep-alive probe that gets lost leaves the interval as it was', async () => {
  const probes = [1, 2, 4].map(
    (second) => `
    ${second}0.000 > . 1000:1000(0) ack 5000 win 500
    ${second}0.010 < . 5000:5000(0) ack 1001 win 500`,
  );
  const sentence = await sentenceOf(
    'keep-alive-answered',
    `0.000 > P. 1000:1001(1) ack 5000 win 500
     0.010 < .  5000:5000(0) ack 1001 win 500${probes.join('')}`,
  );
  expect(sentence).toBe('3 keep-alive probes, every 10.0 s, each answered.');
});
