import { expect, test } from 'vitest';
import { terminal } from '../../src/views/terminal.js';
import { pageOf, reportOf } from './reports.js';

const UNANSWERED = 'handshake/syn-unanswered-until-timeout/client.pcap';

test('a state that a timer ended names the setting whose default explains when', async () => {
  const report = await reportOf(UNANSWERED);
  const lines = [...terminal(report, { width: 80, color: false, ascii: false, top: 5, verbose: false })];
  expect(lines.find((line) => line.includes('CLOSED'))).toMatch(/133\.3\d\d CLOSED \(timer: tcp_syn_retries\)$/);
  expect(pageOf(report)).toContain('<td>timer: tcp_syn_retries</td>');
});

test('what was sent again names the timer, how long it waited, and how often its wait had been doubled', async () => {
  const page = pageOf(await reportOf('transfer/given-up-after-retries2/client.pcap'));
  const waits = [...page.matchAll(/<td>(retransmission timeout after [^<]*)<\/td>/g)].map(([, wait]) => wait);
  expect(waits).toEqual([
    'retransmission timeout after 274 ms',
    'retransmission timeout after 476 ms, doubled once',
    'retransmission timeout after 928 ms, doubled 2 times',
  ]);
});
