import { expect, test } from 'vitest';
import type { Finding, FlowReport } from '../../src/report.js';
import { filledIn } from '../../src/views/commands.js';

const RUN = "ss -tn 'dst SERVER and dport = :PORT'; ping CLIENT; ping PEER; strace -p PID; grep TCPREPORT";
const flow = { client: '10.0.0.1:40000', server: '10.0.0.2:80' } as FlowReport;

function finding(subject: string, streams: readonly number[]): Finding {
  return { subject, streams } as Finding;
}

test('a command to confirm names the hosts and the port of the conversation, and leaves open what depends on where it runs', () => {
  const one = finding('10.0.0.1:40000 to 10.0.0.2:80', [3]);
  expect(filledIn(RUN, one, flow)).toBe("ss -tn 'dst 10.0.0.2 and dport = :80'; ping 10.0.0.1; ping PEER; strace -p PID; grep TCPREPORT");
  const overIp6 = { client: '[fd00::1]:40000', server: '[fd00::2]:443' } as FlowReport;
  expect(filledIn('nc -vz SERVER PORT # CLIENT', one, overIp6)).toBe('nc -vz fd00::2 443 # fd00::1');
});

test('where a finding is about a listener alone, that is known although none of its conversations is listed', () => {
  expect(filledIn('SERVER PORT CLIENT', finding('10.0.0.2:8080', [1, 2]), undefined)).toBe('10.0.0.2 8080 CLIENT');
  expect(filledIn('SERVER PORT CLIENT', finding('[fd00::2]:8080', [1, 2]), flow)).toBe('fd00::2 8080 CLIENT');
});

test('of many conversations with one listener only the listener is named, of many listeners nothing', () => {
  expect(filledIn('SERVER PORT CLIENT', finding('12 conversations to 10.0.0.2:80', [1, 2]), flow)).toBe('10.0.0.2 80 CLIENT');
  expect(filledIn('SERVER PORT CLIENT', finding('12 conversations of 10.0.0.1', [1, 2]), flow)).toBe('SERVER PORT CLIENT');
  expect(filledIn('SERVER PORT CLIENT', finding('12 conversations to 10.0.0.2:8080', [1, 2]), flow)).toBe('SERVER PORT CLIENT');
  expect(filledIn('SERVER PORT CLIENT', finding('10.0.0.2', []), undefined)).toBe('SERVER PORT CLIENT');
});
