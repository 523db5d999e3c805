import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { hostText } from './address.js';
import type { Host, HostTable } from './host.js';
import { NEVER } from './memory/first.js';

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
const [NOP, MSS, WS, SOK, TS, MPTCP, FAST_OPEN] = [1, 2, 3, 4, 8, 30, 31];

/** The orders in which Linux writes the options of a SYN or SYN-ACK; Fast Open and Multipath TCP follow behind. */
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
const BARE_MSS = pack([MSS]);

/** Kernels that sent the same windows: the first of them, and the first that did no more. */
interface Generation {
  readonly windows: readonly number[];
  readonly since: string;
  readonly before: string | undefined;
}

/** Windows of SYN and SYN-ACK for an MTU of 1500. */
const GENERATIONS: readonly Generation[] = [
  { windows: [64240, 65160, 64800, 64260, 65535], since: '4.20', before: undefined },
  { windows: [29200, 28960, 28800, 28560], since: '3.10', before: '4.20' },
  { windows: [14600, 14480, 14400, 14280], since: '2.6.39', before: '3.10' },
  { windows: [5840, 5792, 5760, 5712], since: '2.4', before: '2.6.39' },
];
const BY_WINDOW: ReadonlyMap<number, Generation> = new Map(
  GENERATIONS.flatMap((generation) => generation.windows.map((window) => [window, generation] as const)),
);

/** Without a SYN of it a host may well be Linux, but nothing says so. */
const NOTHING_KNOWN: Fingerprint = { isLinux: false, reasons: ['no SYN of it was captured'], since: undefined, before: undefined };

/** What tells about a TCP stack in the SYN or SYN-ACK of an endpoint. */
export type Syn = Pick<Endpoint, 'family' | 'synTtl' | 'synWindow' | 'synOptionKinds'>;

/** What the SYNs and SYN-ACKs of hosts say about their TCP stacks. */
export class Fingerprints {
  private readonly told = new Map<string, KnownKernel>();

  constructor(private readonly hosts: HostTable) {}

  /** What the reader knows of a host comes before what its SYNs say. */
  tell(host: string, kernel: KnownKernel): void {
    this.told.set(host, kernel);
  }

  learn({ client, server, stream }: Flow): void {
    if (client.hasSyn) this.learnEnd(client, stream);
    if (server.hasSyn) this.learnEnd(server, stream);
  }

  of(endpoint: Endpoint): Fingerprint {
    return this.ofHost(hostText(endpoint));
  }

  /** By its address as text. */
  ofHost(host: string): Fingerprint {
    const syn = this.hosts.called(host);
    const seen = syn === undefined || syn.synStream === NEVER ? NOTHING_KNOWN : fingerprintOf(syn);
    const kernel = this.told.get(host);
    return kernel === undefined ? seen : known(kernel, seen);
  }

  private learnEnd(endpoint: Endpoint, stream: number): void {
    const host = this.hosts.known(endpoint, stream);
    if (host !== undefined) learnSyn(host, endpoint, stream);
  }
}

/** A host has sent a SYN. The one that says most about it is kept; of several the first. */
export function learnSyn(host: Host, syn: Syn, stream: number): void {
  const isAlike = host.synTtl === syn.synTtl && host.synWindow === syn.synWindow && host.synOptionKinds === syn.synOptionKinds;
  if (isAlike || host.synStream === NEVER) host.synStream = Math.min(host.synStream, stream);
  else {
    const more = reasonsIn(syn) - reasonsIn(host);
    if (more < 0 || (more === 0 && stream > host.synStream)) return;
    host.synStream = stream;
  }
  host.synTtl = syn.synTtl;
  host.synWindow = syn.synWindow;
  host.synOptionKinds = syn.synOptionKinds;
}

/** Linux when the TTL fits, the options are in its order, and the window is one of its windows. */
export function fingerprintOf(syn: Syn): Fingerprint {
  const { synTtl, synWindow, synOptionKinds, family } = syn;
  const reasons: string[] = [];
  const ttlFits = fits(syn);
  if (!ttlFits) reasons.push(`${family === 4 ? 'TTL' : 'hop limit'} ${synTtl} is not below 64`);
  const orderFits = LINUX_ORDERS.includes(withoutLast(withoutLast(synOptionKinds, MPTCP), FAST_OPEN));
  reasons.push(orderFits ? 'its SYN options are in the order of Linux' : 'its SYN options are not in the order of Linux');
  const generation = BY_WINDOW.get(synWindow);
  const isBareMss = synOptionKinds === BARE_MSS;
  if (generation !== undefined) reasons.push(`its first window is ${synWindow}`);
  const isLinux = ttlFits && orderFits && (generation !== undefined || !isBareMss);
  return { isLinux, reasons, since: isLinux ? generation?.since : undefined, before: isLinux ? generation?.before : undefined };
}

/** How many reasons the fingerprint of a SYN has. */
function reasonsIn(syn: Syn): number {
  return 1 + (fits(syn) ? 0 : 1) + (BY_WINDOW.has(syn.synWindow) ? 1 : 0);
}

function fits({ synTtl }: Syn): boolean {
  return synTtl <= 64 && synTtl > 32;
}

/** Whether the SYN of an endpoint, if it was captured, looks like Linux. */
export function looksLikeLinux(endpoint: Endpoint): boolean {
  return endpoint.hasSyn && fingerprintOf(endpoint).isLinux;
}

function known(kernel: KnownKernel, { before }: Fingerprint): Fingerprint {
  const isOfThatAge = before !== undefined && isOlder(kernel.version, before);
  return { isLinux: true, reasons: [`its kernel is ${kernel.release}`], since: kernel.version, before: isOfThatAge ? before : undefined, kernel };
}

function withoutLast(kinds: number, kind: number): number {
  return (kinds & 31) === kind ? kinds >>> 5 : kinds;
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
