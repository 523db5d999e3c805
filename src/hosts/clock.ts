import { distance } from '../decode/sequence.js';
import type { Flow } from '../flow/flow.js';
import { type Address, addressHash, isSameAddress, mixed } from './address.js';
import { First, mergedFirst } from './first.js';
import { FirstNames } from './first-names.js';
import type { Host } from './host.js';
import type { Outline } from './outline.js';

/** A SYN of an address, and what the server had heard of that address before. */
export interface StampedSyn {
  readonly stream: number;
  readonly frame: number;
  readonly time: number;
  /** The first of its repetitions was, or one soon after. */
  readonly isAnswered: boolean;
  /** Undefined without the timestamp option. */
  readonly tsval: number | undefined;
}

/** The last timestamp of a connection of an address that the server closed first: old kernels remember it for the address. */
export interface Stamp {
  readonly stream: number;
  readonly time: number;
  readonly tsval: number;
}

/** So many SYNs and stamps are kept for a pair of addresses. */
const MOST = 2048;
/** TCP_PAWS_MSL: so long a stamp of an address is remembered; nanoseconds. */
const REMEMBERED = 60e9;
/** Two lost SYNs are repeated within 1 + 2 s; one that waits longer for its answer was ignored at first; nanoseconds. */
const LOST_TWICE = 6e9;

/** The addresses of a client and of a server. */
interface Pair {
  readonly client: Address;
  readonly server: Address;
}

/** What one address says to one server about its timestamp clock. Behind a NAT several clocks share an address. */
export class AddressClock implements Pair {
  first = 0;
  next: AddressClock | undefined = undefined;
  private firstSyns: First<StampedSyn> | undefined = undefined;
  private firstStamps: First<Stamp> | undefined = undefined;

  constructor(
    readonly client: Host,
    readonly server: Host,
  ) {}

  get hash(): number {
    return hashOf(this);
  }

  isNamed({ client, server }: Pair): boolean {
    return isSameAddress(this.client, client) && isSameAddress(this.server, server);
  }

  get syns(): readonly StampedSyn[] {
    return this.firstSyns?.all ?? [];
  }

  get stamps(): readonly Stamp[] {
    return this.firstStamps?.all ?? [];
  }

  learn({ client, server, stream, firstFrame }: Flow): void {
    this.firstSyns ??= new First(MOST);
    if (this.firstSyns.isOpenTo(stream)) {
      const tsval = client.timestamps ? client.firstSynTsval : undefined;
      const wasLeftWaiting = server.synRepeats.first - client.synRepeats.first > LOST_TWICE;
      const isAnswered = server.segments > 0 && !wasLeftWaiting;
      this.firstSyns.add({ stream, frame: firstFrame, time: client.synRepeats.first, isAnswered, tsval });
    }
    const serverClosedFirst = server.hasFin && (!client.hasFin || server.finRepeats.first <= client.finRepeats.first);
    if (!serverClosedFirst || !client.hasTimestamps) return;
    this.firstStamps ??= new First(MOST);
    if (this.firstStamps.isOpenTo(stream)) this.firstStamps.add({ stream, time: client.lastTime, tsval: client.lastTsval });
  }

  /** The stamp that forbids this SYN to a kernel that compares timestamps per address: newer than the SYN's, and fresh. */
  newerStamp({ time, tsval, stream }: StampedSyn): Stamp | undefined {
    let latest: Stamp | undefined;
    for (const stamp of this.stamps) {
      const isFresh = stamp.stream !== stream && stamp.time < time && time - stamp.time < REMEMBERED;
      if (isFresh && (latest === undefined || stamp.time >= latest.time)) latest = stamp;
    }
    if (latest === undefined) return undefined;
    return tsval === undefined || distance(latest.tsval, tsval) > 1 ? latest : undefined;
  }

  merge(other: AddressClock): void {
    this.firstSyns = mergedFirst(this.firstSyns, other.firstSyns);
    this.firstStamps = mergedFirst(this.firstStamps, other.firstStamps);
  }
}

/** The timestamp clocks of all pairs of addresses. */
export class AddressClocks {
  private readonly byPair = new FirstNames<Pair, AddressClock>();

  learn({ flow, client, server }: Outline): void {
    if (!flow.client.hasSyn) return;
    const known = this.byPair.of(flow, hashOf(flow), flow.stream);
    if (known === undefined && !this.byPair.isOpenTo(flow.stream)) return;
    const clock = known ?? this.byPair.add(new AddressClock(client, server), flow.stream);
    clock.learn(flow);
  }

  /** What the client of a flow says to its server; undefined when no SYN of it was captured. */
  of(flow: Flow): AddressClock | undefined {
    return this.byPair.get(flow, hashOf(flow));
  }

  get all(): readonly AddressClock[] {
    return this.byPair.all;
  }

  /** Those with a SYN that was ignored, and a stamp that may have forbidden it. */
  get doubtful(): readonly AddressClock[] {
    return this.byPair.those(({ syns, stamps }) => stamps.length > 0 && syns.some(({ isAnswered }) => !isAnswered));
  }

  merge(other: AddressClocks): void {
    this.byPair.merge(other.byPair);
  }
}

function hashOf({ client, server }: Pair): number {
  return mixed(addressHash(client), addressHash(server));
}
