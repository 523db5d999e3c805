import { TIME_WAIT } from '../../flow/state.js';
import { TIME_WAIT_LENGTH } from '../../flow/timers.js';
import { LOOK_BACK } from './moment.js';
import type { Snapshot } from './snapshot.js';
import { type Socket, stayAt } from './socket.js';

/** From which connect() chooses a local port: net.ipv4.ip_local_port_range. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Since 4.2. */
export const DEFAULT_RANGE: PortRange = { first: 32768, last: 60999 };
/** Fewer ports than this are no news. */
const WORTH_TELLING = 10;

/** The local ports that one client, which looks like Linux, has in use towards one server, which it cannot use for another connection there. */
export interface PortUse {
  readonly client: string;
  readonly server: string;
  readonly ports: number;
  readonly inTimeWait: number;
  /** Out of which they are chosen; null when some lie outside of the default, and nobody has told which it is. */
  readonly range: PortRange | null;
  /** New connections a second, of late. */
  readonly rate: number;
  /** Seconds until the range is used up, if it goes on like this; null when it levels off before, or the range is not known. */
  readonly exhaustedIn: number | null;
}

/** `told`: the range, by the reader's word. */
export function portUses(sockets: Snapshot, isLinux: (host: string) => boolean, at: number, start: number, told?: PortRange): PortUse[] {
  const pairs = busyPairs(sockets, isLinux);
  const span = Math.min(LOOK_BACK, at - start) / 1e9;
  return pairs
    .map((pair) => portUse(pair, at, span, told ?? rangeOf(pair)))
    .filter(({ ports }) => ports >= WORTH_TELLING)
    .toSorted((a, b) => b.ports - a.ports || (a.client < b.client ? -1 : 1));
}

/** Sockets of a client towards one server, where they can be many enough: first they are only counted. */
function busyPairs(sockets: Snapshot, isLinux: (host: string) => boolean): Socket[][] {
  const counts = new Map<number, number>();
  for (const [{ isClient, pair }] of sockets) if (isClient) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const pairs = new Map<string, Socket[]>();
  const isBusy = [...counts.values()].some((count) => count >= WORTH_TELLING);
  for (const [socket] of isBusy ? sockets : []) {
    if (!socket.isClient || (counts.get(socket.pair) ?? 0) < WORTH_TELLING || !isLinux(socket.host)) continue;
    const key = `${socket.host} ${socket.peer}`;
    if (pairs.get(key)?.push(socket) === undefined) pairs.set(key, [socket]);
  }
  return [...pairs.values()];
}

/** Ports that the application has not chosen itself lie within the range. */
function rangeOf(pair: readonly Socket[]): PortRange | null {
  const { first, last } = DEFAULT_RANGE;
  return pair.every(({ port }) => port >= first && port <= last) ? DEFAULT_RANGE : null;
}

/** How many it has. */
export function portsIn({ first, last }: PortRange): number {
  return last - first + 1;
}

function portUse(pair: readonly Socket[], at: number, span: number, range: PortRange | null): PortUse {
  const [{ host: client = '', peer: server = '' } = {}] = pair;
  const now = pair.flatMap((socket) => stayAt(socket, at) ?? []);
  const inTimeWait = now.filter(({ state }) => state === TIME_WAIT).length;
  const since = at - span * 1e9;
  const born = pair.filter(({ stays: [first] }) => first !== undefined && first.from > since && first.from <= at).length;
  const rate = span > 0 ? born / span : 0;
  const before = pair.filter((socket) => stayAt(socket, since) !== undefined).length;
  const growth = span > 0 ? (now.length - before) / span : 0;
  const exhaustedIn = range === null ? null : exhaustion(portsIn(range), { ports: now.length, inTimeWait, rate, growth });
  return { client, server, ports: now.length, inTimeWait, range, rate, exhaustedIn };
}

/** Each port stays occupied for 60 s after its connection, where the client closes first: so many at most pile up at this rate. */
function exhaustion(all: number, { ports, inTimeWait, rate, growth }: Record<'ports' | 'inTimeWait' | 'rate' | 'growth', number>): number | null {
  const isWaiting = inTimeWait > 0;
  const level = ports - inTimeWait + rate * (TIME_WAIT_LENGTH / 1e9);
  if (ports >= all) return 0;
  if (growth <= 0 || (isWaiting && level < all)) return null;
  return (all - ports) / growth;
}
