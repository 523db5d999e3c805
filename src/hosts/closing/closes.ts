import { NOWHERE } from '../../flow/timeline/moments.js';
import { type Address, hostText, socketAt } from '../address.js';
import { longestRun } from '../longest-run.js';
import { FirstLists, NO_LIST } from '../memory/first-lists.js';
import type { Outline } from '../outline.js';
import { CloseRow } from './close-row.js';
import { LastSyns } from './last-syns.js';

/** A connection that an end closed first: it keeps a TIME_WAIT. Times in nanoseconds since the capture's epoch. */
export interface ClosedFirst {
  readonly stream: number;
  /** Its FIN. */
  readonly frame: number;
  readonly client: Address;
  readonly clientPort: number;
  readonly server: Address;
  readonly port: number;
  /** Who closed it. */
  readonly isClient: boolean;
  readonly opened: number;
  readonly closed: number;
}

/** So many closes are kept: towards one server a client has no more ports. */
const MOST = 65_536;
/** Of fewer of one host towards one server there is nothing to tell. */
export const FEWEST = 8;

const [close, otherClose] = [new CloseRow(), new CloseRow()];

/** Who closes first, connection by connection. */
export class Closes {
  private readonly lists: FirstLists = new FirstLists(CloseRow.width, MOST);
  private closes = NO_LIST;
  private together: readonly (readonly number[])[] | undefined = undefined;
  /** Up to when the flows reach. */
  until: number = Number.NEGATIVE_INFINITY;
  private readonly lastSyns: LastSyns = new LastSyns();

  learn(outline: Outline): void {
    const { flow } = outline;
    const { client, server, stream, firstTime, lastTime, timeline } = flow;
    this.until = Math.max(this.until, lastTime);
    if (client.hasSyn) this.lastSyns.learn(flow);
    if (!client.hasFin || !server.hasFin || outline.wasReset || !this.lists.isOpenTo(this.closes, stream)) return;
    const { syn, fin } = outline;
    if (fin === NOWHERE) return;
    const { segments } = timeline;
    this.together = undefined;
    this.closes = this.lists.add(this.closes, stream, close);
    close.between(client, server);
    close.frame = segments.frameAt(fin);
    close.isClient = segments.sideAt(fin) === client.side;
    close.opened = syn === NOWHERE ? firstTime : segments.timeAt(syn);
    close.closed = lastTime;
  }

  /** What there is to tell of those of one host towards one server together, wherever they are FEWEST or more. */
  tellOf<Told>(tell: (group: readonly ClosedFirst[]) => readonly Told[]): Told[] {
    this.together ??= this.grouped();
    return this.together.flatMap((rows) => tell(rows.map((row) => this.closeAt(row))));
  }

  /** When the client of one asked its server for a connection last. */
  lastSyn({ client, server, port }: ClosedFirst): number {
    return this.lastSyns.timeOf(client, server, port);
  }

  merge(other: Closes): void {
    this.together = undefined;
    this.closes = this.lists.merge(this.closes, other.lists, other.closes);
    this.until = Math.max(this.until, other.until);
    this.lastSyns.merge(other.lastSyns);
  }

  /** Rows of those that belong together. Most do not: they are told apart by their hashes before anybody looks closer. */
  private grouped(): readonly (readonly number[])[] {
    const rows = this.lists.rows(this.closes);
    const hashes = rows.map((row) => {
      this.lists.set(close, row);
      return close.hash;
    });
    const counts = new Map<number, number>();
    for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    const groups: number[][] = [];
    const byHash = new Map<number, number[][]>();
    for (const [i, row] of rows.entries()) {
      const hash = hashes[i] as number;
      if ((counts.get(hash) as number) < FEWEST) continue;
      const ofHash = byHash.get(hash) ?? [];
      const group = ofHash.find(([first]) => this.areAlike(first as number, row));
      if (group !== undefined) group.push(row);
      else {
        const begun = [row];
        groups.push(begun);
        byHash.set(hash, [...ofHash, begun]);
      }
    }
    return groups.filter(({ length }) => length >= FEWEST);
  }

  private areAlike(one: number, another: number): boolean {
    this.lists.set(close, one);
    this.lists.set(otherClose, another);
    return close.isLike(otherClose);
  }

  private closeAt(row: number): ClosedFirst {
    const stream = this.lists.set(close, row);
    const { frame, client, clientPort, server, port, isClient, opened, closed } = close;
    return { stream, frame, client, clientPort, server, port, isClient, opened, closed };
  }
}

/** The end that closed a connection, and the server. */
export function closeText({ client, server, port, isClient }: Pick<ClosedFirst, 'client' | 'server' | 'port' | 'isClient'>): string {
  return `${hostText(isClient ? client : server)} to ${socketAt(server, port)}`;
}

/** Nanoseconds: TCP_TIMEWAIT_LEN. */
const TIME_WAIT = 60e9;

/** The longest run of these that are all in TIME_WAIT at one time. */
export function mostAtOnce(closes: readonly ClosedFirst[]): readonly ClosedFirst[] {
  const sorted = closes.toSorted((a, b) => a.closed - b.closed);
  return longestRun(sorted, (first, last) => first.closed >= last.closed - TIME_WAIT);
}
