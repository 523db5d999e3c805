import type { Endpoint } from '../flow/endpoint.js';
import { First, FirstNames } from './first.js';
import type { Outline } from './outline.js';

/** How far a connection attempt got, as captured. */
export type Attempt =
  /** The server has used the connection: it sent more than SYN-ACKs. */
  | 'accepted'
  /** The SYN-ACK was never acknowledged. */
  | 'half-open'
  /** The client has acknowledged the SYN-ACK, and the server has not reacted to it. */
  | 'not accepted'
  /** The SYN got no answer. */
  | 'unanswered'
  /** The SYN got a reset. */
  | 'refused';

/** One attempt to connect to a listener. Times in nanoseconds since the capture's epoch. */
export interface Connecting {
  readonly stream: number;
  readonly attempt: Attempt;
  readonly from: number;
  readonly to: number;
  readonly frame: number;
  /** The address of the client. */
  readonly client: string;
  /** The SYN-ACK took up all options that the SYN offered. */
  readonly fullOptions: boolean;
}

/** So many attempts are kept of a listener; all are counted. */
const MOST = 4096;
/** So many listeners are kept; a scan can ask for any number of them. */
const MOST_SOCKETS = 65_536;

/** One address and port that clients connect to: what its flows say together. */
export class Listener {
  first = 0;
  readonly counts: Record<Attempt, number> = { accepted: 0, 'half-open': 0, 'not accepted': 0, unanswered: 0, refused: 0 };
  private readonly firstAttempts = new First<Connecting>(MOST);

  constructor(
    readonly socket: string,
    /** Its address alone. */
    readonly host: string,
  ) {}

  get attempts(): readonly Connecting[] {
    return this.firstAttempts.all;
  }

  learn(outline: Outline): void {
    const { client, server, stream, firstFrame, lastTime } = outline.flow;
    const attempt = attemptOf(outline);
    this.counts[attempt]++;
    if (!this.firstAttempts.isOpenTo(stream)) return;
    this.firstAttempts.add({
      stream,
      attempt,
      from: client.synRepeats.first,
      to: lastTime,
      frame: firstFrame,
      client: outline.client.host.address,
      fullOptions: server.hasSyn && (!client.hasOffer || !server.hasOffer || takesAll(server, client)),
    });
  }

  /** Attempts of a kind that were going on at some time between `from` and `to`. */
  during(from: number, to: number, kind: Attempt): Connecting[] {
    return this.those(kind, (one) => one.from <= to && one.to >= from);
  }

  /** Attempts of a kind that began less than a span before or after a moment. */
  around(time: number, span: number, kind: Attempt): Connecting[] {
    return this.those(kind, ({ from }) => Math.abs(from - time) < span);
  }

  merge(other: Listener): void {
    for (const [attempt, count] of Object.entries(other.counts) as [Attempt, number][]) this.counts[attempt] += count;
    this.firstAttempts.merge(other.firstAttempts);
  }

  private those(kind: Attempt, isMeant: (one: Connecting) => boolean): Connecting[] {
    return this.counts[kind] === 0 ? [] : this.attempts.filter((one) => one.attempt === kind && isMeant(one));
  }
}

/** All listeners of a capture. */
export class Listeners {
  private readonly bySocket = new FirstNames<Listener>(MOST_SOCKETS);
  private accepting: ReadonlyMap<string, readonly Listener[]> | undefined = undefined;

  learn(outline: Outline): void {
    const { flow, socket, server } = outline;
    if (!flow.client.hasSyn) return; // not opened in this capture
    this.accepting = undefined;
    this.bySocket.of(socket, flow.stream, () => new Listener(socket, server.host.address)).learn(outline);
  }

  of(socket: string): Listener {
    return this.bySocket.get(socket) ?? new Listener(socket, '');
  }

  /** Those of a host that have accepted connections. */
  acceptingAt(host: string): readonly Listener[] {
    this.accepting ??= byHost(this.bySocket.those(({ counts }) => counts.accepted > 0));
    return this.accepting.get(host) ?? [];
  }

  /** Those with so many connections that nobody completed, or more. */
  withHalfOpen(least: number): readonly Listener[] {
    return this.bySocket.those(({ counts }) => counts['half-open'] >= least);
  }

  merge(other: Listeners): void {
    this.accepting = undefined;
    this.bySocket.merge(other.bySocket);
  }
}

function byHost(listeners: readonly Listener[]): ReadonlyMap<string, readonly Listener[]> {
  const found = new Map<string, Listener[]>();
  for (const listener of listeners) {
    const others = found.get(listener.host);
    if (others === undefined) found.set(listener.host, [listener]);
    else others.push(listener);
  }
  return found;
}

function attemptOf({ flow, client, server: { resets } }: Outline): Attempt {
  const { server } = flow;
  if (server.segments > server.syns + resets) return 'accepted';
  if (!server.hasSyn) return resets > 0 ? 'refused' : 'unanswered';
  return client.hasAcknowledged ? 'not accepted' : 'half-open';
}

/** The SYN-ACK takes up the window scale and SACK as they were offered. */
function takesAll(server: Endpoint, client: Endpoint): boolean {
  return server.windowScale >= 0 === client.windowScale >= 0 && server.sackPermitted === client.sackPermitted;
}
