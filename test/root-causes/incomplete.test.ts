import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

async function patternsIn(transcript: string): Promise<string[]> {
  return (await analyze(captureOf(capture(transcript).file), { vantage: 'client' })).findings.map(({ pattern }) => pattern);
}

test('where the capture lacks the SYN-ACK, the answers to what the client sent belong to its connection', async () => {
  const found = await patternsIn(`
    0.000 > S  1000:1000(0)            win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
    0.020 > .  1001:1001(0) ack 5001   win 502 <nop,nop,TS val 120 ecr 900> id 2
    0.021 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 121 ecr 900> id 3
    0.041 < .  5001:5001(0) ack 1101   win 509 <nop,nop,TS val 921 ecr 121> id 1
    0.042 < P. 5001:5301(300) ack 1101 win 509 <nop,nop,TS val 922 ecr 121> id 2`);
  expect(found).not.toContain('syn-strangely-answered');
});

test('where the options of the SYNs were cut, the scale of the windows is unknown: none is taken for small', async () => {
  const exchange = (i: number): string => {
    const [seq, at] = [1001 + i * 100, 0.1 + i * 0.1];
    return `
      ${at.toFixed(3)} > P. ${seq}:${seq + 100}(100) ack 5001 win 1 <nop,nop,TS val ${200 + i * 100} ecr 900>
      ${(at + 0.02).toFixed(3)} < . 5001:5001(0) ack ${seq + 100} win 1 <nop,nop,TS val ${1000 + i * 100} ecr ${200 + i * 100}>`;
  };
  const found = await patternsIn(`
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10> id 1 keep 68
    0.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 10> keep 68
    0.020 > .  1001:1001(0) ack 5001 win 1     <nop,nop,TS val 120 ecr 900> id 2
    ${Array.from({ length: 12 }, (_, i) => exchange(i)).join('')}`);
  expect(found).toContain('cut-short');
  expect(found).not.toContain('window-limited');
});

test('a FIN that its peer has acknowledged was sent, captured or not', async () => {
  const closed = (acknowledged: number): string => `
     0.000 > S  1000:1000(0)            win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
     0.020 < S. 5000:5000(0) ack 1001   win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
     0.020 > F. 1001:1001(0) ack 5001   win 502 <nop,nop,TS val 120 ecr 900> id 2
     0.040 < .  5001:5001(0) ack 1002   win 509 <nop,nop,TS val 920 ecr 120> id 1
     0.060 > .  1002:1002(0) ack ${acknowledged} win 502 <nop,nop,TS val 160 ecr 920> id 3
    10.000 2> S 1000:1000(0)            win 64240 <mss 1460,sackOK,TS val 10100 ecr 0,nop,wscale 7> id 1`;
  expect(await patternsIn(closed(5001))).toContain('close-missing');
  expect(await patternsIn(closed(5002))).not.toContain('close-missing');
});

test('a capture that holds every packet twice is not the network, also where a receiver got one of them twice in fact', async () => {
  const exchange = (i: number): string => {
    const [seq, at] = [1001 + i * 100, 0.1 + i * 0.1];
    return `
      ${at.toFixed(3)} > P. ${seq}:${seq + 100}(100) ack 5001 win 502 <nop,nop,TS val ${200 + i * 100} ecr 900> id ${i + 3}
      ${(at + 0.02).toFixed(3)} < . 5001:5001(0) ack ${seq + 100} win 509 <nop,nop,TS val ${1000 + i * 100} ecr ${200 + i * 100}> id ${i + 1}`;
  };
  const lines = `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
    0.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 120 ecr 900> id 2
    ${Array.from({ length: 12 }, (_, i) => exchange(i)).join('')}
    1.350 > P. 2101:2201(100) ack 5001 win 502 <nop,nop,TS val 1450 ecr 2100> id 15
    1.370 < .  5001:5001(0) ack 2201 win 509 <nop,nop,TS val 2250 ecr 1300,nop,nop,sack 2101:2201> id 13
    1.500 > P. 2201:2301(100) ack 5001 win 502 <nop,nop,TS val 1600 ecr 2250> id 16
    1.520 < .  5001:5001(0) ack 2301 win 509 <nop,nop,TS val 2400 ecr 1600> id 14`;
  const twice = lines.split('\n').flatMap((line) => [line, line]);
  const found = await patternsIn(twice.join('\n'));
  expect(found).toContain('captured-twice');
  expect(found).not.toContain('packets-duplicated');
});
