import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { hostText } from './address.js';
import type { Host, HostTable } from './host.js';

/** Whether a host looks like Linux, and which kernels it can have. Only of such a host a kernel function is named. */
export interface Fingerprint {
  readonly isLinux: boolean;
  /** Evidence for and against, as clauses. */
  readonly reasons: readonly string[];
  /** Oldest and newest kernel (exclusive) that send such a SYN, where it tells. */
  readonly since: string | undefined;
  readonly before: string | undefined;
  /** What the reader knows of it. */
  readonly kernel?: KnownKernel;
}

/** A kernel that was not inferred. */
export interface KnownKernel {
  /** "5.15.0". */
  readonly version: string;
  /** In full: "5.15.0-91-generic". */
  readonly release: string;
  /** Its vendor carries changes back from newer kernels. */
  readonly isBackported: boolean;
}

// TCP option kinds
const [NOP, MSS, WS, SOK, TS] = [1, 2, 3, 4, 8];

/** The orders in which Linux writes the options of a SYN or SYN-ACK; Fast Open follows behind. */
const LINUX_ORDERS: readonly number[] = [
  [MSS, SOK, TS, NOP, WS],
  [MSS, SOK, TS],
  [MSS, NOP, NOP, SOK, NOP, WS],
  [MSS, NOP, NOP, SOK],
  [MSS, NOP, NOP, TS, NOP, WS],
  [MSS, NOP, NOP, TS],
  [MSS, NOP, WS],
  [MSS],
].map(pack);

/** Windows of SYN and SYN-ACK for an MTU of 1500, with the first kernel that sent them and the first that did no more. */
const WINDOWS: readonly { windows: readonly number[]; since: string; before: string | undefined }[] = [
  { windows: [64240, 65160, 64800, 65535], since: '4.20', before: undefined },
  { windows: [29200, 28960, 28800, 28560], since: '3.10', before: '4.20' },
  { windows: [14600, 14480, 14400, 14280], since: '2.6.39', before: '3.10' },
  { windows: [5840, 5792, 5760, 5712], since: '2.4', before: '2.6.39' },
];

/** Without a SYN of it a host may well be Linux, but nothing says so. */
const NOTHING_KNOWN: Fingerprint = { isLinux: false, reasons: ['no SYN of it was captured'], since: undefined, before: undefined };

/** The SYN of a host that says most about it; of several the first. */
export class Looks {
  seen: Fingerprint | undefined = undefined;
  stream = 0;
  synTtl = 0;
  synWindow = 0;
  synOptionKinds = 0;

  learn(endpoint: Endpoint, stream: number): void {
    const isAlike = this.synTtl === endpoint.synTtl && this.synWindow === endpoint.synWindow && this.synOptionKinds === endpoint.synOptionKinds;
    if (this.seen !== undefined && isAlike) this.stream = Math.min(this.stream, stream);
    else this.take(fingerprintOf(endpoint), stream, endpoint);
  }

  merge(other: Looks): void {
    if (other.seen !== undefined) this.take(other.seen, other.stream, other);
  }

  private take(seen: Fingerprint, stream: number, { synTtl, synWindow, synOptionKinds }: Syn): void {
    const more = seen.reasons.length - (this.seen?.reasons.length ?? 0);
    if (more < 0 || (more === 0 && stream > this.stream)) return;
    this.seen = seen;
    this.stream = stream;
    this.synTtl = synTtl;
    this.synWindow = synWindow;
    this.synOptionKinds = synOptionKinds;
  }
}

interface Syn {
  readonly synTtl: number;
  readonly synWindow: number;
  readonly synOptionKinds: number;
}

/** What the SYNs and SYN-ACKs of hosts say about their TCP stacks. */
export class Fingerprints {
  private readonly told = new Map<string, KnownKernel>();

  constructor(private readonly hosts: HostTable) {}

  /** What the reader knows of a host comes before what its SYNs say. */
  tell(host: string, kernel: KnownKernel): void {
    this.told.set(host, kernel);
  }

  learn({ client, server, stream }: Flow): void {
    if (client.hasSyn) this.learnHost(this.hosts.of(client, stream), client, stream);
    if (server.hasSyn) this.learnHost(this.hosts.of(server, stream), server, stream);
  }

  /** A host that has sent a SYN. */
  learnHost(host: Host, endpoint: Endpoint, stream: number): void {
    host.looks ??= new Looks();
    host.looks.learn(endpoint, stream);
  }

  of(endpoint: Endpoint): Fingerprint {
    return this.ofHost(hostText(endpoint));
  }

  /** By its address as text. */
  ofHost(host: string): Fingerprint {
    const seen = this.hosts.get(host)?.looks?.seen ?? NOTHING_KNOWN;
    const kernel = this.told.get(host);
    return kernel === undefined ? seen : known(kernel, seen);
  }
}

/** Linux when the TTL fits, the options are in its order, and the window is one of its windows. */
export function fingerprintOf(endpoint: Endpoint): Fingerprint {
  const { synTtl, synWindow, synOptionKinds, family } = endpoint;
  const reasons: string[] = [];
  const ttlFits = synTtl <= 64 && synTtl > 32;
  if (!ttlFits) reasons.push(`${family === 4 ? 'TTL' : 'hop limit'} ${synTtl} is not below 64`);
  const orderFits = LINUX_ORDERS.includes(withoutFastOpen(synOptionKinds));
  reasons.push(orderFits ? 'its SYN options are in the order of Linux' : 'its SYN options are not in the order of Linux');
  const generation = WINDOWS.find(({ windows }) => windows.includes(synWindow));
  const isBareMss = synOptionKinds === pack([MSS]);
  if (generation !== undefined) reasons.push(`its first window is ${synWindow}`);
  const isLinux = ttlFits && orderFits && (generation !== undefined || !isBareMss);
  return { isLinux, reasons, since: isLinux ? generation?.since : undefined, before: isLinux ? generation?.before : undefined };
}

/** Whether the SYN of an endpoint, if it was captured, looks like Linux. */
export function looksLikeLinux(endpoint: Endpoint): boolean {
  return endpoint.hasSyn && fingerprintOf(endpoint).isLinux;
}

function known(kernel: KnownKernel, { before }: Fingerprint): Fingerprint {
  const isOfThatAge = before !== undefined && isOlder(kernel.version, before);
  return { isLinux: true, reasons: [`its kernel is ${kernel.release}`], since: kernel.version, before: isOfThatAge ? before : undefined, kernel };
}

function withoutFastOpen(kinds: number): number {
  const isFastOpen = (kinds & 31) === 31;
  return isFastOpen ? kinds >>> 5 : kinds;
}

function pack(kinds: readonly number[]): number {
  return kinds.reduce((packed, kind) => (packed << 5) | kind, 0);
}

/** Whether kernel version `a` is older than `b`: "4.4" before "4.20". */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
