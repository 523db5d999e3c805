import { describe, expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import { momentOf, spanOf } from '../../src/listings/netstat/moment.js';
import { censusText, netstatText } from '../../src/listings/netstat/text.js';
import { listCensus, listNetstat, type Netstat } from '../../src/listings/netstat.js';
import { captureOf } from '../bytes.js';
import { recordings } from '../recordings.js';
import { capture } from '../transcript.js';
import { closedByClient } from './closed-by-client.js';
import { type Compared, compareSnapshots, difference, type Listed } from './kernel-sockets.js';
import { UNSEEN } from './unseen-sockets.js';

const snapshots = (await Promise.all(recordings().map(compareSnapshots))).flat();

describe("the sockets of a moment against the kernel's own snapshot of it", () => {
  const differing = snapshots.filter((compared) => difference(compared) !== '').map((compared) => `${compared.name}: ${difference(compared)}`);
  const listed = Object.values(UNSEEN).flat();

  test('a difference is one that no packet shows, and is listed with its reason', () => {
    expect(snapshots.length).toBeGreaterThan(300);
    expect(differing.filter((name) => !listed.includes(name))).toEqual([]);
  });

  test('what is listed as unseen is not seen', () => {
    expect(listed.filter((name) => !differing.includes(name))).toEqual([]);
  });

  test.each(['03_simultaneous_close', '20_close_wait_leak', '71_time_wait_full_60s'])('%s: the same sockets, queues and timers', (scenario) => {
    const of = snapshots.filter((compared) => compared.scenario === scenario);
    expect(of.length).toBeGreaterThan(1);
    const withoutTime = (listed: readonly Listed[]): unknown[] => listed.toSorted(bySocket).map(({ left, ...rest }) => rest);
    for (const { kernel, inferred } of of) expect(withoutTime(inferred)).toEqual(withoutTime(kernel));
  });

  test('what is queued and which timer has fired how often agree, but for timers of what is not sent yet', () => {
    const pairs = snapshots.flatMap(({ kernel, inferred }) =>
      kernel.flatMap((theirs) => inferred.filter(({ socket }) => socket === theirs.socket).map((ours) => ({ theirs, ours }))),
    );
    const sameQueue = pairs.filter(({ theirs, ours }) => theirs.sendQueue === ours.sendQueue);
    const sameTimer = pairs.filter(({ theirs, ours }) => theirs.timer === ours.timer);
    expect(pairs.length).toBeGreaterThan(500);
    expect(sameQueue.length / pairs.length).toBeGreaterThan(0.97);
    expect(sameTimer.length / pairs.length).toBeGreaterThan(0.98);
  });

  test('a timer fires within a twentieth or 0.1 s of when the kernel says, unless its setting was changed or the round trip varies', () => {
    const pairs = snapshots.flatMap(({ kernel, inferred }) =>
      kernel.flatMap((theirs) =>
        inferred.filter(({ socket, timer }) => socket === theirs.socket && timer === theirs.timer && timer !== '').map((ours) => ({ theirs, ours })),
      ),
    );
    const inTime = pairs.filter(({ theirs, ours }) => Math.abs(theirs.left - ours.left) <= Math.max(0.1, 0.05 * theirs.left));
    expect(pairs.length).toBeGreaterThan(150);
    expect(inTime.length / pairs.length).toBeGreaterThan(0.9);
  });
});

const bySocket = (a: Compared['kernel'][number], b: Compared['kernel'][number]): number => (a.socket < b.socket ? -1 : 1);

const tellsOf = async (transcript: string, at?: string): Promise<Netstat> =>
  listNetstat(captureOf(capture(transcript).file), at === undefined ? undefined : momentOf(at));
const lines = (found: Netstat, width = 100): string[] => [...netstatText(found, width)];

describe('as a person reads it', () => {
  test('host by host, with timers and when the kernel gives up', async () => {
    const syns =
      '0.000 > S 1000:1000(0) win 64240 <mss 1460>\n1.000 > S 1000:1000(0) win 64240 <mss 1460>\n3.000 > S 1000:1000(0) win 64240 <mss 1460>';
    expect(lines(await tellsOf(syns)).slice(1)).toEqual([
      '',
      '10.0.0.1: 1 socket: SYN_SENT 1',
      'State     Send-Q  Local Address:Port  Peer Address:Port  Timer',
      'SYN-SENT       1  10.0.0.1:40000      10.0.0.2:80        on,4.0sec,2',
      '  ends with ETIMEDOUT at +127 s (tcp_syn_retries)',
    ]);
  });

  test('a state that no packet shows says how it is known', async () => {
    const found = await tellsOf('0.000 > P. 1001:1101(100) ack 5001 win 502\n0.001 < . 5001:5001(0) ack 1101 win 502');
    expect(lines(found).filter((line) => line.startsWith('ESTAB'))).toHaveLength(2);
    expect(lines(found).join('\n')).toContain('ESTAB (inferred)');
  });

  test('no packets, no sockets, and a moment outside the capture are said in words', async () => {
    expect(lines(await listNetstat(captureOf(capture('').file)))).toEqual(['No packets: nothing is known of any socket.']);
    const closed = '0.000 > S 1:1(0) win 1 <mss 1460>\n0.001 < R 0:0(0) ack 2 win 0';
    expect(lines(await tellsOf(closed)).at(-1)).toBe('No sockets, as far as the capture shows.');
    expect(lines(await tellsOf(closed, '1970-01-01'))[0]).toContain('before the capture began');
    expect(lines(await tellsOf(closedByClient(1, 1), '61'))).toEqual([
      expect.stringContaining('61.000 s after the start'),
      'No sockets, as far as the capture shows.',
    ]);
  });

  test('lines are no wider than asked for where they can be broken', async () => {
    const found = await tellsOf(closedByClient(40, 0.5));
    const wide = lines(found, 60).filter((line) => line.length > 60);
    expect(wide.filter((line) => !/^(State|TIME-WAIT)/.test(line))).toEqual([]);
  });

  test('IPv6 addresses stand in brackets', async () => {
    const recording = recordings().find(({ name }) => name === 'handshake/refused-over-ipv6');
    const [path] = recording?.captures ?? [];
    const { fileSource } = await import('../../src/capture/source.js');
    const found = await listNetstat(new Capture([() => fileSource(`${recording?.folder}/${path}`)]), { seconds: 0, isAbsolute: false });
    expect(lines(found).join('\n')).toMatch(/\[[0-9a-f:]+\]:\d+ +\[[0-9a-f:]+\]:\d+/);
  });
});

describe('when a timer fires next', () => {
  const timerAt = async (transcript: string, at: string, host = '10.0.0.1'): Promise<string> => {
    const { hosts } = await tellsOf(transcript, at);
    const [row] = hosts.find((table) => table.host === host)?.rows ?? [];
    return `${row?.timer} ${row?.outlook}`;
  };
  const handshake = `
    0.000 > S  1000:1000(0) win 64240 <mss 1460,sackOK>
    0.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK>
    0.020 > .  1001:1001(0) ack 5001 win 502`;

  test('SYNs come once a second at first since 6.5, which three of them tell', async () => {
    const syns = [0, 1, 2, 3].map((second) => `${second}.000 > S 1000:1000(0) win 64240 <mss 1460>`).join('\n');
    expect(await timerAt(syns, '3.2')).toBe('on,800ms,3 ends with ETIMEDOUT at +131 s (tcp_syn_retries)');
  });

  test('of several segments under way the tail is probed after two round trips; of one the timeout comes first', async () => {
    const one = `${handshake}\n0.100 > . 1001:2001(1000) ack 5001 win 502`;
    expect(await timerAt(one, '0.100')).toMatch(/^on,220ms,0 /);
    expect(await timerAt(`${one}\n0.100 > . 2001:3001(1000) ack 5001 win 502`, '0.100')).toMatch(/^on,40ms,0 /);
  });

  test('a probe of the tail sets the retransmission timer anew, and twice that is waited after it has fired', async () => {
    const probed = `${handshake}
      0.100 > .  1001:2001(1000) ack 5001 win 502
      0.100 > P. 2001:2501(500) ack 5001 win 502
      0.145 > P. 2001:2501(500) ack 5001 win 502
      0.370 > .  1001:2001(1000) ack 5001 win 502`;
    expect(await timerAt(probed, '0.370')).toMatch(/^on,450ms,1 ends with ETIMEDOUT/);
  });

  test('a keep-alive probe that was answered is followed by the next after as long a silence, without end', async () => {
    const probes = [1, 2, 3].map((second) => `${second}.020 > . 1000:1000(0) ack 5001 win 502\n${second}.040 < . 5001:5001(0) ack 1001 win 509`);
    expect(await timerAt([handshake, ...probes].join('\n'), '3.540')).toBe('keepalive,500ms,0 lasts as long as the probes are answered');
  });

  test('a FIN without an answer is repeated by tcp_orphan_retries, and nobody is told of the end', async () => {
    const fin = `${handshake}\n0.100 > F. 1001:1001(0) ack 5001 win 502`;
    expect(await timerAt(fin, '0.150')).toMatch(/^on,170ms,0 is given up at \+\d+ s/);
  });

  test('a SYN with an older timestamp makes the TIME_WAIT begin anew that it meets, another one does not', async () => {
    const closed = (tsval: number): string => `
      0.000 > S  1000:1000(0) win 64240 <mss 1460,TS val 900 ecr 0>
      0.001 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,TS val 70 ecr 900>
      0.001 > .  1001:1001(0) ack 5001 win 502 <TS val 901 ecr 70>
      0.002 < F. 5001:5001(0) ack 1001 win 502 <TS val 71 ecr 901>
      0.003 > F. 1001:1001(0) ack 5002 win 502 <TS val 903 ecr 71>
      0.003 < .  5002:5002(0) ack 1002 win 502 <TS val 72 ecr 903>
      20.000 > S 700:700(0) win 64240 <mss 1460,TS val ${tsval} ecr 0>
      20.001 < . 5002:5002(0) ack 1002 win 502 <TS val 20070 ecr 903>`;
    expect(await timerAt(closed(400), '30', '10.0.0.2')).toMatch(/^timewait,50sec,0/);
    expect(await timerAt(closed(20900), '30', '10.0.0.2')).toMatch(/^timewait,30sec,0/);
  });
});

describe('what piles up', () => {
  test('TIME_WAIT lasts 60 s, and no longer', async () => {
    const timeWaits = async (at: string): Promise<number> =>
      (await tellsOf(closedByClient(10, 10), at)).hosts.flatMap(({ rows }) => rows).filter(({ state }) => state === 'TIME-WAIT').length;
    expect(await Promise.all(['5', '55', '65', '95', '140', '160'].map(timeWaits))).toEqual([1, 6, 6, 6, 2, 0]);
  });

  test('ports in TIME_WAIT that level off do not run out', async () => {
    const { ports } = await tellsOf(closedByClient(40, 0.5));
    expect(ports).toEqual([
      {
        client: '10.0.0.1',
        server: '10.0.0.2:80',
        ports: 40,
        inTimeWait: 40,
        range: { first: 32768, last: 60999 },
        rate: expect.closeTo(2, 0),
        exhaustedIn: null,
      },
    ]);
  });

  test('1,000 connections a second use up the 28,232 local ports before the first of them are free again', async () => {
    const { ports } = await tellsOf(closedByClient(2000, 0.001));
    expect(ports[0]?.exhaustedIn).toBeCloseTo((28232 - 2000) / 1000, 0);
    const found = await tellsOf(closedByClient(2000, 0.001));
    expect(lines(found, 300).at(-1)).toMatch(/2000 of 28232 local ports .* none is left in 26\.\d s, at \+28 s, if it goes on like this/);
  });

  test('by the range that the reader tells, they run out sooner', async () => {
    const { file } = capture(closedByClient(30, 0.1));
    const { ports } = await listNetstat(captureOf(file), undefined, { localPorts: { first: 40000, last: 40099 } });
    expect(ports[0]?.exhaustedIn).toBeCloseTo(70 / 10, 0);
  });

  test('where ports lie outside of the default range, nobody can tell when they run out', async () => {
    const outside = closedByClient(30, 0.1).replaceAll(/^(\s*[\d.]+) (\d+)/gm, (_, time, flow) => `${time} ${Number(flow) + 22000}`);
    const found = await tellsOf(outside);
    expect(found.ports).toEqual([expect.objectContaining({ ports: 30, range: null, exhaustedIn: null })]);
    expect(lines(found, 300).at(-1)).toMatch(/has 30 local ports in use .* outside of ip_local_port_range 32768 60999, the default: --sysctl tells/);
  });

  test('a table with many rows is cut, and says so', async () => {
    const text = lines(await tellsOf(closedByClient(300, 0.01)), 200);
    expect(text.filter((line) => line.startsWith('TIME-WAIT'))).toHaveLength(200);
    expect(text).toContain('  and 100 more; all of them with -F json');
  });

  test('at the end of a long capture no TIME_WAIT is older than 60 s, and no conversation that made room for others is missing', async () => {
    const { file } = capture(closedByClient(400, 0.5));
    const timeWaits = async (maxFlows?: number): Promise<string[]> =>
      (await listNetstat(captureOf(file), undefined, maxFlows === undefined ? {} : { maxFlows })).hosts
        .flatMap(({ rows }) => rows)
        .map(({ local, state, timer }) => `${local} ${state} ${timer}`);
    expect(await timeWaits()).toHaveLength(120);
    expect(await timeWaits(8)).toEqual(await timeWaits());
  });

  test('what is over for long is forgotten, and the rest is as if nothing were', async () => {
    const count = 12_000;
    const { file } = capture(closedByClient(count, 0.01));
    const { hosts, ports } = await listNetstat(captureOf(file));
    const rows = hosts.flatMap(({ rows: all }) => all);
    expect(rows.map(({ stream }) => stream)).toEqual(Array.from({ length: 6000 }, (_, i) => count - 6000 + i));
    expect(ports).toEqual([expect.objectContaining({ ports: 6000, inTimeWait: 6000, rate: expect.closeTo(100, 0) })]);
    const [last] = [...(await listCensus(captureOf(file), 119e9))].filter(({ host }) => host === '10.0.0.1').slice(-1);
    expect(last?.counts).toEqual({ SYN_SENT: 1, TIME_WAIT: 6000 });
  });

  test('a new connection between the same two ports ends the TIME_WAIT before it', async () => {
    const again = closedByClient(1, 1)
      .replaceAll('0.00', '5.00')
      .replaceAll('1000:', '70000:')
      .replaceAll('1001', '70001')
      .replaceAll('1002', '70002');
    const rows = (await tellsOf(`${closedByClient(1, 1)}\n${again}`, '5.0002')).hosts.flatMap(({ rows: all }) => all);
    expect(rows.map(({ state, local }) => `${state} ${local}`)).toEqual(['SYN-SENT 10.0.0.1:40000']);
  });
});

describe('after the end of the capture', () => {
  test('what the defaults say has happened by then', async () => {
    const syn =
      '0.000 > S 1000:1000(0) win 64240 <mss 1460>\n1.000 > S 1000:1000(0) win 64240 <mss 1460>\n3.000 > S 1000:1000(0) win 64240 <mss 1460>';
    const statesAt = async (at: string): Promise<string[]> => (await tellsOf(syn, at)).hosts.flatMap(({ rows }) => rows).map(({ state }) => state);
    expect(await Promise.all(['20', '126', '128'].map(statesAt))).toEqual([['SYN-SENT'], ['SYN-SENT'], []]);
  });
});

describe('counts over time', () => {
  test('are what the table of each moment counts', async () => {
    const transcript = closedByClient(12, 0.7);
    const census = [...(await listCensus(captureOf(capture(transcript).file), 1e8))];
    expect(census.length).toBeGreaterThan(10);
    for (const { seconds, host, counts } of census) {
      const { hosts } = await tellsOf(transcript, String(seconds));
      const table = hosts.find((one) => one.host === host)?.counts ?? [];
      expect(counts).toEqual(Object.fromEntries(table.filter(({ count }) => count > 0).map(({ state, count }) => [state, count])));
    }
  });

  test('are printed as columns for the states that occur', async () => {
    const census = await listCensus(captureOf(capture(closedByClient(2, 1)).file), 1e9);
    expect([...censusText(census)]).toEqual(['seconds\thost\tSYN_SENT\tTIME_WAIT', '0\t10.0.0.1\t1\t0', '1\t10.0.0.1\t1\t1']);
  });

  test('more moments than anybody reads are refused', async () => {
    const census = await listCensus(captureOf(capture(closedByClient(2, 1000)).file), 1e6);
    expect(() => [...census]).toThrow(/too many/);
  });
});

test('a moment is given in seconds after the start, since 1970, or as a date', () => {
  expect(momentOf('12.5')).toEqual({ seconds: 12.5, isAbsolute: false });
  expect(momentOf('1795231406.7')).toEqual({ seconds: 1795231406.7, isAbsolute: true });
  expect(momentOf('2026-11-21T03:23:28.5Z')).toEqual({ seconds: 1795231408.5, isAbsolute: true });
  expect(momentOf('2026-11-21T03:23:28.5')).toEqual({ seconds: 1795231408.5, isAbsolute: true });
  expect(momentOf('2026-11-21 04:23:28+01:00')).toEqual({ seconds: 1795231408, isAbsolute: true });
  expect(['', 'soon', '-1', '12:30', '2026-13-45'].map(momentOf)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

test('a span has a unit, seconds without', () => {
  expect(['500ms', '1s', '2', '5min', '1h', '0.5 s'].map(spanOf)).toEqual([5e8, 1e9, 2e9, 3e11, 3.6e12, 5e8]);
  expect(['', '0', 's', '-1s', '1 day'].map(spanOf)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});
