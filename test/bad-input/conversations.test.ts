import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';
import { told } from './told.js';

const OPTIONS = '<mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>';

/** A whole conversation from these initial sequence numbers on: what both ends sent fits together modulo 2^32. */
function conversation(client: number, server: number, at = 0): string {
  const seq = (isn: number, offset: number): number => (isn + offset) % 2 ** 32;
  const line = (after: number, rest: string): string => `${(at + after).toFixed(3)} ${rest}`;
  const [c, s] = [(offset: number) => seq(client, offset), (offset: number) => seq(server, offset)];
  return [
    line(0.0, `> S ${c(0)}:${c(0)}(0) win 64240 ${OPTIONS}`),
    line(0.01, `< S. ${s(0)}:${s(0)}(0) ack ${c(1)} win 65160 ${OPTIONS}`),
    line(0.011, `> . ${c(1)}:${c(1)}(0) ack ${s(1)} win 502`),
    line(0.012, `> P. ${c(1)}:${c(101)}(100) ack ${s(1)} win 502`),
    line(0.022, `< P. ${s(1)}:${s(301)}(300) ack ${c(101)} win 509`),
    line(0.023, `> F. ${c(101)}:${c(101)}(0) ack ${s(301)} win 500`),
    line(0.033, `< F. ${s(301)}:${s(301)}(0) ack ${c(102)} win 509`),
    line(0.034, `> . ${c(102)}:${c(102)}(0) ack ${s(302)} win 500`),
  ].join('\n');
}

const WHOLE = conversation(1000, 5000);
/** With the IP IDs that its senders gave them, whatever becomes of their order. */
const LINES = WHOLE.split('\n').map((line, i) => `${line} id ${i + 1}`);
const without = (pattern: RegExp): string => LINES.filter((line) => !pattern.test(line)).join('\n');

const FAST_OPEN = `
  0.000 > S  1000:1100(100) win 64240 ${OPTIONS}
  0.010 < S. 5000:5000(0) ack 1101 win 65160 ${OPTIONS}
  0.011 > .  1101:1101(0) ack 5001 win 502
  0.012 > F. 1101:1101(0) ack 5001 win 502
  0.022 < F. 5001:5001(0) ack 1102 win 509
  0.023 > .  1102:1102(0) ack 5002 win 502`;

const OVERTAKEN = `
  0.000 > S  1000:1000(0) win 64240 ${OPTIONS} id 1
  0.010 < S. 5000:5000(0) ack 1001 win 65160 ${OPTIONS} id 0
  0.011 > .  1001:1001(0) ack 5001 win 502 id 2
  0.013 > P. 1101:1201(100) ack 5001 win 502 id 4
  0.023 < .  5001:5001(0) ack 1001 win 509 <nop,nop,sack 1101 1201> id 1
  1.012 > P. 1001:1101(100) ack 5001 win 502 id 3
  1.022 < .  5001:5001(0) ack 1201 win 509 id 2
  1.023 > P. 1201:1301(100) ack 5001 win 502 id 5
  1.033 < .  5001:5001(0) ack 1301 win 509 id 3`;

/** What is told of the file, of how many conversations, with what found. */
async function summary(transcript: string): Promise<string> {
  const { file } = capture(transcript);
  const { capture: of, findings } = await analyze(captureOf(file));
  const outcomes = Object.entries(of.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  return [await told(file), outcomes.join(', '), ...findings.map(({ pattern }) => pattern).sort()].join('; ');
}

test.each<[string, string, string]>([
  ['whose sequence numbers begin at 2^32 - 1', conversation(2 ** 32 - 1, 2 ** 32 - 1), '8 of 8; 1 closed'],
  ['whose data passes 2^32', conversation(2 ** 32 - 50, 2 ** 32 - 150), '8 of 8; 1 closed'],
  [
    'on the same two ports a hundred times',
    Array.from({ length: 100 }, (_, i) => conversation(i * 1_000_000, 7, i)).join('\n'),
    '800 of 800; 100 closed; time-wait-reopened; time-waits-pile-up',
  ],
  ['of which the beginning is missing', LINES.slice(3).join('\n'), '5 of 5; 1 begun before the capture, closed; begun-midstream'],
  ['of which only one direction is there', without(/ < /), '5 of 5; 1 only one direction captured; one-direction-only'],
  [
    'that was captured twice',
    LINES.flatMap((line) => [line, line.replace(/^(\S+)/, (time) => (Number(time) + 2e-6).toFixed(6))]).join('\n'),
    '16 of 16; 1 closed; captured-twice',
  ],
  ['with a SYN that carries data, which is taken', FAST_OPEN, '6 of 6; 1 closed'],
  ['with SYN and FIN at once', '0.000 > SF 1000:1000(0) win 64240', '1 of 1; 1 never answered'],
  ['with every flag at once', '0.000 > SFRPUEW. 1000:1000(0) ack 1 win 64240', '1 of 1; 1 refused or reset in the handshake'],
  ['of window scale 15, where 14 is the most', WHOLE.replaceAll('wscale 7', 'wscale 15'), '8 of 8; 1 closed'],
  ['with wrong checksums everywhere', LINES.map((line) => `${line} badsum`).join('\n'), '8 of 8; 1 closed; offload-segments'],
  ['of which 54 bytes of each packet are there', LINES.map((line) => `${line} keep 54`).join('\n'), '8 of 8; 1 closed; cut-short'],
  ['of which 40 bytes of each packet are there', LINES.map((line) => `${line} keep 40`).join('\n'), '0 of 8, 8 cut too short; ; cut-short'],
  ['in segments of 60,000 bytes', WHOLE.replace('1001:1101(100)', '1001:61001(60000)'), '8 of 8; 1 closed; offload-segments'],
  ['in which a segment is overtaken for a second', OVERTAKEN, '9 of 9; 1 still open; ended-early; segments-reordered'],
  ['in which time runs backwards', LINES.map((line, i) => line.replace(/^\S+/, (1 - i / 1000).toFixed(3))).join('\n'), '8 of 8; 1 closed'],
])('a conversation %s', async (_, transcript, expected) => {
  expect(await summary(transcript)).toBe(expected);
});
