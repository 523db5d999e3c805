import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeOver } from '../../src/facts/change.js';
import { type CounterReading, parseCounters } from '../../src/facts/counters/parse.js';

const saved = (name: string): string => readFileSync(join(import.meta.dirname, 'saved', name), 'utf8');

/** One host, read at one moment in four ways. */
const NSTAT = saved('nstat-az.txt');
const FORMATS = {
  'nstat -az': NSTAT,
  'nstat -azj': saved('nstat-azj.txt'),
  '/proc/net': saved('proc-net.txt'),
  'netstat -s': saved('netstat-s.txt'),
};

describe('the counters of a host', () => {
  test.each(Object.entries(FORMATS))('are read from %s, every line of it', (_, text) => {
    const { counters, unknown } = parseCounters(text);
    expect(unknown).toBe(0);
    expect(counters.get('TcpExtListenOverflows')).toBe(12);
    expect(counters.get('TcpExtTCPSynRetrans')).toBe(8);
    expect(counters.get('TcpOutRsts')).toBe(4);
  });

  test.each(Object.entries(FORMATS))('are the same numbers in %s as in nstat -az', (_, text) => {
    const truth = parseCounters(NSTAT).counters;
    const { counters } = parseCounters(text);
    const common = [...counters].filter(([name]) => truth.has(name));
    expect(common.length).toBeGreaterThan(25);
    expect(common.filter(([name, count]) => truth.get(name) !== count)).toEqual([]);
  });

  test('that are 0 are listed by nstat -az and may be missing from netstat -s', () => {
    expect(parseCounters(NSTAT).omitsZeros).toBe(false);
    expect(parseCounters(FORMATS['netstat -s']).omitsZeros).toBe(true);
  });

  test('in another language are counted as not understood, not guessed', () => {
    const german =
      'Tcp:\n    8 aktive Verbindungsöffnungen\n    1.234 Segmente empfangen\nTcpExt:\n    12 mal ist die Warteschlange übergelaufen\n    TCPTimeouts: 8\n';
    const { counters, unknown } = parseCounters(german);
    expect([...counters]).toEqual([['TcpExtTCPTimeouts', 8]]);
    expect(unknown).toBe(3);
  });

  test('with commas between the digits are not understood', () => {
    expect(parseCounters('Tcp:\n    1,234 segments received\n    5 resets sent\n')).toMatchObject({
      unknown: 1,
      counters: new Map([['TcpOutRsts', 5]]),
    });
    expect(parseCounters('TcpInSegs 1,234 0.0\nTcpOutRsts 5 0.0\n')).toMatchObject({ unknown: 1, counters: new Map([['TcpOutRsts', 5]]) });
  });
});

test.each(Object.entries(FORMATS))('a file of %s that is cut anywhere yields no number that the whole file does not have', (_, text) => {
  const whole = parseCounters(text).counters;
  fc.assert(
    fc.property(fc.nat(text.length), (end) => {
      for (const [name, count] of parseCounters(text.slice(0, end)).counters) expect([name, count]).toEqual([name, whole.get(name)]);
    }),
  );
});

test('any text is read without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseCounters(text).unknown).toBeLessThanOrEqual(text.split('\n').length);
    }),
  );
});

describe('how far a counter rose', () => {
  const reading = (text: string, time?: number): CounterReading & { time: number | undefined } => ({ ...parseCounters(text), time });
  const before = reading('TcpInSegs 100 0.0\nTcpExtListenOverflows 5 0.0\nTcpExtTCPTimeouts 0 0.0\n', 10);
  const after = reading('TcpInSegs 150 0.0\nTcpExtListenOverflows 9 0.0\nTcpExtTCPTimeouts 0 0.0\n', 40);

  test('is the difference of two readings, with the time between them', () => {
    const change = changeOver([before, after]);
    expect(change?.rise('TcpExtListenOverflows')).toBe(4);
    expect(change?.rise('TcpExtTCPTimeouts')).toBe(0);
    expect([change?.since, change?.until]).toEqual([10, 40]);
  });

  test('is unknown of a counter that neither reading has, even if others stand still', () => {
    expect(changeOver([before, after])?.rise('TcpExtPAWSPassive')).toBeUndefined();
  });

  test('is unknown from a single reading', () => {
    expect(changeOver([before])).toBeUndefined();
  });

  test('is unknown across a restart, and when the files are the wrong way round', () => {
    expect(changeOver([reading('TcpInSegs 150 0.0\n'), reading('TcpInSegs 100 0.0\n')])).toBeUndefined();
    expect(changeOver([after, before])).toBeUndefined();
  });

  test('counts from 0 where a full listing leaves out what is 0', () => {
    const change = changeOver([reading('TcpInSegs 100 0.0\n'), reading('TcpInSegs 150 0.0\nTcpExtListenOverflows 9 0.0\n')]);
    expect(change?.rise('TcpExtListenOverflows')).toBe(9);
  });

  test('does not count from 0 where only some counters were asked for', () => {
    const change = changeOver([reading('TcpExtTCPTimeouts 1 0.0\n'), reading('TcpExtTCPTimeouts 2 0.0\nTcpExtListenOverflows 9 0.0\n')]);
    expect(change?.rise('TcpExtListenOverflows')).toBeUndefined();
  });

  test('is found when each reading is two files, one for TCP and one for its extensions', () => {
    const files = [
      'Tcp: InSegs OutRsts\nTcp: 10 1\n',
      'TcpExt: ListenOverflows\nTcpExt: 3\n',
      'Tcp: InSegs OutRsts\nTcp: 20 1\n',
      'TcpExt: ListenOverflows\nTcpExt: 7\n',
    ];
    const change = changeOver(files.map((text) => reading(text)));
    expect([change?.rise('TcpExtListenOverflows'), change?.rise('TcpOutRsts')]).toEqual([4, 0]);
  });
});
