import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCounters } from '../../src/facts/counters/parse.js';
import type { FactFile } from '../../src/facts/host.js';
import { parseSysctl } from '../../src/facts/sysctl.js';
import { analyze, type Finding, type Report } from '../../src/index.js';
import { causes } from '../../src/root-causes/index.js';
import { sysctls } from '../../src/root-causes/sysctls/index.js';
import { factsOf } from '../facts/of-recording.js';
import { type Recording, recordings, truthOf } from '../recordings.js';

const ALL = recordings();

function recording(name: string): Recording {
  const found = ALL.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no recording ${name}`);
  return found;
}

async function reports({ folder, captures }: Recording, facts: readonly FactFile[]): Promise<Report[]> {
  return Promise.all(captures.map((file) => analyze(join(folder, file), { facts })));
}

const benign = new Set(causes.filter(({ isBenign }) => isBenign).map(({ id }) => id));

function confirmed(all: readonly Report[]): string[] {
  const suspects = all.flatMap(({ findings }) => findings.flatMap((finding) => finding.suspects));
  return [...new Set(suspects.filter(({ certainty }) => certainty === 'confirmed').map(({ cause }) => cause))].sort();
}

/** Causes with counters that the facts of their own recording do not prove, and why no counter can. */
const UNPROVEN: Readonly<Record<string, string>> = {
  'admin-socket-kill': 'ss -K raises no counter but TcpOutRsts',
  'client-abandoned-connect': 'TcpOutRsts counts every reset',
  'conntrack-insert-race': 'insert_failed of conntrack -S was not saved, and TcpExtTCPSynRetrans counts every repeated SYN',
  'conntrack-invalid-reset': 'TcpOutRsts counts every reset',
  'cwnd-one-after-handshake-loss': 'TcpExtTCPSynRetrans counts every repeated SYN',
  'ephemeral-ports-exhausted': 'connect() that finds no port raises no counter',
  'mtu-probing-active': 'TcpExtTCPMTUPSuccess counts probes for more, not the smaller pieces after a black hole',
  'process-killed': 'TcpExtTCPAbortOnClose counts every close() with unread data',
  'socket-backlog-drop': 'it was counted 55 times, of which the capture shows few: it only becomes likelier',
  'syn-lost-on-path': 'TcpExtTCPSynRetrans counts every repeated SYN',
  'tcp-memory-limit': 'TcpExtTCPMemoryPressures counts the beginning of the pressure, which came before the first reading',
  'ack-path-loss': 'counters tell that data arrived twice, not which direction lost something',
  'client-rejects-synack-bad-ack': 'TcpOutRsts counts every reset',
  'data-after-close-reset': 'a TIME_WAIT answers with a reset that only TcpOutRsts counts',
  'ecn-syn-blackhole': 'TcpExtTCPSynRetrans counts every repeated SYN',
  'fin-retransmit-orphan-timeout': 'TcpExtTCPAbortOnTimeout counts every connection that was given up; ss proves it where it lists the orphan',
  'firewall-reject-icmp': 'IcmpInDestUnreachs counts every ICMP error of that kind',
  'icmp-soft-error-established': 'IcmpInDestUnreachs counts every ICMP error of that kind',
  'listener-closed-pending-reset': 'TcpOutRsts counts every reset',
  'middlebox-idle-expiry': 'a box on the path forgot the connection, and its own counters were not saved',
  'nagle-delayed-ack-stall': 'TcpExtDelayedACKs counts every delayed ACK, most of which delay nothing',
  'neighbor-unresolved': 'the capture itself shows the ARP requests; no counter is about them alone',
  'out-of-window-dupack-loop': 'TcpExtBeyondWindow counts every segment outside the window, which no loop need follow',
  'port-closed-rst': 'TcpOutRsts counts every reset',
  'rto-backoff-path-loss': 'TcpExtTCPTimeouts counts timeouts, not what was lost where',
  'sack-fast-recovery-loss': 'TcpExtTCPSackRecovery counts repairs, not what was lost where',
  'slow-application-response': 'TcpExtDelayedACKs counts every delayed ACK',
  'spurious-rto-delay-spike': 'D-SACK took the timeout back, so that F-RTO had nothing to detect: TcpExtTCPSpuriousRTOs stands still',
  'stale-connection-reset-after-peer-reboot': 'TcpOutRsts counts every reset',
  'syn-unanswered-blackhole': 'what never arrives raises no counter at the server',
  'synack-dropped-at-client': 'a packet filter raises no counter of IP or TCP',
  'third-ack-or-synack-lost': 'TcpExtTCPSynRetrans counts every repeated SYN and SYN-ACK',
  'timewait-assassination': 'TIME_WAIT that ends early raises no counter',
  'timewait-syn-challenged': 'the ACK of a TIME_WAIT raises no counter, and ss lists it for other reasons too',
  'write-after-peer-close-reset': 'TcpEstabResets counts every connection that a reset ended',
};

describe('what the causes ask of a host', () => {
  const signs = causes.flatMap(({ id, facts = [] }) => facts.map((sign) => ({ id, sign })));

  test('is spelt as the kernel spells its counters', () => {
    const known = parseCounters(readFileSync(join(import.meta.dirname, '..', 'facts', 'saved', 'nstat-az.txt'), 'utf8')).counters;
    const asked = signs.flatMap(({ id, sign: { proof = [], shows = [], raises = [], still = [], quotes = [] } }) =>
      [...proof, ...shows, ...raises, ...still, ...quotes].flat().map((name) => ({ id, name })),
    );
    const counters = asked.filter(({ name }) => !name.startsWith('net.'));
    expect(counters.length).toBeGreaterThan(70);
    expect(counters.filter(({ name }) => !known.has(name) && !GONE.includes(name))).toEqual([]);
  });

  test('is a setting that a recorded kernel has, the catalogue explains, or a module of the kernel brings', () => {
    const recorded = Object.values(truthOf(recording('closing/client-closes-first')).sysctl_tcp ?? {});
    const known = new Set([...recorded.flatMap((text) => [...parseSysctl(text).sysctls.keys()]), ...sysctls.map(({ name }) => name)]);
    const asked = signs.flatMap(({ id, sign: { needs = {}, given = {}, quotes = [] } }) =>
      [...Object.keys(needs), ...Object.keys(given), ...quotes.filter((name) => name.startsWith('net.'))].map((name) => ({ id, name })),
    );
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter(({ name }) => !known.has(name.replace('*', 'all')) && !OF_MODULES.test(name))).toEqual([]);
  });
});

/** What kernels had before 4.12. */
const GONE = ['TcpExtPAWSPassive'];
const OF_MODULES = /^net\.(netfilter|ipv4\.vs)\./;

describe("a recording's own counters, settings, sockets and log", () => {
  const recorded = causes.filter(({ counters, capture }) => counters !== undefined && ALL.some(({ name }) => name === capture));

  test.each(recorded.filter(({ id }) => !(id in UNPROVEN)))('confirm $id', async ({ id, capture }) => {
    const one = recording(capture);
    expect(confirmed(await reports(one, factsOf(one)))).toContain(id);
  });

  test.each(recorded.filter(({ id }) => id in UNPROVEN))('leave $id unproven', async ({ id, capture }) => {
    const one = recording(capture);
    expect(confirmed(await reports(one, factsOf(one)))).not.toContain(id);
  });

  test('without them nothing is ever confirmed or ruled out', async () => {
    for (const one of ALL) {
      const all = await reports(one, []);
      expect(confirmed(all)).toEqual([]);
      expect(all.flatMap(({ findings }) => findings.flatMap(({ ruledOut }) => ruledOut))).toEqual([]);
    }
  });
});

describe('the facts of hosts on which nothing went wrong', () => {
  test.each([
    'closing/client-closes-first',
    'closing/server-closes-first',
    'closing/both-close-at-once',
    'closing/half-close-with-data-flowing',
    'closing/time-wait-lasts-sixty-seconds',
    'handshake/fast-open-works',
    'handshake/final-ack-lost-client-speaks-first',
    'handshake/syn-cookies-always-on',
    'handshake/refused-because-port-is-closed',
    'transfer/small-writes-with-nodelay',
  ])('confirm nothing that is wrong in %s', async (name) => {
    const one = recording(name);
    expect(confirmed(await reports(one, factsOf(one))).filter((id) => !benign.has(id))).toEqual([]);
  });

  test('confirm nothing in any other recording that a counter of theirs would have to prove', async () => {
    const idle = factsOf(recording('closing/client-closes-first'));
    for (const one of ALL) {
      const suspects = (await reports(one, idle)).flatMap(({ findings }) => findings.flatMap((finding) => finding.suspects));
      const wrong = suspects.filter(({ certainty, facts }) => certainty === 'confirmed' && facts.some((fact) => / rose by /.test(fact)));
      expect(wrong).toEqual([]);
    }
  });
});

describe('a fact that contradicts', () => {
  const abort = recording('handshake/final-ack-reset-because-accept-queue-full');
  const [, server = ''] = abort.captures;
  const withSysctl = async (text: string, side = 'server'): Promise<Finding | undefined> => {
    const { findings } = await analyze(join(abort.folder, server), { facts: [{ side, kind: 'sysctl', name: 'sysctl.txt', text }] });
    return findings.find(({ pattern }) => pattern === 'handshake-ack-reset');
  };

  test('rules a cause out and stays in the report', async () => {
    const finding = await withSysctl('net.ipv4.tcp_abort_on_overflow = 0\n');
    expect(finding?.ruledOut).toMatchObject([
      { cause: 'accept-queue-overflow-abort', where: '10.19.0.2', by: ['net.ipv4.tcp_abort_on_overflow is 0, where it takes not 0'] },
    ]);
    expect(finding?.suspects.map(({ cause }) => cause)).not.toContain('accept-queue-overflow-abort');
  });

  test('that fits is quoted, but a setting alone proves nothing', async () => {
    const [suspect] = (await withSysctl('net.ipv4.tcp_abort_on_overflow = 1\n'))?.suspects ?? [];
    expect(suspect).toMatchObject({ cause: 'accept-queue-overflow-abort', certainty: 'likely', facts: ['net.ipv4.tcp_abort_on_overflow is 1'] });
  });

  test('of the other side says nothing about it', async () => {
    const finding = await withSysctl('net.ipv4.tcp_abort_on_overflow = 0\n', 'client');
    expect(finding?.ruledOut).toEqual([]);
    expect(finding?.suspects[0]).toMatchObject({ certainty: 'likely', facts: [] });
  });

  test('with what nothing else can produce only raises doubt', async () => {
    const answered = recording('transfer/keep-alive-answered');
    const idle = factsOf(recording('closing/client-closes-first'));
    const [report] = await reports(answered, idle);
    const suspect = report?.findings[0]?.suspects[0];
    expect(suspect).toMatchObject({ cause: 'keepalive-probes-answered', certainty: 'likely' });
    expect(suspect?.against.join()).toContain('TcpExtTCPKeepAlive did not rise; was that read on the right host');
  });
});

describe('a setting that a measured time or number has to fit', () => {
  const suspects = async (name: string, file: string, side: string, text: string) => {
    const { findings } = await analyze(join(recording(name).folder, file), { facts: [{ side, kind: 'sysctl', name: 'sysctl.txt', text }] });
    return { named: findings.flatMap(({ suspects: all }) => all), ruledOut: findings.flatMap(({ ruledOut }) => ruledOut) };
  };

  test('the box on the path forgets sooner than the connection was silent', async () => {
    const withTimeout = (seconds: number) =>
      suspects(
        'path/data-dropped-because-conntrack-forgot',
        'client.pcap',
        'middle',
        `net.netfilter.nf_conntrack_tcp_timeout_established = ${seconds}\n`,
      );
    const { named } = await withTimeout(1);
    expect(named.find(({ cause }) => cause === 'middlebox-idle-expiry')?.facts).toEqual([
      'in the middle net.netfilter.nf_conntrack_tcp_timeout_established is 1',
    ]);
    expect((await withTimeout(432_000)).ruledOut).toMatchObject([
      {
        cause: 'middlebox-idle-expiry',
        by: ['in the middle net.netfilter.nf_conntrack_tcp_timeout_established is 432000, where it takes at most 5'],
      },
    ]);
  });

  test('the ports in use fill the range that the client may choose from', async () => {
    const withRange = (range: string) =>
      suspects('handshake/no-syn-because-local-ports-are-exhausted', 'client.pcap', 'client', `net.ipv4.ip_local_port_range = ${range}\n`);
    expect((await withRange('40000\t40011')).named.find(({ cause }) => cause === 'ephemeral-ports-exhausted')?.facts).toHaveLength(1);
    expect((await withRange('32768\t60999')).ruledOut.map(({ cause }) => cause)).toEqual(['ephemeral-ports-exhausted']);
  });
});

describe('a line of the log that other things cause as well', () => {
  test('fits, and proves nothing', async () => {
    const killed = recording('closing/process-killed-with-open-connections');
    const log = (text: string): FactFile => ({
      side: 'server',
      kind: 'dmesg',
      name: 'dmesg.txt',
      text: `[    1.000000] Linux version 6.18.44\n${text}`,
    });
    const { findings } = await analyze(join(killed.folder, 'server.pcap'), {
      facts: [log(''), log('[  100.000000] Out of memory: Killed process 4711 (python3) total-vm:12345kB\n')],
    });
    const suspect = findings.flatMap(({ suspects }) => suspects).find(({ cause }) => cause === 'process-killed');
    expect(suspect?.facts).toEqual(['the kernel log says "Out of memory: Killed process 4711 (python3) total-vm:12345kB"']);
    expect(suspect?.certainty).not.toBe('confirmed');
  });
});

describe('counters', () => {
  const abort = recording('handshake/final-ack-reset-because-accept-queue-full');
  const [, server = ''] = abort.captures;
  const counted = (overflows: number, resets: number): string =>
    `TcpInSegs ${100 + overflows} 0.0\nTcpExtListenOverflows ${overflows} 0.0\nTcpExtEmbryonicRsts ${resets} 0.0\n`;
  const suspectWith = async (...texts: string[]) => {
    const facts = texts.map((text, i): FactFile => ({ side: 'server', kind: 'nstat', name: `${i}.txt`, text }));
    const { findings, capture } = await analyze(join(abort.folder, server), { facts });
    const finding = findings.find(({ pattern }) => pattern === 'handshake-ack-reset');
    return { suspect: finding?.suspects[0], caveats: capture.caveats.map(({ sentence }) => sentence) };
  };

  test('confirm when all that belong to it rise by as many as the capture shows', async () => {
    const { suspect } = await suspectWith(counted(0, 0), counted(6, 2));
    expect(suspect).toMatchObject({ certainty: 'confirmed', facts: ['TcpExtListenOverflows rose by 6 and TcpExtEmbryonicRsts by 2'] });
  });

  test('do not when they rise by less', async () => {
    const { suspect } = await suspectWith(counted(0, 0), counted(6, 1));
    expect(suspect).toMatchObject({ certainty: 'likely' });
    expect(suspect?.against).toEqual(['the capture shows it in 2 conversations, more than the counters do']);
  });

  test('do not when they rise by far more: that need not be of these conversations', async () => {
    const { suspect } = await suspectWith(counted(0, 0), counted(9000, 7000));
    expect(suspect).toMatchObject({ certainty: 'likely' });
    expect(suspect?.facts.at(-1)).toBe('that is far more often than the capture shows it');
  });

  test('read once prove nothing, and the report says so', async () => {
    const { suspect, caveats } = await suspectWith(counted(6, 2));
    expect(suspect).toMatchObject({ certainty: 'likely', facts: [] });
    expect(caveats).toContain(
      'The counters of the server were not read twice, before and after: how far they rose is unknown, so they prove nothing.',
    );
  });

  test('read at another time than the capture prove nothing, and the report says so', async () => {
    const at = (time: number, text: string): string =>
      `### tcpexplain facts: time\n${time}\n\n### tcpexplain facts: counters\n${text}\n### tcpexplain facts: end\n`;
    const { suspect, caveats } = await suspectWith(at(1_000_000_000, counted(0, 0)), at(1_000_000_030, counted(6, 2)));
    expect(suspect).toMatchObject({ certainty: 'likely', facts: [] });
    expect(caveats.join()).toContain('were not read during the capture');
  });

  test('read before and after say in how many seconds they rose', async () => {
    const [start = 0, stop = 0] = (truthOf(abort).captures ?? []).flatMap(({ started, stopped }) => [started ?? 0, stopped ?? 0]);
    const at = (time: number, text: string): string =>
      `### tcpexplain facts: time\n${Math.round(time)}\n\n### tcpexplain facts: counters\n${text}\n### tcpexplain facts: end\n`;
    const { suspect } = await suspectWith(at(start - 10, counted(0, 0)), at(stop + 10, counted(6, 2)));
    expect(suspect?.facts[0]).toMatch(/^TcpExtListenOverflows rose by 6 and TcpExtEmbryonicRsts by 2 in these \d\d seconds$/);
  });
});

describe('whose facts they are', () => {
  const abort = recording('handshake/final-ack-reset-because-accept-queue-full');
  const [, server = ''] = abort.captures;
  const sysctl = 'net.ipv4.tcp_abort_on_overflow = 0\n';
  const bundle = (address: string): string =>
    `### tcpexplain facts: addresses\n2: eth0 inet ${address}/24 scope global eth0\n\n### tcpexplain facts: sysctl\n${sysctl}\n### tcpexplain facts: end\n`;
  const ruledOutBy = async (side: string | undefined, text: string) => {
    const { findings, capture } = await analyze(join(abort.folder, server), { facts: [{ side, kind: 'sysctl', name: 'facts.txt', text }] });
    const causes = findings.flatMap(({ ruledOut }) => ruledOut.map(({ cause }) => cause));
    return { ruledOut: causes.includes('accept-queue-overflow-abort'), caveats: capture.caveats.map(({ sentence }) => sentence) };
  };

  test('is told by the addresses in them', async () => {
    expect((await ruledOutBy(undefined, bundle('10.19.0.2'))).ruledOut).toBe(true);
    expect((await ruledOutBy(undefined, bundle('10.19.0.1'))).ruledOut).toBe(false);
  });

  test('may be told by an address', async () => {
    expect((await ruledOutBy('10.19.0.2', sysctl)).ruledOut).toBe(true);
    expect(await ruledOutBy('192.0.2.1', sysctl)).toEqual({
      ruledOut: false,
      caveats: ['No conversation is with 192.0.2.1: its facts were not used.'],
    });
  });

  test('is asked for when nothing tells', async () => {
    const { ruledOut, caveats } = await ruledOutBy(undefined, sysctl);
    expect(ruledOut).toBe(false);
    expect(caveats).toContain('No host of the capture has the addresses that the facts name: say with --side whose they are.');
  });
});

describe('a kernel that the reader names', () => {
  const recycle = recording('handshake/syns-ignored-because-tw-recycle-behind-nat');
  const withKernel = async (server: string) => {
    const { findings, hosts } = await analyze(join(recycle.folder, 'server.pcap'), { kernels: { server } });
    return { finding: findings.find(({ pattern }) => pattern === 'older-timestamps-ignored'), hosts };
  };

  test('rules out what it cannot do', async () => {
    const { finding } = await withKernel('4.19.0');
    expect(finding?.ruledOut).toMatchObject([{ cause: 'tw-recycle-nat-syn-drop', by: ['the kernel is 4.19.0; only kernels before 4.12 do that'] }]);
  });

  test('leaves in question what it can do, and stands in the report', async () => {
    const { finding, hosts } = await withKernel('4.4.34+');
    expect(finding?.suspects[0]?.cause).toBe('tw-recycle-nat-syn-drop');
    expect(hosts).toContainEqual(expect.objectContaining({ kernel: '4.4.34+', isLinux: true }));
  });

  test('only raises doubt when its vendor changes kernels without changing their version', async () => {
    const { finding } = await withKernel('4.18.0-553.el8_10.x86_64');
    expect(finding?.ruledOut).toEqual([]);
    expect(finding?.suspects[0]?.against.at(-1)).toContain('unless its vendor has changed it');
  });
});
