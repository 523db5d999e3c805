import type { Endpoint } from '../flow/endpoint.js';
import { type Address, addressFrom, hostText } from './address.js';
import { AbortedRow, ClosedRow, MOST_ENDED } from './closing/aborts.js';
import { learnSyn } from './fingerprint.js';
import { NEVER } from './memory/first.js';
import { FirstLists, NO_LIST } from './memory/first-lists.js';
import { FirstNames, UNKNOWN } from './memory/first-names.js';
import { ADDRESS_NAME, addressIn, addressName } from './memory/name.js';
import { type RowClass, rowOf } from './memory/row.js';

/** What all flows of one address say about it. */
interface HostNumbers {
  family: number;
  /** The first flows in which it was the client, and the server; or NEVER. */
  asClient: number;
  asServer: number;
  /** How many more flows say that the capture was made on it than say that it was not. */
  votes: number;
  /** Which ways its packets go at the point of capture, as far as the capture notes it: COMES, LEAVES, both when they pass. */
  ways: number;
  /** Flows in which data was sent again, by it or to it. */
  lossy: number;
  /** The first flow with the SYN of it that says most about it, and what that one says; NEVER without a SYN. */
  synStream: number;
  synTtl: number;
  synWindow: number;
  synOptionKinds: number;
  /** Lists: of connections that it has reset, and of times at which it has closed others with a FIN. */
  aborted: number;
  closed: number;
}

const HostRecord: RowClass<HostNumbers> = rowOf<HostNumbers>({
  family: 'int',
  asClient: 'int',
  asServer: 'int',
  votes: 'int',
  ways: 'int',
  lossy: 'int',
  synStream: 'int',
  synTtl: 'int',
  synWindow: 'int',
  synOptionKinds: 'int',
  aborted: 'int',
  closed: 'int',
});

export class Host extends HostRecord {
  /** Nothing is known of it yet; it has no lists. */
  begin({ family }: Pick<Address, 'family'>): void {
    this.family = family;
    this.asClient = this.asServer = this.synStream = NEVER;
    this.votes = this.ways = this.lossy = this.synTtl = this.synWindow = this.synOptionKinds = 0;
  }
}

const [ours, theirs] = [new Host(), new Host()];

/** The hosts of a capture by their addresses. */
export class HostTable extends FirstNames {
  readonly aborted: FirstLists = new FirstLists(AbortedRow.width, MOST_ENDED);
  readonly closed: FirstLists = new FirstLists(ClosedRow.width, MOST_ENDED);

  constructor() {
    super(Host.width, ADDRESS_NAME);
  }

  /** The row of an endpoint's host, on behalf of a flow; UNKNOWN when there is no room for it. */
  rowOf(endpoint: Endpoint, stream: number): number {
    const name = addressName(endpoint);
    const known = this.of(name, stream);
    if (known !== UNKNOWN) return known;
    const row = this.add(name, stream);
    if (row !== UNKNOWN) this.set(ours, row)?.begin(endpoint);
    return row;
  }

  /** As `rowOf`; it tells of this one until another is asked for. */
  known(endpoint: Endpoint, stream: number): Host | undefined {
    return this.set(ours, this.rowOf(endpoint, stream));
  }

  /** Nothing for UNKNOWN. */
  set(host: Host, row: number): Host | undefined {
    if (row === UNKNOWN) return undefined;
    host.on(this.slab, row);
    return host;
  }

  /** To be asked for when all flows are known; it tells of this one until another is asked for. */
  at(address: Address): Host | undefined {
    return this.set(ours, this.get(addressName(address)));
  }

  /** As `at`, by the address as text. */
  called(text: string): Host | undefined {
    const address = addressFrom(text);
    return address && this.at(address);
  }

  /** The addresses of those that are meant, by the first flow of each, with what `say` says of them. */
  map<Said>(isMeant: (host: Host) => boolean, say: (host: Host) => Said): (readonly [address: string, said: Said])[] {
    const rows = this.those((row) => isMeant(this.set(ours, row) as Host));
    return rows.map((row) => [hostText(addressIn(this.nameOf(row))), say(this.set(ours, row) as Host)] as const);
  }

  merge(other: HostTable): void {
    this.join(other, (ourRow, theirRow, isNew) => {
      const our = this.set(ours, ourRow) as Host;
      const their = other.set(theirs, theirRow) as Host;
      if (isNew) our.begin(their);
      our.asClient = Math.min(our.asClient, their.asClient);
      our.asServer = Math.min(our.asServer, their.asServer);
      our.votes += their.votes;
      our.ways |= their.ways;
      our.lossy += their.lossy;
      if (their.synStream !== NEVER) learnSyn(our, their, their.synStream);
      our.aborted = this.aborted.merge(our.aborted, other.aborted, their.aborted);
      our.closed = this.closed.merge(our.closed, other.closed, their.closed);
    });
  }

  protected override forget(row: number): void {
    const host = this.set(theirs, row) as Host;
    this.aborted.end(host.aborted);
    this.closed.end(host.closed);
    host.aborted = host.closed = NO_LIST;
  }
}
