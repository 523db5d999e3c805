import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

const OPENING = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 0>
  0.020 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 0>
  0.020 > .  1001:1001(0) ack 5001 win 64000 <nop,nop,TS val 120 ecr 900>
`;

/** What is said about Wireshark's flags, by frame; the opening takes three. */
async function told(transcript: string, opening = OPENING): Promise<string[]> {
  const { file } = capture(`${opening}${transcript}`);
  const { flows } = await analyze(captureOf(file), { all: true });
  return flows.flatMap(({ disagreements }) => disagreements.listed.map(({ frame, sentence }) => `${frame} ${sentence}`));
}

describe('where Wireshark and the verdict part, the report says why', () => {
  test('a resend within 3 ms of the segment that showed its loss is not out of order', async () => {
    const lost = `
      0.030 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900>
      0.031 > . 1201:1301(100) ack 5001 win 64000 <nop,nop,TS val 131 ecr 900> id 5
      0.031 < . 5001:5001(0)   ack 1101 win 64000 <nop,nop,TS val 931 ecr 130,nop,nop,sack 1201:1301>
      0.0325 > . 1101:1201(100) ack 5001 win 64000 <nop,nop,TS val 151 ecr 931> id 6
    `;
    expect(await told(lost)).toEqual([
      '7 Wireshark: out-of-order; resent because its peer reported something missing; its TSval shows that it was sent after frame 5.',
    ]);
  });

  test('an overtaken segment that comes late is not a retransmission', async () => {
    const overtaken = `
      0.030 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900> id 10
      0.031 > . 1201:1301(100) ack 5001 win 64000 <nop,nop,TS val 131 ecr 900> id 12
      0.060 > . 1101:1201(100) ack 5001 win 64000 <nop,nop,TS val 131 ecr 900> id 11
    `;
    expect(await told(overtaken)).toEqual([
      '6 Wireshark: retransmission; sent once and overtaken on the way; its IP ID shows that it was sent before frame 5.',
    ]);
  });

  test('a timeout that proves needless afterwards', async () => {
    const needless = `
      0.030 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900>
      0.260 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 360 ecr 900>
      0.700 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 800 ecr 900>
      0.710 < . 5001:5001(0)   ack 1101 win 64000 <nop,nop,TS val 1590 ecr 130>
    `;
    expect(await told(needless)).toEqual([
      '5 Wireshark: retransmission; resent after 230 ms as a probe of the tail; frame 4 holds the same bytes; needless: the TSecr of frame 7 is older than its TSval, so it answers an earlier one.',
      '6 Wireshark: retransmission; resent after 440 ms by timeout; frame 5 holds the same bytes; needless: the TSecr of frame 7 is older than its TSval, so it answers an earlier one.',
    ]);
  });

  test('the zero-window probe of Linux is no keep-alive', async () => {
    const probed = `
      0.030 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900>
      0.031 < . 5001:5001(0)   ack 1101 win 0 <nop,nop,TS val 931 ecr 130>
      0.250 > . 1100:1100(0)   ack 5001 win 64000 <nop,nop,TS val 350 ecr 931>
    `;
    expect(await told(probed)).toEqual(['6 Wireshark: keep-alive; asks a receiver without room whether it has some again.']);
  });

  test('the acknowledgment of a probe byte that the receiver took acknowledges nothing unseen', async () => {
    const taken = `
      0.030 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900>
      0.031 < . 5001:5001(0)   ack 1101 win 0 <nop,nop,TS val 931 ecr 130>
      0.250 > . 1101:1102(1)   ack 5001 win 64000 <nop,nop,TS val 350 ecr 931>
      0.251 < . 5001:5001(0)   ack 1102 win 5000 <nop,nop,TS val 1151 ecr 350>
    `;
    expect(await told(taken)).toEqual([
      '7 Wireshark: ACKed unseen segment; every byte up to there was captured before, some of it in a window probe.',
    ]);
  });

  test('what the network doubles was sent once', async () => {
    const doubled = `
      0.030 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900> id 10
      0.031 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900> id 10
    `;
    expect(await told(doubled)).toEqual([
      '5 Wireshark: retransmission; sent once and doubled on the way; it is the packet of frame 4: all fields are equal.',
    ]);
  });

  test('what the capture holds twice is said once', async () => {
    const copied = `
      0.0300 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900> id 10 ttl 64
      0.0301 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900> id 10 ttl 63
      0.0400 > . 1101:1201(100) ack 5001 win 64000 <nop,nop,TS val 140 ecr 900> id 11 ttl 64
      0.0401 > . 1101:1201(100) ack 5001 win 64000 <nop,nop,TS val 140 ecr 900> id 11 ttl 63
    `;
    expect(await told(copied)).toEqual([
      '5 Wireshark flags 2 copies of packets; the capture itself made them: same bytes and IP ID; their TTL, tag or interface differs, one frame holds them all, or nearly every packet comes twice.',
    ]);
  });

  test('where every packet comes twice, of both directions and unreported, a mirror port does it', async () => {
    const twice = (line: string): string => `${line}\n${line.replace(/^(\d+\.\d+)/, (time) => `${time}01`)}`;
    const lines = [
      '0.030 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900> id 10',
      '0.050 < . 5001:5101(100) ack 1101 win 64000 <nop,nop,TS val 950 ecr 130> id 20',
      '0.060 > . 1101:1201(100) ack 5101 win 64000 <nop,nop,TS val 160 ecr 950> id 11',
      '0.080 < . 5101:5201(100) ack 1201 win 64000 <nop,nop,TS val 980 ecr 160> id 21',
      '0.090 > . 1201:1301(100) ack 5201 win 64000 <nop,nop,TS val 190 ecr 980> id 12',
    ];
    expect(await told(lines.map(twice).join('\n'), '')).toEqual([
      '2 Wireshark flags 5 copies of packets; the capture itself made them: same bytes and IP ID; their TTL, tag or interface differs, one frame holds them all, or nearly every packet comes twice.',
    ]);
  });

  test('a segment in the place of one that another clock had stamped is not sent again', async () => {
    const forged = `
      0.030 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130000 ecr 900>
      0.051 < . 5001:5001(0)   ack 1101 win 64000 <nop,nop,TS val 951 ecr 130000>
      0.100 > . 1101:1201(100) ack 5001 win 64000 <nop,nop,TS val 200 ecr 951>
      0.400 > . 1101:1201(100) ack 5001 win 64000 <nop,nop,TS val 130400 ecr 951>
    `;
    expect(await told(forged)).toEqual([
      '7 Wireshark: retransmission; not sent again: what used these sequence numbers before has the timestamp of another clock.',
    ]);
  });

  test('where both say the same nothing is said', async () => {
    const lost = `
      0.030 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 130 ecr 900>
      0.260 > . 1001:1101(100) ack 5001 win 64000 <nop,nop,TS val 360 ecr 900>
      0.280 < . 5001:5001(0)   ack 1101 win 64000 <nop,nop,TS val 1190 ecr 360>
    `;
    expect(await told(lost)).toEqual([]);
  });
});
