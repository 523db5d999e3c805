import { FIN, RST, SYN } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { hostText, socketText } from './address.js';

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

/** Who closes first, connection by connection. */
export class Closes {
  readonly all: ClosedFirst[] = [];
  /** Up to when the flows reach. */
  until: number = Number.NEGATIVE_INFINITY;
  /** When each client asked for a connection to each server last. */
  private readonly lastSyns = new Map<string, number>();

  learn(flow: Flow): void {
    const { client, server, timeline, stream } = flow;
    this.until = Math.max(this.until, flow.lastTime);
    this.noteSyn(client, server);
    const fin = timeline.moments.find(({ flags }) => flags & FIN && !(flags & RST));
    const wasReset = timeline.moments.some(({ flags }) => flags & RST);
    if (fin === undefined || wasReset || !client.hasFin || !server.hasFin || this.all.length === MOST) return;
    const syn = timeline.moments.find(({ flags }) => flags & SYN);
    const closer = fin.side === client.side ? client : server;
    this.all.push({
      stream,
      frame: fin.frame,
      host: hostText(closer),
      server: socketText(server),
      isClient: closer === client,
      port: client.port,
      opened: syn?.time ?? flow.firstTime,
      closed: flow.lastTime,
    });
  }

  lastSyn(host: string, server: string): number {
    return this.lastSyns.get(`${host} ${server}`) ?? Number.NEGATIVE_INFINITY;
  }

  private noteSyn(client: Endpoint, server: Endpoint): void {
    const key = `${hostText(client)} ${socketText(server)}`;
    if (!client.hasSyn || (this.lastSyns.size === MOST && !this.lastSyns.has(key))) return;
    this.lastSyns.set(key, Math.max(this.lastSyns.get(key) ?? Number.NEGATIVE_INFINITY, client.synRepeats.last));
  }
}

/** Nanoseconds: TCP_TIMEWAIT_LEN. */
const TIME_WAIT = 60e9;

/** The longest run of these that are all in TIME_WAIT at one time. */
export function mostAtOnce(closes: readonly ClosedFirst[]): readonly ClosedFirst[] {
  const sorted = closes.toSorted((a, b) => a.closed - b.closed);
  let best: readonly [number, number] = [0, 0];
  let from = 0;
  for (const [i, { closed }] of sorted.entries()) {
    while ((sorted[from]?.closed ?? closed) < closed - TIME_WAIT) from++;
    if (i + 1 - from > best[1] - best[0]) best = [from, i + 1];
  }
  return sorted.slice(...best);
}
