import type { Change } from '../../facts/change.js';
import type { HostFacts } from '../../facts/host.js';
import type { Roles } from '../../hosts/roles.js';
import { listText } from '../../hosts/wording.js';

/** When the capture began and ended, seconds since 1970; infinities where nothing was captured. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** By the clocks of the client's and of the server's host, where a capture was made on it. */
export interface HostSpans {
  readonly client?: Span;
  readonly server?: Span;
}

/** By the clock of the capture itself, and by those of the hosts. */
export interface Spans extends HostSpans {
  readonly own: Span;
}

/** A host of the capture, or one between its hosts, with what was saved on it. */
export interface Host {
  readonly facts: HostFacts;
  /** When the capture was made, by its clock. */
  readonly span: Span;
  /** How far its counters rose, unless that was at another time than the capture. */
  readonly change: Change | undefined;
  /** The two readings enclose the capture, as far as they say when they were made: what stood still in between did not happen. */
  readonly enclosesCapture: boolean;
}

/** Clocks of hosts differ, and nobody starts two programs in the same moment. Seconds. */
const TOLERANCE = 5;

/** Which facts belong to which host of the capture. Facts that could be those of several hosts are left aside, with a doubt. */
export class Witnesses {
  /** The host between the ends: a router, a firewall. */
  readonly between: Host | undefined;
  /** What limits trust in the facts, as sentences. */
  readonly doubts: readonly string[];
  private readonly byAddress = new Map<string, Host>();

  constructor(facts: readonly HostFacts[], roles: Roles, spans: Spans) {
    const doubts: string[] = [];
    for (const one of facts) {
      doubts.push(...one.doubts);
      const { addresses, doubt } = one.side === 'middle' ? { addresses: [] } : addressesOf(one, roles);
      const role = roleOf(addresses, roles);
      const host = hostOf(one, (role && spans[role]) ?? spans.own);
      if (host.change !== one.change) doubts.push(`The counters ${whose(one)} were not read during the capture: what they say is of another time.`);
      if (one.isCounted && one.change === undefined)
        doubts.push(`The counters ${whose(one)} were not read twice, before and after: how far they rose is unknown, so they prove nothing.`);
      if (one.side === 'middle') {
        this.between = host;
        continue;
      }
      for (const address of addresses) if (!this.byAddress.has(address)) this.byAddress.set(address, host);
      if (doubt !== undefined) doubts.push(doubt);
    }
    this.doubts = doubts;
  }

  /** By its address as text. */
  at(address: string): Host | undefined {
    return this.byAddress.get(address);
  }

  /** The addresses whose hosts' facts are known. */
  get addresses(): Iterable<[string, Host]> {
    return this.byAddress;
  }
}

/** Undefined for one that is a client here and a server there. */
function roleOf(addresses: readonly string[], roles: Roles): 'client' | 'server' | undefined {
  const [isClient, isServer] = (['client', 'server'] as const).map((role) => roles.of(role).some((address) => addresses.includes(address)));
  return isClient === isServer ? undefined : isClient ? 'client' : 'server';
}

function hostOf(facts: HostFacts, span: Span): Host {
  const { start, end } = span;
  const { since = start, until = end } = facts.change ?? {};
  const isOfThisTime = until >= start - TOLERANCE && since <= end + TOLERANCE;
  const enclosesCapture = since <= start + TOLERANCE && until >= end - TOLERANCE;
  return { facts, span, change: isOfThisTime ? facts.change : undefined, enclosesCapture };
}

function addressesOf({ side, addresses }: HostFacts, roles: Roles): { addresses: readonly string[]; doubt?: string } {
  const isRole = side === 'client' || side === 'server';
  const captured = new Set(isRole ? roles.of(side) : [...roles.of('client'), ...roles.of('server')]);
  if (side !== undefined && !isRole) {
    return captured.has(side) ? { addresses: [side] } : { addresses: [], doubt: `No conversation is with ${side}: its facts were not used.` };
  }
  const own = [...captured].filter((address) => addresses.has(address));
  if (own.length > 0) return { addresses: own };
  if (side === undefined)
    return { addresses: [], doubt: 'No host of the capture has the addresses that the facts name: say with --side whose they are.' };
  if (captured.size < 2) return { addresses: [...captured] };
  const some = [...captured].slice(0, 3);
  const doubt = `The facts of the ${side} could be those of ${listText(some)}${captured.size > 3 ? ' or others' : ''}: they were not used. Say whose they are, as in --side ${some[0]}.`;
  return { addresses: [], doubt };
}

function whose({ side }: HostFacts): string {
  if (side === undefined) return 'of that host';
  return side === 'client' || side === 'server' ? `of the ${side}` : side === 'middle' ? 'of the host in the middle' : `of ${side}`;
}
