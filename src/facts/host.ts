import { parseBundle } from './bundle.js';
import { type Change, changeOver, isForward, type Snapshot } from './change.js';
import { parseCounters } from './counters/parse.js';
import { type LogLine, parseLog } from './dmesg.js';
import { type Kernel, parseKernel } from './kernel.js';
import { parseSockets, type Socket } from './ss.js';
import { parseSysctl } from './sysctl.js';

/** Whose facts they are: an end of each conversation, what lies between the ends, or a host by its address. */
export type Side = string;

/** One file that the reader saved on a host. */
export interface FactFile {
  /** Undefined: the addresses in it must tell. */
  readonly side: Side | undefined;
  readonly kind: 'sysctl' | 'nstat' | 'ss' | 'dmesg' | 'facts' | 'kernel';
  /** As the reader named it. */
  readonly name: string;
  readonly text: string;
}

/** What is known of one host. */
export interface HostFacts {
  readonly side: Side | undefined;
  readonly kernel: Kernel | undefined;
  readonly sysctls: ReadonlyMap<string, string>;
  /** Its counters were read at least once. */
  readonly isCounted: boolean;
  /** From the first reading to the last; undefined when there are not two that fit together. */
  readonly change: Change | undefined;
  readonly sockets: readonly Socket[];
  /** The kernel's log. `isNew`: it was not there yet when the log was read first. */
  readonly log: readonly (LogLine & { readonly isNew: boolean })[];
  /** Its own addresses; empty where no file tells. */
  readonly addresses: ReadonlySet<string>;
  /** What was not understood, as sentences that name the file. */
  readonly doubts: readonly string[];
}

/** What the files say, host by host. */
export function readFacts(files: readonly FactFile[]): HostFacts[] {
  const sides = [...new Set(files.map(({ side }) => side))];
  return sides.map((side) =>
    hostFacts(
      side,
      files.filter((file) => file.side === side),
    ),
  );
}

function hostFacts(side: Side | undefined, files: readonly FactFile[]): HostFacts {
  const gathering = new Gathering();
  for (const file of files) gathering.read(file);
  const { kernel, sysctls, snapshots, sockets, logs, addresses, doubts } = gathering;
  if (!isForward(snapshots))
    doubts.push('The counters of the second reading are not later than those of the first, or the host was restarted in between.');
  const known = new Set(logs.length > 1 ? logs[0]?.map(({ message, uptime }) => `${uptime} ${message}`) : []);
  const lines = (logs.at(-1) ?? []).map((line) => ({ ...line, isNew: logs.length > 1 && !known.has(`${line.uptime} ${line.message}`) }));
  return { side, kernel, sysctls, isCounted: snapshots.length > 0, change: changeOver(snapshots), sockets, log: lines, addresses, doubts };
}

class Gathering {
  kernel: Kernel | undefined;
  readonly sysctls: Map<string, string> = new Map();
  private readonly changed = new Set<string>();
  readonly snapshots: Snapshot[] = [];
  readonly sockets: Socket[] = [];
  readonly logs: LogLine[][] = [];
  readonly addresses: Set<string> = new Set();
  readonly doubts: string[] = [];

  read({ kind, name, text }: FactFile): void {
    const bundle = parseBundle(text);
    if (bundle !== undefined) {
      if (bundle.isCut) this.doubt(name, 'it was cut, its last section is missing');
      this.readBundle(name, bundle.sections);
    } else if (kind === 'facts') this.doubt(name, 'it is no output of the script that "tcpexplain facts" prints');
    else if (text.trim() === '' && kind !== 'dmesg') this.doubt(name, 'it is empty');
    else this.readPart(kind, name, text.replaceAll('\r\n', '\n'), undefined);
  }

  private readBundle(name: string, sections: ReadonlyMap<string, string>): void {
    const [seconds, uptime] = (sections.get('time') ?? '').split(/\s+/).map(Number);
    const time = seconds || undefined;
    const booted = time && uptime ? time - uptime : undefined;
    for (const [section, text] of sections) {
      const kind = SECTIONS[section];
      if (kind !== undefined && (text.trim() !== '' || kind === 'dmesg')) this.readPart(kind, name, text, time, booted);
    }
    for (const [, address] of (sections.get('addresses') ?? '').matchAll(/\binet6?(?: addr:)? ?([0-9a-f.:]+)/g)) {
      if (address !== undefined) this.own(address);
    }
  }

  private readPart(kind: FactFile['kind'], name: string, text: string, time: number | undefined, booted?: number): void {
    if (kind === 'kernel') this.kernel = parseKernel(text) ?? this.doubt(name, 'no kernel version stands in it');
    else if (kind === 'sysctl') {
      const { sysctls, unknown } = parseSysctl(text);
      for (const [setting, value] of sysctls) this.learn(setting, value);
      this.missed(name, unknown, 'setting', sysctls.size);
    } else if (kind === 'nstat') {
      const reading = parseCounters(text);
      if (reading.counters.size > 0) this.snapshots.push({ ...reading, time });
      this.missed(name, reading.unknown, 'counter', reading.counters.size);
    } else if (kind === 'ss') {
      const { sockets, unknown } = parseSockets(text);
      for (const socket of sockets) this.sockets.push(socket);
      for (const { local } of sockets) if (local.host !== '*') this.own(local.host);
      this.missed(name, unknown, 'socket', sockets.length);
    } else if (kind === 'dmesg') {
      const { lines, unknown } = parseLog(text);
      this.logs.push(lines.map((line) => ({ ...line, time: line.time ?? (booted && line.uptime && booted + line.uptime) })));
      this.missed(name, unknown, 'line of the kernel log', lines.length);
    }
  }

  /** Every host has the addresses of the loopback. */
  private own(address: string): void {
    if (!/^(127\.|::1$)/.test(address)) this.addresses.add(address);
  }

  /** A setting that was changed between two readings decides nothing. */
  private learn(setting: string, value: string): void {
    const earlier = this.sysctls.get(setting);
    if (earlier !== undefined && earlier !== value && !IS_COUNT.test(setting)) {
      this.doubts.push(`${setting} was ${earlier} at first and ${value} later: neither was used.`);
      this.changed.add(setting);
    }
    if (this.changed.has(setting)) this.sysctls.delete(setting);
    else this.sysctls.set(setting, value);
  }

  private missed(name: string, unknown: number, what: string, understood: number): void {
    if (unknown > 0 && understood === 0) this.doubt(name, `no ${what} in it is understood`);
    else if (unknown > 0) this.doubt(name, `${unknown} ${unknown === 1 ? 'line' : 'lines'} in it ${unknown === 1 ? 'is' : 'are'} not understood`);
  }

  private doubt(name: string, what: string): undefined {
    this.doubts.push(`${name}: ${what}.`);
  }
}

const SECTIONS: Readonly<Record<string, FactFile['kind']>> = {
  kernel: 'kernel',
  counters: 'nstat',
  sockets: 'ss',
  sysctl: 'sysctl',
  log: 'dmesg',
};

/** What the kernel itself changes: net.netfilter.nf_conntrack_count. */
const IS_COUNT = /_count$/;
