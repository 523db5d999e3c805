import { distance } from '../decode/sequence.js';
import type { Flow } from '../flow/flow.js';
import { hostText } from './address.js';
import { FirstLists, NO_LIST } from './memory/first-lists.js';
import { FirstNames, UNKNOWN } from './memory/first-names.js';
import { addressIn, PAIR_NAME, pairName, serverIn } from './memory/name.js';
import { rowOf } from './memory/row.js';
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

/** What one address says to one server about its timestamp clock. Behind a NAT several clocks share an address. */
export class AddressClock {
  constructor(
    readonly client: string,
    readonly server: string,
    readonly syns: readonly StampedSyn[],
    readonly stamps: readonly Stamp[],
  ) {}

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
}

/** Lists of a pair of addresses. */
const ClockRow = rowOf<{ syns: number; stamps: number }>({ syns: 'int', stamps: 'int' });
const [clock, otherClock] = [new ClockRow(), new ClockRow()];

const SynRow = rowOf<{ time: number; isAnswered: boolean; hasTsval: boolean; tsval: number; frame: number }>({
  time: 'real',
  isAnswered: 'flag',
  hasTsval: 'flag',
  tsval: 'int',
  frame: 'int',
});
const syn = new SynRow();

const StampRow = rowOf<{ time: number; tsval: number }>({ time: 'real', tsval: 'int' });
const stamp = new StampRow();

/** The timestamp clocks of all pairs of addresses, as far as a SYN of the client was captured. */
export class AddressClocks extends FirstNames {
  private readonly syns: FirstLists = new FirstLists(SynRow.width, MOST);
  private readonly stamps: FirstLists = new FirstLists(StampRow.width, MOST);
  private asked: { readonly row: number; readonly clock: AddressClock } | undefined = undefined;

  constructor() {
    super(ClockRow.width, PAIR_NAME);
  }

  learn({ flow }: Outline): void {
    const { client, server, stream } = flow;
    if (!client.hasSyn) return;
    const name = pairName(client, server);
    const known = this.of(name, stream);
    const row = known === UNKNOWN ? this.add(name, stream) : known;
    if (row === UNKNOWN) return;
    clock.on(this.slab, row);
    if (this.syns.isOpenTo(clock.syns, stream)) this.addSyn(flow);
    const serverClosedFirst = server.hasFin && (!client.hasFin || server.finRepeats.first <= client.finRepeats.first);
    if (serverClosedFirst && client.hasTimestamps && this.stamps.isOpenTo(clock.stamps, stream)) this.addStamp(flow);
  }

  /** What the client of a flow says to its server; undefined when no SYN of it was captured. */
  between({ client, server }: Flow): AddressClock | undefined {
    const row = this.get(pairName(client, server));
    if (row === UNKNOWN) return undefined;
    if (this.asked?.row !== row) this.asked = { row, clock: this.at(row) };
    return this.asked.clock;
  }

  get all(): readonly AddressClock[] {
    return this.those(() => true).map((row) => this.at(row));
  }

  /** Those with a SYN that was ignored, and a stamp that may have forbidden it. */
  get doubtful(): readonly AddressClock[] {
    const rows = this.those((row) => {
      clock.on(this.slab, row);
      return clock.stamps !== NO_LIST && this.syns.count(clock.syns, syn, ({ isAnswered }) => !isAnswered) > 0;
    });
    return rows.map((row) => this.at(row));
  }

  merge(other: AddressClocks): void {
    this.join(other, (ours, theirs) => {
      clock.on(this.slab, ours);
      otherClock.on(other.slab, theirs);
      clock.syns = this.syns.merge(clock.syns, other.syns, otherClock.syns);
      clock.stamps = this.stamps.merge(clock.stamps, other.stamps, otherClock.stamps);
    });
  }

  protected override forget(row: number): void {
    clock.on(this.slab, row);
    this.syns.end(clock.syns);
    this.stamps.end(clock.stamps);
    clock.syns = clock.stamps = NO_LIST;
  }

  private at(row: number): AddressClock {
    clock.on(this.slab, row);
    const name = this.nameOf(row);
    const syns = this.syns.map(clock.syns, syn, ({ frame, time, isAnswered, hasTsval, tsval }, stream) => ({
      stream,
      frame,
      time,
      isAnswered,
      tsval: hasTsval ? tsval : undefined,
    }));
    const stamps = this.stamps.map(clock.stamps, stamp, ({ time, tsval }, stream) => ({ stream, time, tsval }));
    return new AddressClock(hostText(addressIn(name)), hostText(serverIn(name)), syns, stamps);
  }

  private addSyn({ client, server, stream, firstFrame }: Flow): void {
    clock.syns = this.syns.add(clock.syns, stream, syn);
    const wasLeftWaiting = server.synRepeats.first - client.synRepeats.first > LOST_TWICE;
    syn.frame = firstFrame;
    syn.time = client.synRepeats.first;
    syn.isAnswered = server.segments > 0 && !wasLeftWaiting;
    syn.hasTsval = client.timestamps;
    syn.tsval = client.firstSynTsval;
  }

  private addStamp({ client, stream }: Flow): void {
    clock.stamps = this.stamps.add(clock.stamps, stream, stamp);
    stamp.time = client.lastTime;
    stamp.tsval = client.lastTsval;
  }
}
