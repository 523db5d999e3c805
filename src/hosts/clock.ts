import { distance } from '../decode/sequence.js';
import type { Flow } from '../flow/flow.js';
import { hostText } from './address.js';

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
  readonly syns: StampedSyn[] = [];
  readonly stamps: Stamp[] = [];

  constructor(
    readonly client: string,
    readonly server: string,
  ) {}

  /** The stamp that forbids this SYN to a kernel that compares timestamps per address: newer than the SYN's, and fresh. */
  newerStamp({ time, tsval, stream }: StampedSyn): Stamp | undefined {
    const fresh = this.stamps.filter((stamp) => stamp.stream !== stream && stamp.time < time && time - stamp.time < REMEMBERED);
    const latest = fresh.at(-1);
    if (latest === undefined) return undefined;
    return tsval === undefined || distance(latest.tsval, tsval) > 1 ? latest : undefined;
  }
}

/** The timestamp clocks of all pairs of addresses. */
export class AddressClocks {
  private readonly byPair = new Map<string, AddressClock>();

  learn(flow: Flow): void {
    const { client, server } = flow;
    if (!client.hasSyn) return;
    const clock = this.of(hostText(client), hostText(server));
    if (clock.syns.length < MOST) {
      const tsval = client.timestamps ? client.firstSynTsval : undefined;
      const wasLeftWaiting = server.synRepeats.first - client.synRepeats.first > LOST_TWICE;
      const isAnswered = server.segments > 0 && !wasLeftWaiting;
      clock.syns.push({ stream: flow.stream, frame: flow.firstFrame, time: client.synRepeats.first, isAnswered, tsval });
    }
    const serverClosedFirst = server.hasFin && (!client.hasFin || server.finRepeats.first <= client.finRepeats.first);
    if (serverClosedFirst && client.hasTimestamps && clock.stamps.length < MOST) {
      clock.stamps.push({ stream: flow.stream, time: client.lastTime, tsval: client.lastTsval });
    }
  }

  of(client: string, server: string): AddressClock {
    const key = `${client} ${server}`;
    let clock = this.byPair.get(key);
    if (clock === undefined) {
      clock = new AddressClock(client, server);
      if (this.byPair.size < MOST_PAIRS) this.byPair.set(key, clock);
    }
    return clock;
  }

  get all(): IterableIterator<AddressClock> {
    return this.byPair.values();
  }
}
