import { NOWHERE } from '../flow/timeline/moments.js';
import { type Address, addressHash, isSameAddress, mixed, socketAt } from './address.js';
import { First } from './first.js';
import { FirstNames } from './first-names.js';
import type { Host } from './host.js';
import { longestRun } from './longest-run.js';
import type { Outline } from './outline.js';

/** A connection that an end closed first: it keeps a TIME_WAIT. Times in nanoseconds since the capture's epoch. */
export interface ClosedFirst {
  readonly stream: number;
  /** Its FIN. */
  readonly frame: number;
  readonly client: Host;
  readonly clientPort: number;
  readonly server: Host;
  readonly port: number;
  /** Who closed it. */
  readonly isClient: boolean;
  readonly opened: number;
  readonly closed: number;
}

/** So many closes are kept: towards one server a client has no more ports. */
const MOST = 65_536;

/** A client, and the address and port of a server. */
interface Asked {
  readonly client: Address;
  readonly server: Address;
  readonly port: number;
}

/** When a client asked for a connection to a server last. */
export class LastSyn implements Asked {
  first = 0;
  next: LastSyn | undefined = undefined;
  time: number = Number.NEGATIVE_INFINITY;

  constructor(
    readonly client: Host,
    readonly server: Host,
    readonly port: number,
  ) {}

  get hash(): number {
    return hashOf(this);
  }

  isNamed({ client, server, port }: Asked): boolean {
    return this.port === port && isSameAddress(this.client, client) && isSameAddress(this.server, server);
  }

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
  private readonly lastSyns = new FirstNames<Asked, LastSyn>();

  learn(outline: Outline): void {
    const { flow, client, server, port } = outline;
    const { stream, lastTime, timeline } = flow;
    this.until = Math.max(this.until, lastTime);
    if (flow.client.hasSyn) this.learnSyn(outline);
    if (!flow.client.hasFin || !flow.server.hasFin || outline.wasReset || !this.closes.isOpenTo(stream)) return;
    const { syn, fin } = outline;
    if (fin === NOWHERE) return;
    const { segments } = timeline;
    this.together = undefined;
    this.closes.add({
      stream,
      frame: segments.frameAt(fin),
      client,
      clientPort: flow.client.port,
      server,
      port,
      isClient: segments.sideAt(fin) === flow.client.side,
      opened: syn === NOWHERE ? flow.firstTime : segments.timeAt(syn),
      closed: lastTime,
    });
  }

  /** Those of one host towards one server together. */
  get groups(): readonly (readonly ClosedFirst[])[] {
    this.together ??= grouped(this.closes.all);
    return this.together;
  }

  /** When it was asked for last. */
  lastSyn(asked: Asked): number {
    return this.lastSyns.get(asked, hashOf(asked))?.time ?? Number.NEGATIVE_INFINITY;
  }

  merge(other: Closes): void {
    this.together = undefined;
    this.closes.merge(other.closes);
    this.until = Math.max(this.until, other.until);
    this.lastSyns.merge(other.lastSyns);
  }

  private learnSyn(outline: Outline): void {
    const { client, server, port, flow } = outline;
    const known = this.lastSyns.of(outline, hashOf(outline), flow.stream);
    if (known === undefined && !this.lastSyns.isOpenTo(flow.stream)) return;
    const last = known ?? this.lastSyns.add(new LastSyn(client, server, port), flow.stream);
    last.time = Math.max(last.time, flow.client.synRepeats.last);
  }
}

/** The end that closed a connection, and the server. */
export function closeText({ client, server, port, isClient }: ClosedFirst): string {
  return `${(isClient ? client : server).address} to ${socketAt(server, port)}`;
}

function hashOf({ client, server, port }: Asked): number {
  return mixed(mixed(addressHash(client), addressHash(server)), port);
}

/** By who closed and which server it was about. */
function grouped(closes: readonly ClosedFirst[]): ClosedFirst[][] {
  const groups = new Map<string, ClosedFirst[]>();
  for (const one of closes) {
    const text = closeText(one);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** Nanoseconds: TCP_TIMEWAIT_LEN. */
const TIME_WAIT = 60e9;

/** The longest run of these that are all in TIME_WAIT at one time. */
export function mostAtOnce(closes: readonly ClosedFirst[]): readonly ClosedFirst[] {
  const sorted = closes.toSorted((a, b) => a.closed - b.closed);
  return longestRun(sorted, (first, last) => first.closed >= last.closed - TIME_WAIT);
}
