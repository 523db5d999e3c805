import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding, ReportedSuspect } from '../../src/report.js';
import { frameFilter, joinConversations, joinHosts, streamFilter } from '../../src/reporting/alike.js';

function suspect(given: Partial<ReportedSuspect> = {}): ReportedSuspect {
  return {
    cause: 'port-closed-rst',
    title: 'Nothing listens there',
    certainty: 'likely',
    where: '10.0.0.2',
    isLinux: true,
    because: [],
    against: [],
    facts: [],
    ...given,
  };
}

function finding(stream: number, client: string, server: string, given: Partial<Finding> = {}): Finding {
  return {
    pattern: 'connection-refused',
    title: 'Connection refused',
    severity: 'failure',
    subject: `${client} to ${server}`,
    side: 'client',
    streams: [stream],
    frames: [stream * 2 + 1],
    filter: `tcp.stream eq ${stream}`,
    sentence: 'The SYN was answered with a reset.',
    suspects: [suspect({ where: server.slice(0, server.lastIndexOf(':')) })],
    ruledOut: [],
    ...given,
  };
}

const subjects = (findings: readonly Finding[]): string[] => findings.map(({ subject }) => subject);

describe('findings that are alike', () => {
  test('are one for all conversations with a server', () => {
    const [joined, ...others] = joinConversations([finding(0, '10.0.0.1:40000', '10.0.0.2:80'), finding(3, '10.0.0.1:40001', '10.0.0.2:80')]);
    expect(others).toEqual([]);
    expect(joined).toMatchObject({
      subject: '2 conversations to 10.0.0.2:80',
      streams: [0, 3],
      frames: [1, 7],
      filter: 'tcp.stream in {0, 3}',
      sentence: 'In 2 conversations; the first: the SYN was answered with a reset.',
    });
  });

  test('are one for many ports of a host, and stay several for few', () => {
    const ports = (count: number): Finding[] =>
      Array.from({ length: count }, (_, i) => finding(i, `[2001:db8::${i}]:40000`, `[2001:db8::ff]:${80 + i}`));
    expect(subjects(joinConversations(ports(4)))).toEqual(['4 conversations to various ports of 2001:db8::ff']);
    expect(joinConversations(ports(3))).toHaveLength(3);
  });

  test('are one for many servers that a client talks to, and say that the cause is at more than one host', () => {
    const [joined, ...others] = joinConversations([1, 2, 3, 4].map((i) => finding(i, '10.0.0.1:40000', `10.0.1.${i}:80`)));
    expect(others).toEqual([]);
    expect(joined?.subject).toBe('4 conversations to various servers from 10.0.0.1');
    expect(joined?.suspects[0]?.where).toBe('10.0.1.1 and others');
  });

  test('are not one when the facts of the hosts differ', () => {
    const all = [1, 2, 3, 4].map((i) =>
      finding(i, '10.0.0.1:40000', `10.0.1.${i}:80`, { suspects: [suspect({ facts: i === 4 ? ['TcpOutRsts rose by 1'] : [] })] }),
    );
    expect(joinConversations(all)).toHaveLength(4);
  });

  test('are one for many hosts', () => {
    const all = [1, 2, 3, 4].map((i) => finding(i, '', '', { side: null, subject: `10.0.0.${i}`, suspects: [suspect({ where: `10.0.0.${i}` })] }));
    expect(subjects(joinHosts(all.slice(1)))).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4']);
    const [joined] = joinHosts(all);
    expect(joined?.subject).toBe('10.0.0.1 and 3 more');
    expect(joined?.sentence).toBe('The same of 4; the first, 10.0.0.1: the SYN was answered with a reset.');
    expect(joined?.suspects[0]?.where).toBe('10.0.0.1 and others');
  });

  test('lose no conversation and are said no more often than before', () => {
    const host = fc.integer({ min: 1, max: 3 });
    const port = fc.integer({ min: 80, max: 86 });
    const certainty = fc.constantFrom('likely', 'possible');
    fc.assert(
      fc.property(fc.array(fc.tuple(host, host, port, certainty), { maxLength: 40 }), (all) => {
        const findings = all.map(([client, server, to, sure], i) =>
          finding(i, `10.0.0.${client}:40000`, `10.1.0.${server}:${to}`, { suspects: [suspect({ certainty: sure as 'likely' })] }),
        );
        const joined = joinConversations(findings);
        expect(joined.flatMap(({ streams }) => streams).sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
        for (const { streams, suspects } of joined) for (const stream of streams) expect(all[stream]?.[3]).toBe(suspects[0]?.certainty);
      }),
    );
  });
});

test('a filter names ranges when there are too many numbers', () => {
  expect(streamFilter([7])).toBe('tcp.stream eq 7');
  expect(streamFilter(Array.from({ length: 20 }, (_, i) => i))).toBe(
    'tcp.stream in {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}',
  );
  expect(streamFilter([30, ...Array.from({ length: 20 }, (_, i) => i), 31, 33, 34, 35])).toBe('tcp.stream in {0..19, 30, 31, 33..35}');
  expect(frameFilter(Array.from({ length: 70 }, (_, i) => i + 1))).toBe('frame.number in {1..70}');
});
