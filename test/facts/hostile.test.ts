import { describe, expect, test } from 'vitest';
import { type FactFile, readFacts } from '../../src/facts/host.js';

const KINDS: readonly FactFile['kind'][] = ['facts', 'kernel', 'sysctl', 'nstat', 'ss', 'dmesg'];
const SECTIONS = ['time', 'kernel', 'addresses', 'counters', 'sockets', 'sysctl', 'log'];

/** So long that a pattern which goes back and forth does not end in a lifetime, and one that tries every pair of places not in a minute. */
const LENGTH = 300_000;
const over = (start: string, part: string, end = ''): string => start + part.repeat(Math.ceil(LENGTH / part.length)) + end;

const LINES: Readonly<Record<string, string>> = {
  'one word': over('', 'x'),
  'nothing but space': over('', ' '),
  'nothing but zeros': over('', '\0'),
  'the name of a setting without end': over('', 'a.'),
  'a setting of spaces': over('net.ipv4.tcp_mem =', '\t', 'x'),
  'a socket at an address of colons': over('ESTAB 0 0 ', ':'),
  'a socket at many addresses': over('ESTAB 0 0 ', 'a:', '!'),
  'a socket of netstat at many addresses': over('tcp 0 0 a:1 ', 'a:', ' !'),
  'a socket of digits': over('ESTAB 0 0 a:1 b:', '1', '\u2028'),
  'digits and points': over('Tcp:\n', '1.', 'x'),
  'a heading that goes on': over('Tcp:', ' ', 'x'),
  'names without numbers': over('Tcp: ', 'a '),
  'brackets of JSON': over('{"kernel":', '['),
  'a moment without end': over('[', ' 1.1'),
  'a date without end': over('2020-01-01T00:00:00.', '1'),
  'a version without end': over('Linux 5', '.1'),
  'nothing but addresses': over('', 'inet6 addr: '),
  'the marks of sections': over('', '### tcpexplain facts: '),
};

describe('what was saved on a host and would keep a reader busy is read at once', () => {
  test.each(Object.entries(LINES))('%s', (name, line) => {
    const alone = KINDS.map((kind): FactFile => ({ side: `its ${kind}`, kind, name, text: `${line}\n` }));
    const bundled = SECTIONS.map((section): FactFile => {
      const text = `### tcpexplain facts: ${section}\n${line}\n\n### tcpexplain facts: end\n`;
      return { side: `section ${section}`, kind: 'facts', name, text };
    });
    const hosts = readFacts([...alone, ...bundled]);
    expect(hosts).toHaveLength(KINDS.length + SECTIONS.length);
    for (const { log } of hosts) expect(log).toEqual([]);
    const doubts = hosts.flatMap((host) => host.doubts);
    expect(doubts.length).toBeGreaterThan(3);
    for (const doubt of doubts) expect(doubt.length).toBeLessThan(200);
  });
});
