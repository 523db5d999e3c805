import { TIME_WAIT } from '../../flow/state.js';
import { TIME_WAIT_LENGTH } from '../../flow/timers.js';
import { type Socket, stayAt } from './socket.js';
import { LOOK_BACK } from './sockets.js';

/** net.ipv4.ip_local_port_range, since 4.2. */
const FIRST_PORT = 32768;
const LAST_PORT = 60999;
export const LOCAL_PORTS: number = LAST_PORT - FIRST_PORT + 1;
/** Fewer ports than this are no news. */
const WORTH_TELLING = 10;

/** The local ports that one client has in use towards one server, which it cannot use for another connection there. */
export interface PortUse {
  readonly client: string;
  readonly server: string;
  readonly ports: number;
  readonly inTimeWait: number;
  /** New connections a second, of late. */
  readonly rate: number;
  /** Seconds until the default ip_local_port_range is used up, if it goes on like this; null when it levels off before. */
  readonly exhaustedIn: number | null;
}

export function portUses(sockets: readonly Socket[], at: number, start: number): PortUse[] {
  const pairs = new Map<string, Socket[]>();
  for (const socket of sockets) {
    if (!socket.isClient) continue;
    const key = `${socket.host} ${socket.peer}`;
    const pair = pairs.get(key);
    if (pair === undefined) pairs.set(key, [socket]);
    else pair.push(socket);
  }
  const span = Math.min(LOOK_BACK, at - start) / 1e9;
  return [...pairs.values()]
    .map((pair) => portUse(pair, at, span))
    .filter(({ ports }) => ports >= WORTH_TELLING)
    .toSorted((a, b) => b.ports - a.ports || (a.client < b.client ? -1 : 1));
}

function portUse(pair: readonly Socket[], at: number, span: number): PortUse {
  const [{ host: client = '', peer: server = '' } = {}] = pair;
  const now = pair.flatMap((socket) => stayAt(socket, at) ?? []);
  const inTimeWait = now.filter(({ state }) => state === TIME_WAIT).length;
  const since = at - span * 1e9;
  const born = pair.filter(({ stays: [first] }) => first !== undefined && first.from > since && first.from <= at).length;
  const rate = span > 0 ? born / span : 0;
  const before = pair.filter((socket) => stayAt(socket, since) !== undefined).length;
  const growth = span > 0 ? (now.length - before) / span : 0;
  return { client, server, ports: now.length, inTimeWait, rate, exhaustedIn: exhaustion(now.length, inTimeWait, rate, growth) };
}

/** Each port stays occupied for 60 s after its connection, where the client closes first: so many at most pile up at this rate. */
function exhaustion(ports: number, inTimeWait: number, rate: number, growth: number): number | null {
  const isWaiting = inTimeWait > 0;
  const level = ports - inTimeWait + rate * (TIME_WAIT_LENGTH / 1e9);
  if (ports >= LOCAL_PORTS) return 0;
  if (growth <= 0 || (isWaiting && level < LOCAL_PORTS)) return null;
  return (LOCAL_PORTS - ports) / growth;
}
