import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FactFile } from '../../src/facts/host.js';
import type { Recording } from '../recordings.js';

/** What the recorder saved of each network namespace: c and d are clients, s is the server, r and m are routers between them. */
interface Saved {
  addresses?: Record<string, string>;
  nstat?: Record<string, Record<string, number>>;
  ss?: Record<string, Record<string, unknown>>;
  kmsg?: string[];
  sysctl_tcp?: Record<string, string>;
  sysctls_changed?: Record<string, Record<string, { to: string }>>;
  /** Of the recordings with old kernels, whose counters are those of the server. */
  counters_before?: Record<string, number>;
  counters_after?: Record<string, number>;
  server?: { sysctls?: Record<string, string> };
}

/** An idle host's `nstat -az`: every counter of the kernel, so that what did not rise can be told from what is not known. */
const IDLE = readFileSync(join(import.meta.dirname, 'saved', 'nstat-az.txt'), 'utf8');

/** The facts of a recording as its hosts would have saved them: the counters before and after, settings, sockets, the kernel's log. */
export function factsOf({ folder }: Recording): FactFile[] {
  const saved = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Saved;
  if (saved.counters_before !== undefined) return factsOfOldKernel(saved);
  const hosts = Object.keys(saved.nstat ?? {});
  return hosts.flatMap((host) => {
    const side = sideOf(host, saved);
    const file = (kind: FactFile['kind'], text: string): FactFile[] => (text === '' ? [] : [{ side, kind, name: `${host}.${kind}`, text }]);
    return [
      ...file('nstat', IDLE),
      ...file('nstat', risen(IDLE, saved.nstat?.[host] ?? {})),
      ...file('sysctl', sysctlsOf(host, saved)),
      ...Object.values(saved.ss ?? {}).flatMap((listing) => file('ss', typeof listing[host] === 'string' ? listing[host] : '')),
      ...file('dmesg', '[    1.000000] Linux version 6.18.44\n'),
      ...file('dmesg', `[    1.000000] Linux version 6.18.44\n${logOf(host, saved)}`),
    ];
  });
}

function sideOf(host: string, { addresses = {} }: Saved): string {
  if (host === 'r' || host === 'm') return 'middle';
  const hasTwoClients = 'd' in addresses;
  if (hasTwoClients && host !== 's') return addresses[host] ?? 'client';
  return host === 's' ? 'server' : 'client';
}

function risen(text: string, rises: Record<string, number>): string {
  return text.replace(/^(\w+)(\s+)(\d+)/gm, (_, name: string, gap: string, count: string) => `${name}${gap}${Number(count) + (rises[name] ?? 0)}`);
}

function sysctlsOf(host: string, { sysctl_tcp, sysctls_changed }: Saved): string {
  const changed = Object.entries(sysctls_changed?.[host] ?? {}).map(([name, { to }]) => `${name} = ${to}\n`);
  const text = sysctl_tcp?.[host] ?? '';
  return (text === '' || text.endsWith('\n') ? text : `${text}\n`) + changed.join('');
}

/** The recorder has one log for all its hosts; each message is of the host that does such things. */
function logOf(host: string, { kmsg = [] }: Saved): string {
  const about = { s: /SYN flooding/, c: /orphaned/, r: /conntrack/, m: /conntrack/ }[host];
  return kmsg
    .filter((message) => about?.test(message))
    .map((message, i) => `[  100.${String(i).padStart(6, '0')}] ${message}\n`)
    .join('');
}

function factsOfOldKernel({ counters_before = {}, counters_after = {}, server }: Saved): FactFile[] {
  const nstat = (counters: Record<string, number>): string =>
    Object.entries(counters)
      .map(([name, count]) => `${name.replace('.', '')} ${count} 0.0\n`)
      .join('');
  const sysctls = Object.entries(server?.sysctls ?? {}).map(([name, value]) => `${name} = ${value}\n`);
  return [
    { side: 'server', kind: 'nstat', name: 'before', text: nstat(counters_before) },
    { side: 'server', kind: 'nstat', name: 'after', text: nstat(counters_after) },
    { side: 'server', kind: 'sysctl', name: 'sysctl', text: sysctls.join('') },
  ];
}
