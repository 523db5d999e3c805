import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Spelling } from './checks.js';

const KERNEL = join(fileURLToPath(import.meta.url), '..', '..', 'kernel');

/** What the lists of a 6.18 do not hold: names of other versions, of modules that were not loaded, and of no sysctl at all. */
const ELSEWHERE: Record<keyof Spelling, Readonly<Record<string, string>>> = {
  sysctls: {
    'net.ipv4.tcp_abc': 'until 3.9',
    'net.ipv4.tcp_max_ssthresh': 'until 3.10',
    'net.ipv4.tcp_frto_response': 'until 3.10',
    'net.ipv4.tcp_dma_copybreak': 'until 3.18',
    'net.ipv4.ip_conntrack_max': 'until 4.8',
    'net.ipv4.netfilter.ip_conntrack_max': 'until 4.8',
    'net.ipv4.netfilter.ip_conntrack_tcp_timeout_established': 'until 4.8',
    'net.ipv4.tcp_thin_dupack': 'until 4.11',
    'net.ipv4.tcp_tw_recycle': 'until 4.12',
    'net.ipv4.vs.conn_reuse_mode': 'with the module ip_vs',
    'net.ipv4.vs.conntrack': 'with the module ip_vs',
    'net.ipv4.vs.expire_nodest_conn': 'with the module ip_vs',
    'net.ipv4.conf.IF.rp_filter': 'IF stands for an interface',
    'kernel.exec-shield': 'only in old kernels of Red Hat',
    TCP_TIMEWAIT_LEN: 'a constant',
    TCP_INIT_CWND: 'a constant',
    SO_RCVBUF: 'a socket option',
    SO_SNDBUF: 'a socket option',
  },
  counters: { TcpExtPAWSPassive: 'until 4.12' },
  dropReasons: {},
  resetReasons: {},
};

export const spelling: Spelling = {
  sysctls: names('sysctls'),
  counters: names('counters'),
  dropReasons: names('dropReasons'),
  resetReasons: names('resetReasons'),
};

function names(what: keyof Spelling): Set<string> {
  const file = `${what.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.txt`;
  const lines = readFileSync(join(KERNEL, file), 'utf8').split('\n');
  return new Set([...lines.filter((line) => line !== '' && !line.startsWith('#')), ...Object.keys(ELSEWHERE[what])]);
}
