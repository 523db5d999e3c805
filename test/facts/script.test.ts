import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readFacts } from '../../src/facts/host.js';
import { SCRIPT } from '../../src/facts/script.js';

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const isLinux = process.platform === 'linux';

describe('the script that collects the facts', () => {
  test.each(['sh', 'dash', 'bash', 'ksh'].filter(has))('is understood by %s', (shell) => {
    expect(spawnSync(shell, ['-n'], { input: SCRIPT, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test.skipIf(!has('shellcheck'))('finds favour with shellcheck', () => {
    expect(spawnSync('shellcheck', ['--shell=sh', '-'], { input: SCRIPT, encoding: 'utf8' }).stdout).toBe('');
  });

  test.skipIf(!isLinux)('saves what is read again without a doubt', () => {
    const { status, stdout, stderr } = spawnSync('sh', [], { input: SCRIPT, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const [facts] = readFacts([{ side: 'server', kind: 'facts', name: 'facts.txt', text: stdout }]);
    expect(facts?.doubts).toEqual([]);
    expect(facts?.kernel?.release).toBe(spawnSync('uname', ['-r'], { encoding: 'utf8' }).stdout.trim());
    expect(facts?.isCounted).toBe(true);
    expect(facts?.sysctls.get('net.ipv4.tcp_syncookies')).toMatch(/^[012]$/);
  });

  test.skipIf(!isLinux)('run twice tells how far counters rose, and in what time', () => {
    const run = (): string => spawnSync('sh', [], { input: SCRIPT, encoding: 'utf8' }).stdout;
    const texts = [run(), run()];
    const [facts] = readFacts(texts.map((text, i) => ({ side: 'server', kind: 'facts', name: `${i}.txt`, text })));
    expect(facts?.change?.rise('TcpExtTCPReqQFullDrop')).toBeGreaterThanOrEqual(0);
    expect(facts?.change?.until).toBeGreaterThanOrEqual(facts?.change?.since ?? Infinity);
  });
});

const BUNDLE = `### tcpexplain facts: version
1

### tcpexplain facts: time
1795231411
100.00 50.00

### tcpexplain facts: kernel
5.15.0-91-generic

### tcpexplain facts: addresses
2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0
1: lo    inet 127.0.0.1/8 scope host lo

### tcpexplain facts: counters
TcpInSegs 100 0.0

### tcpexplain facts: log
[   90.500000] TCP: too many orphaned sockets

### tcpexplain facts: end
`;

describe('its output', () => {
  const [facts] = readFacts([{ side: undefined, kind: 'facts', name: 'facts.txt', text: BUNDLE }]);

  test('names the addresses of the host, but none that every host has', () => {
    expect([...(facts?.addresses ?? [])]).toEqual(['10.0.0.5']);
  });

  test('dates the kernel log by the uptime', () => {
    expect(facts?.log.map(({ time }) => time)).toEqual([1795231401.5]);
  });

  test('is also known with the line ends of another system, and behind a greeting', () => {
    const [other] = readFacts([{ side: undefined, kind: 'nstat', name: 'facts.txt', text: `Welcome!\r\n${BUNDLE.replaceAll('\n', '\r\n')}` }]);
    expect(other?.kernel?.version).toBe('5.15.0');
    expect(other?.doubts).toEqual([]);
  });

  test('that was cut is said to be', () => {
    const [cut] = readFacts([{ side: undefined, kind: 'facts', name: 'facts.txt', text: BUNDLE.slice(0, -60) }]);
    expect(cut?.doubts).toContain('facts.txt: it was cut, its last section is missing.');
  });

  test('is asked for where something else is given', () => {
    const [other] = readFacts([{ side: undefined, kind: 'facts', name: 'notes.txt', text: 'TcpInSegs 100 0.0\n' }]);
    expect(other?.doubts).toEqual(['notes.txt: it is no output of the script that "tcpexplain facts" prints.']);
  });
});

test('a setting that changed between two readings is used no more, and both values are named', () => {
  const files = ['1', '0', '1'].map((value, i) => ({
    side: 'server',
    kind: 'sysctl' as const,
    name: `${i}`,
    text: `net.ipv4.tcp_sack = ${value}\n`,
  }));
  const [facts] = readFacts(files);
  expect(facts?.sysctls.has('net.ipv4.tcp_sack')).toBe(false);
  expect(facts?.doubts).toEqual(['net.ipv4.tcp_sack was 1 at first and 0 later: neither was used.']);
});
