import { distance } from '../decode/sequence.js';
import type { Flow } from '../flow/flow.js';
import { First, FirstNames } from './first.js';
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
/** So many pairs of addresses are kept; a flood can forge any number of them. */
const MOST_PAIRS = 65_536;
/** TCP_PAWS_MSL: so long a stamp of an address is remembered; nanoseconds. */
const REMEMBERED = 60e9;
/** Two lost SYNs are repeated within 1 + 2 s; one that waits longer for its answer was ignored at first; nanoseconds. */
const LOST_TWICE = 6e9;

/** What one address says to one server about its timestamp clock. Behind a NAT several clocks share an address. */
export class AddressClock {
  first = 0;
  private readonly firstSyns = new First<StampedSyn>(MOST);
  private readonly firstStamps = new First<Stamp>(MOST);

  constructor(
    readonly client: string,
    readonly server: string,
  ) {}

  get syns(): readonly StampedSyn[] {
    return this.firstSyns.all;
  }

  get stamps(): readonly Stamp[] {
    return this.firstStamps.all;
  }

  learn({ client, server, stream, firstFrame }: Flow): void {
    if (this.firstSyns.isOpenTo(stream)) {
      const tsval = client.timestamps ? client.firstSynTsval : undefined;
      const wasLeftWaiting = server.synRepeats.first - client.synRepeats.first > LOST_TWICE;
      const isAnswered = server.segments > 0 && !wasLeftWaiting;
      this.firstSyns.add({ stream, frame: firstFrame, time: client.synRepeats.first, isAnswered, tsval });
    }
    const serverClosedFirst = server.hasFin && (!client.hasFin || server.finRepeats.first <= client.finRepeats.first);
    if (serverClosedFirst && client.hasTimestamps && this.firstStamps.isOpenTo(stream))
      this.firstStamps.add({ stream, time: client.lastTime, tsval: client.lastTsval });
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
    this.firstSyns.merge(other.firstSyns);
    this.firstStamps.merge(other.firstStamps);
  }
}

/** The timestamp clocks of all pairs of addresses. */
export class AddressClocks {
  private readonly byPair = new FirstNames<AddressClock>(MOST_PAIRS);

  learn({ flow, client, server }: Outline): void {
    if (!flow.client.hasSyn) return;
    this.byPair.of(pairOf(client.host.address, server.host.address), flow.stream, clockOf).learn(flow);
  }

  of(client: string, server: string): AddressClock {
    return this.byPair.get(pairOf(client, server)) ?? new AddressClock(client, server);
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

function pairOf(client: string, server: string): string {
  return `${client} ${server}`;
}

function clockOf(pair: string): AddressClock {
  const [client = '', server = ''] = pair.split(' ');
  return new AddressClock(client, server);
}
