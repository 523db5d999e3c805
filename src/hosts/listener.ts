import { RST } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import { type Address, addressHash, isSameAddress, mixed, socketAt } from './address.js';
import { First, REMEMBERED } from './first.js';
import { FirstNames } from './first-names.js';
import type { Host } from './host.js';
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
  readonly client: Host;
  /** The SYN-ACK took up all options that the SYN offered. */
  readonly fullOptions: boolean;
}

/** So many attempts are kept of a listener; all are counted. */
const MOST = 4096;

/** An address and port. */
interface Socket {
  readonly server: Address;
  readonly port: number;
}

/** One address and port that clients connect to: what its flows say together. */
export class Listener implements Socket {
  first = 0;
  next: Listener | undefined = undefined;
  readonly counts: Record<Attempt, number> = { ...NO_ATTEMPTS };
  private readonly firstAttempts = new First<Connecting>(MOST);
  private written: string | undefined = undefined;

  constructor(
    readonly server: Host,
    readonly port: number,
  ) {}

  /** As text. */
  get socket(): string {
    this.written ??= socketAt(this.server, this.port);
    return this.written;
  }

  get hash(): number {
    return hashOf(this);
  }

  isNamed({ server, port }: Socket): boolean {
    return this.port === port && isSameAddress(this.server, server);
  }

  get attempts(): readonly Connecting[] {
    return this.firstAttempts.all;
  }

  learn(outline: Outline): void {
    const { client, server, stream, firstFrame, lastTime } = outline.flow;
    const attempt = attemptOf(outline);
    this.counts[attempt]++;
    if (stream >= REMEMBERED || !this.firstAttempts.isOpenTo(stream)) return;
    this.firstAttempts.add({
      stream,
      attempt,
      from: client.synRepeats.first,
      to: lastTime,
      frame: firstFrame,
      client: outline.client,
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

/** What is known of an address and port, whether somebody has asked for it or not. */
export type Heard = Pick<Listener, 'counts' | 'attempts' | 'during' | 'around'>;

const NO_ATTEMPTS: Readonly<Record<Attempt, number>> = { accepted: 0, 'half-open': 0, 'not accepted': 0, unanswered: 0, refused: 0 };
const NOTHING_HEARD: Heard = { counts: NO_ATTEMPTS, attempts: [], during: () => [], around: () => [] };

/** All listeners of a capture. */
export class Listeners {
  private readonly bySocket = new FirstNames<Socket, Listener>();
  private accepting: ReadonlyMap<string, readonly Listener[]> | undefined = undefined;

  learn(outline: Outline): void {
    const { flow, server, port } = outline;
    if (!flow.client.hasSyn) return; // not opened in this capture
    this.accepting = undefined;
    const known = this.bySocket.of(outline, hashOf(outline), flow.stream);
    if (known === undefined && !this.bySocket.isOpenTo(flow.stream)) return;
    const listener = known ?? this.bySocket.add(new Listener(server, port), flow.stream);
    listener.learn(outline);
  }

  /** By its address and port as text. */
  of(socket: string): Heard {
    return this.bySocket.called(socket, (listener) => listener.socket) ?? NOTHING_HEARD;
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

function hashOf({ server, port }: Socket): number {
  return mixed(addressHash(server), port);
}

function byHost(listeners: readonly Listener[]): ReadonlyMap<string, readonly Listener[]> {
  const found = new Map<string, Listener[]>();
  for (const listener of listeners) {
    const others = found.get(listener.server.address);
    if (others === undefined) found.set(listener.server.address, [listener]);
    else others.push(listener);
  }
  return found;
}

function attemptOf(outline: Outline): Attempt {
  const { client, server, timeline } = outline.flow;
  const resets = timeline.segments.count(RST, server.side);
  if (server.segments > server.syns + resets) return 'accepted';
  if (!server.hasSyn) return resets > 0 ? 'refused' : 'unanswered';
  return outline.hasAcknowledged(client) ? 'not accepted' : 'half-open';
}

/** The SYN-ACK takes up the window scale and SACK as they were offered. */
function takesAll(server: Endpoint, client: Endpoint): boolean {
  return server.windowScale >= 0 === client.windowScale >= 0 && server.sackPermitted === client.sackPermitted;
}
