import { First, FirstNames } from './first.js';
import { longestRun } from './longest-run.js';
import type { Outline } from './outline.js';

/** A connection that an end closed first: it keeps a TIME_WAIT. Times in nanoseconds since the capture's epoch. */
export interface ClosedFirst {
  readonly stream: number;
  /** Its FIN. */
  readonly frame: number;
  /** Its address, and the address and port of the server: its own when the server closed. */
  readonly host: string;
  readonly server: string;
  readonly isClient: boolean;
  /** The client's port. */
  readonly port: number;
  readonly opened: number;
  readonly closed: number;
}

const MOST = 65_536;

/** When a client asked for a connection to a server last. */
export class LastSyn {
  first = 0;
  time: number = Number.NEGATIVE_INFINITY;

  merge(other: LastSyn): void {
    this.time = Math.max(this.time, other.time);
  }
}

/** Who closes first, connection by connection. */
export class Closes {
  private readonly closes = new First<ClosedFirst>(MOST);
  private together: readonly (readonly ClosedFirst[])[] | undefined = undefined;
  /** Up to when the flows reach. */
  until: number = Number.NEGATIVE_INFINITY;
  private readonly lastSyns = new FirstNames<LastSyn>(MOST);

  learn({ flow, client: clientEnd, server: serverEnd, socket, fin, syn, wasReset }: Outline): void {
    const { client, server, stream } = flow;
    this.until = Math.max(this.until, flow.lastTime);
    if (client.hasSyn) {
      const last = this.lastSyns.of(`${clientEnd.host.address} ${socket}`, stream, lastSyn);
      last.time = Math.max(last.time, client.synRepeats.last);
    }
    if (fin === undefined || wasReset || !client.hasFin || !server.hasFin || !this.closes.isOpenTo(stream)) return;
    const isClient = fin.side === client.side;
    this.together = undefined;
    this.closes.add({
      stream,
      frame: fin.frame,
      host: (isClient ? clientEnd : serverEnd).host.address,
      server: socket,
      isClient,
      port: client.port,
      opened: syn?.time ?? flow.firstTime,
      closed: flow.lastTime,
    });
  }

  /** Those of one host towards one server together. */
  get groups(): readonly (readonly ClosedFirst[])[] {
    this.together ??= grouped(this.closes.all);
    return this.together;
  }

  lastSyn(host: string, server: string): number {
    return this.lastSyns.get(`${host} ${server}`)?.time ?? Number.NEGATIVE_INFINITY;
  }

  merge(other: Closes): void {
    this.together = undefined;
    this.closes.merge(other.closes);
    this.until = Math.max(this.until, other.until);
    this.lastSyns.merge(other.lastSyns);
  }
}

function lastSyn(): LastSyn {
  return new LastSyn();
}

/** By who closed and which server it was about. The names are shared by many: looked up one after the other they need not be joined for each. */
function grouped(closes: readonly ClosedFirst[]): ClosedFirst[][] {
  const groups: ClosedFirst[][] = [];
  const byServer = new Map<string, Map<string, ClosedFirst[]>>();
  for (const one of closes) {
    const byHost = byServer.get(one.server) ?? new Map<string, ClosedFirst[]>();
    byServer.set(one.server, byHost);
    const group = byHost.get(one.host);
    if (group !== undefined) group.push(one);
    else {
      const begun = [one];
      byHost.set(one.host, begun);
      groups.push(begun);
    }
  }
  return groups;
}

/** Nanoseconds: TCP_TIMEWAIT_LEN. */
const TIME_WAIT = 60e9;

/** The longest run of these that are all in TIME_WAIT at one time. */
export function mostAtOnce(closes: readonly ClosedFirst[]): readonly ClosedFirst[] {
  const sorted = closes.toSorted((a, b) => a.closed - b.closed);
  return longestRun(sorted, (first, last) => first.closed >= last.closed - TIME_WAIT);
}
