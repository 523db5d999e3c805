import { addressFrom, hostText, socketAt } from './address.js';
import { ATTEMPTS, type Attempt, AttemptRow, attemptOf, type Connecting } from './attempt.js';
import { type Heard, Listener, NOTHING_HEARD } from './listener.js';
import { REMEMBERED } from './memory/first.js';
import { FirstLists, NO_LIST } from './memory/first-lists.js';
import { FirstNames, type Name, UNKNOWN } from './memory/first-names.js';
import { addressIn, portIn, SOCKET_NAME, socketName } from './memory/name.js';
import { rowOf } from './memory/row.js';
import type { Outline } from './outline.js';

/** So many attempts are kept of a listener; all are counted. */
const MOST = 4096;
/** So many that somebody has asked for stay at hand, and so many of their attempts. */
const [MOST_LISTENERS_AT_HAND, MOST_AT_HAND] = [1024, 32_768];

/** Of a listener: how many attempts came how far, and the list of the first of them. */
const ListenerRow = rowOf<Record<Attempt, number> & { attempts: number }>({
  accepted: 'int',
  'half-open': 'int',
  'not accepted': 'int',
  unanswered: 'int',
  refused: 'int',
  attempts: 'int',
});
const [listener, otherListener] = [new ListenerRow(), new ListenerRow()];
const attempt = new AttemptRow();

/** All listeners of a capture. */
export class Listeners extends FirstNames {
  private readonly attempts: FirstLists = new FirstLists(AttemptRow.width, MOST);
  private accepting: ReadonlyMap<string, readonly number[]> | undefined = undefined;
  /** Those that somebody has asked for, by their rows. */
  private readonly atHand = new Map<number, Listener>();
  private attemptsAtHand = 0;

  constructor() {
    super(ListenerRow.width, SOCKET_NAME);
  }

  learn(outline: Outline): void {
    const { client, server, stream } = outline.flow;
    if (!client.hasSyn) return; // not opened in this capture
    const name = socketName(server, server.port);
    const known = this.of(name, stream);
    const row = known === UNKNOWN ? this.add(name, stream) : known;
    if (row === UNKNOWN) return;
    listener.on(this.slab, row);
    if (known === UNKNOWN) begin();
    const kind = attemptOf(outline);
    listener[kind]++;
    if (stream >= REMEMBERED || !this.attempts.isOpenTo(listener.attempts, stream)) return;
    listener.attempts = this.attempts.add(listener.attempts, stream, attempt);
    attempt.fillIn(outline, kind);
  }

  /** By its address and port as text. To be asked for when all flows are known. */
  called(socket: string): Heard {
    const [, host6, host = host6 ?? '', port = ''] = /^(?:\[(.*)\]|(.*)):(\d+)$/.exec(socket) ?? [];
    const address = addressFrom(host);
    const row = address === undefined ? UNKNOWN : this.get(socketName(address, Number(port)));
    return row === UNKNOWN ? NOTHING_HEARD : this.at(row);
  }

  /** Those of a host that have accepted connections. */
  acceptingAt(host: string): readonly Listener[] {
    this.accepting ??= this.byHost(this.with('accepted', 1));
    return this.accepting.get(host)?.map((row) => this.at(row)) ?? [];
  }

  /** Those with so many connections that nobody completed, or more. */
  withHalfOpen(least: number): readonly Listener[] {
    return this.with('half-open', least).map((row) => this.at(row));
  }

  merge(other: Listeners): void {
    this.accepting = undefined;
    this.atHand.clear();
    this.join(other, (ours, theirs, isNew) => {
      listener.on(this.slab, ours);
      otherListener.on(other.slab, theirs);
      if (isNew) begin();
      for (const kind of ATTEMPTS) listener[kind] += otherListener[kind];
      listener.attempts = this.attempts.merge(listener.attempts, other.attempts, otherListener.attempts);
    });
  }

  protected override forget(row: number): void {
    listener.on(this.slab, row);
    this.attempts.end(listener.attempts);
    listener.attempts = NO_LIST;
  }

  private with(kind: Attempt, least: number): readonly number[] {
    return this.those((row) => {
      listener.on(this.slab, row);
      return listener[kind] >= least;
    });
  }

  private at(row: number): Listener {
    const known = this.atHand.get(row);
    if (known !== undefined) return known;
    listener.on(this.slab, row);
    const counts = Object.fromEntries(ATTEMPTS.map((kind) => [kind, listener[kind]])) as Record<Attempt, number>;
    const { attempts } = listener;
    const found = new Listener(socketIn(this.nameOf(row)), counts, () => this.read(attempts));
    if (this.atHand.size >= MOST_LISTENERS_AT_HAND) this.atHand.clear();
    this.atHand.set(row, found);
    return found;
  }

  private read(list: number): readonly Connecting[] {
    const read = this.attempts.map(list, attempt, (one, stream) => one.told(stream));
    this.attemptsAtHand += read.length;
    if (this.attemptsAtHand > MOST_AT_HAND) {
      this.atHand.clear();
      this.attemptsAtHand = read.length;
    }
    return read;
  }

  private byHost(rows: readonly number[]): ReadonlyMap<string, readonly number[]> {
    const found = new Map<string, number[]>();
    for (const row of rows) {
      const host = hostText(addressIn(this.nameOf(row)));
      const others = found.get(host);
      if (others === undefined) found.set(host, [row]);
      else others.push(row);
    }
    return found;
  }
}

/** Nobody has asked for it yet. */
function begin(): void {
  for (const kind of ATTEMPTS) listener[kind] = 0;
}

function socketIn(name: Name): string {
  return socketAt(addressIn(name), portIn(name));
}
