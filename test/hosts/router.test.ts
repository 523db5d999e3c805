import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Report } from '../../src/report.js';
import { captureOf } from '../bytes.js';
import { pcap } from '../packets.js';
import { capture } from '../transcript.js';

const [ETHERNET, LINUX_SLL2] = [14, 276];
const [TO_US, OUTGOING] = [0, 4];

/** As on "any": each line says behind `#` whether its packet came in or went out. */
async function onAny(transcript: string): Promise<Report> {
  const { file, lines } = capture(transcript);
  const frames: { time: number; bytes: Buffer }[] = [];
  for (let at = 24; at < file.length; at += 16 + file.readUInt32LE(at + 8)) {
    const head = Buffer.alloc(20);
    head.writeUInt16BE(0x0800, 0);
    head.writeUInt16BE(1, 8);
    head[10] = lines[frames.length]?.marks[0] === 'out' ? OUTGOING : TO_US;
    const bytes = file.subarray(at + 16 + ETHERNET, at + 16 + file.readUInt32LE(at + 8));
    frames.push({ time: (file.readUInt32LE(at) % 1000) + file.readUInt32LE(at + 4) / 1e6, bytes: Buffer.concat([head, bytes]) });
  }
  return analyze(captureOf(pcap(frames, LINUX_SLL2)));
}

function told({ findings }: Report): [pattern: string, suspects: string[]][] {
  return findings.map(({ pattern, suspects }) => [pattern, suspects.map(({ cause, certainty }) => `${cause} ${certainty}`)]);
}

/** A connection to port 80 of the same host, which the router lets through: every packet twice. */
const FORWARDED = `
  0.000 1> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1        # in
  0.000 1> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1 ttl 63 # out
  0.001 1< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>           # in
  0.001 1< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7> ttl 63    # out
  0.002 1> .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 102 ecr 900> id 2                           # in
  0.002 1> .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 102 ecr 900> id 2 ttl 63                    # out`;
const SYN = (time: string, id: number): string => `${time} 2> S 1000:1000(0) win 64240 <mss 1460,sackOK,TS val 300 ecr 0,nop,wscale 7> id ${id} # in`;

test('a SYN that came in at a router and never left it has met the router', async () => {
  const [unanswered] = told(await onAny(`${FORWARDED}\n${SYN('0.200', 1)}\n${SYN('1.200', 2)}\n${SYN('2.200', 3)}`));
  expect(unanswered?.[0]).toBe('syn-unanswered');
  expect(unanswered?.[1][0]).toBe('syn-unanswered-blackhole likely');
});

test('a reset that a router sends for a SYN that it has not let through is its own', async () => {
  const rejected = await onAny(`${FORWARDED}\n${SYN('0.200', 1)}\n0.200 2< R. 0:0(0) ack 1001 win 0 # out`);
  expect(told(rejected)).toContainEqual(['connection-refused', ['firewall-reject-rst likely']]);
});

test('what leaves with less than its first TTL has come from elsewhere: a router that translates addresses is not the server', async () => {
  const translated = await onAny(`
    0.000 > S  1000:1000(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> # in
    0.001 < R. 0:0(0) ack 1001 win 0 ttl 63                                          # out`);
  expect(translated.flows[0]?.vantage).toMatchObject({ place: 'middle' });
});

test('without a router in between, what comes in and what leaves tells whose host it is', async () => {
  const own = await onAny(`
    0.000 > S  1000:1000(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> # in
    0.001 < R. 0:0(0) ack 1001 win 0                                                 # out`);
  expect(own.flows[0]?.vantage).toMatchObject({ place: 'server' });
});
