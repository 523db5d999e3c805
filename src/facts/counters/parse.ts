import { parseNetstatText } from './netstat-text.js';
import { parseNstat } from './nstat.js';
import { parseProcNet } from './proc-net.js';

/** Counters of the kernel by the names of `nstat -az`: "TcpExtListenOverflows". */
export interface CounterReading {
  readonly counters: ReadonlyMap<string, number>;
  /** Lines that hold no counter, or one that cannot be named. */
  readonly unknown: number;
  /** Counters that are 0 were left out, or may have been: what is missing says nothing. */
  readonly omitsZeros: boolean;
}

/** Whatever of the kernel's counters was saved: `nstat -az`, `nstat -azj`, `netstat -s`, or the files below /proc/net. */
export function parseCounters(text: string): CounterReading {
  if (/^(Ip|Tcp|TcpExt|IpExt|Icmp|Udp|MPTcpExt): [A-Za-z]/m.test(text)) return parseProcNet(text);
  if (/^(Ip|Tcp|TcpExt|IpExt|Icmp|Udp|Ip6):\s*$/m.test(text)) return parseNetstatText(text);
  return parseNstat(text);
}
