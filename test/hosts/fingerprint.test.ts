import { expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

/** As many whole segments as fit in 64 KB, as tcp_select_initial_window offers since 4.20; timestamps leave less room in each. */
test.each([
  ['IPv4, with timestamps', 1460, 65_160],
  ['IPv4, without', 1460, 64_240],
  ['IPv6, with timestamps', 1440, 64_260],
  ['IPv6, without', 1440, 64_800],
])('the window of a SYN-ACK is of a kernel since 4.20: %s', async (_, mss, window) => {
  const { file } = capture(`
    0.000 > S  1000:1000(0)          win 1000 <mss ${mss},sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.010 < S. 5000:5000(0) ack 1001 win ${window} <mss ${mss},sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.010 > .  1001:1001(0) ack 5001 win 502 <nop,nop,TS val 110 ecr 900>
    1.000 < R. 5001:5001(0) ack 1001 win 502`);
  const { hosts } = await analyze(captureOf(file));
  expect(hosts.find(({ address }) => address === '10.0.0.2')?.kernel).toBe('4.20 or later');
});

test('an application that asks for Multipath TCP is still one on Linux', async () => {
  const { file } = capture(`
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7,mptcp>
    0.010 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.010 > .  1001:1001(0) ack 5001 win 502 <nop,nop,TS val 110 ecr 900>
    1.000 < R. 5001:5001(0) ack 1001 win 502`);
  const { hosts } = await analyze(captureOf(file));
  expect(hosts.find(({ address }) => address === '10.0.0.1')?.kernel).toBe('4.20 or later');
});
