import { describe, expect, test } from 'vitest';
import { type Entry, entries, explain, groups, pages, similar } from '../src/explain.js';
import { causes } from '../src/root-causes/index.js';
import { sysctls } from '../src/root-causes/sysctls/index.js';

function ids(found: readonly Entry[]): string[] {
  return found.map(({ kind, id }) => `${kind} ${id}`);
}

describe('an id leads to its page', () => {
  test.each([
    ['zero_window', ['pattern zero-window', 'observation zero_window']],
    ['simultaneous-close', ['cause simultaneous-close', 'pattern simultaneous-close']],
    ['tcp_tw_recycle', ['sysctl net.ipv4.tcp_tw_recycle']],
    ['net.ipv4.tcp_tw_recycle', ['sysctl net.ipv4.tcp_tw_recycle']],
    ['/proc/sys/net/ipv4/tcp_tw_recycle', ['sysctl net.ipv4.tcp_tw_recycle']],
    ['net.ipv4.conf.eth0.rp_filter', ['sysctl net.ipv4.conf.all.rp_filter']],
    ['TCP_TIMEWAIT_LEN', ['sysctl TCP_TIMEWAIT_LEN']],
    ['TcpExtListenOverflows', ['counter TcpExtListenOverflows']],
    ['listenoverflows', ['counter TcpExtListenOverflows']],
    ['TCPSynRetrans', ['counter TcpExtTCPSynRetrans']],
    ['SKB_DROP_REASON_TCP_LISTEN_OVERFLOW', ['drop-reason TCP_LISTEN_OVERFLOW']],
    ['NO_SOCKET', ['drop-reason NO_SOCKET', 'reset-reason NO_SOCKET']],
    ['nothing-of-the-kind', []],
  ])('%s', (id, expected) => {
    expect(ids(pages(id))).toEqual(expected);
  });

  test('that of a cause comes first, because reports name causes', () => {
    expect(explain('simultaneous-close')?.kind).toBe('cause');
  });

  test('and every entry is found by its own id', () => {
    const lost = entries().filter(({ kind, id }) => !pages(id).some((page) => page.kind === kind && page.id === id));
    expect(ids(lost)).toEqual([]);
  });
});

describe('what a host reports leads to the causes that name it', () => {
  test('a counter, with the commands that show it', () => {
    const [entry] = pages('TcpExtListenOverflows');
    if (entry?.kind !== 'counter') throw new Error('no counter');
    const named = causes.filter(({ counters }) => counters?.includes('TcpExtListenOverflows')).map(({ id }) => id);
    expect(entry.evidence.map(({ id }) => id)).toEqual(named);
    expect(entry.evidence.flatMap(({ confirm }) => confirm).every(({ run, expect: what }) => `${run} ${what}`.includes('ListenOverflows'))).toBe(
      true,
    );
    expect(named).toContain('accept-queue-overflow-abort');
  });

  test('a setting, also where only the cause names it', () => {
    for (const sysctl of sysctls) {
      const [entry] = pages(sysctl.name);
      if (entry?.kind !== 'sysctl') throw new Error(`${sysctl.name} has no page`);
      const naming = causes.filter(({ sysctls: named = [] }) => named.includes(sysctl.name)).map(({ id }) => id);
      expect(entry.causes.map(({ id }) => id)).toEqual(expect.arrayContaining(naming));
    }
  });
});

describe('what is misspelt leads to what was meant', () => {
  test.each([
    ['tcp_fastopn', 'net.ipv4.tcp_fastopen'],
    ['acept-queue-overflow', 'accept-queue-overflow-abort'],
    ['accept-queue', 'accept-queue-overflow-abort'],
    ['ListenOverflow', 'TcpExtListenOverflows'],
    ['timewait-assasination', 'timewait-assassination'],
    ['tcp_synack_retrys', 'net.ipv4.tcp_synack_retries'],
  ])('%s', (misspelt, meant) => {
    expect(similar(misspelt)).toContain(meant);
  });

  test('and nonsense to nothing', () => {
    expect(similar('qqqq')).toEqual([]);
  });
});

test('the list holds every entry once', () => {
  const listed = groups().flatMap(({ kind, entries: all }) => all.map(({ id }) => `${kind} ${id}`));
  expect(listed.toSorted()).toEqual(ids(entries()).toSorted());
});
