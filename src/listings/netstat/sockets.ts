import type { Capture } from '../../capture/capture.js';
import type { Endpoint } from '../../flow/endpoint.js';
import type { Flow } from '../../flow/flow.js';
import { expire } from '../../flow/state/expiry.js';
import { isOpen, TIME_WAIT } from '../../flow/state.js';
import type { Side } from '../../flow/timeline.js';
import { TIME_WAIT_LENGTH } from '../../flow/timers.js';
import type { Follower } from '../../follow.js';
import { Fingerprints } from '../../hosts/fingerprint.js';
import { HostTable } from '../../hosts/host.js';
import { Histories } from '../histories.js';
import { type History, historyOf } from '../history.js';
import { LOOK_BACK, type Moment, timeOf } from './moment.js';
import { Snapshot } from './snapshot.js';
import { birthOf, endOf, type Figures, figuresOf, type Socket, socketOf } from './socket.js';
import { SIDES, successorsIn } from './successors.js';

/** So many conversations are kept in any case. */
const FEW = 10_000;

/**
 * The sockets of all hosts. Those that are over long before the moment asked about are handed on and forgotten, so that what is kept
 * depends on how many there are at a time, not on how long the capture is.
 */
export class Sockets implements Follower {
  readonly inAnyOrder: boolean = true;
  /** Nanoseconds since the capture's epoch; infinity: the end of the capture. */
  private at = Number.POSITIVE_INFINITY;
  /** The longest way to an end: so long after the last frame all that was captured has arrived. */
  private longestWay = 0;
  private latest = Number.NEGATIVE_INFINITY;
  private hasBegun = false;
  private isTaken = false;
  private histories = new Histories();
  /** With so many it is worth looking for those that are over. */
  private nextPruning = FEW;
  /** Of both ends, by the number of the conversation. */
  private readonly figures = new Map<number, readonly (Figures | undefined)[]>();
  readonly fingerprints: Fingerprints = new Fingerprints(new HostTable());

  /** `settled` is told of every socket, once it is known when it ended. */
  constructor(
    private readonly capture: Capture,
    private readonly moment: Moment | undefined,
    private readonly settled: (socket: Socket) => void = () => {},
  ) {}

  arrives(time: number, goingOn: () => Iterable<Flow>): void {
    if (!this.hasBegun) {
      this.hasBegun = true;
      if (this.moment !== undefined) this.at = timeOf(this.moment, time, this.capture);
    }
    if (time <= this.at || this.isTaken) return;
    for (const flow of goingOn()) this.record(flow);
    this.isTaken = true;
  }

  over(flow: Flow, now: number): void {
    this.latest = Math.max(this.latest, now);
    this.fingerprints.learn(flow);
    this.longestWay = Math.max(this.longestWay, flow.delayTo(flow.first), flow.delayTo(flow.second));
    if (!this.isTaken) this.record(flow);
    if (this.moment !== undefined) expire(flow, now, Math.max(now, this.at));
    const history = historyOf(flow, now);
    if (SIDES.some((side) => this.isBorn(history, side))) this.histories.add(history);
    else this.figures.delete(flow.stream);
    if (this.histories.size >= this.nextPruning) this.prune();
  }

  /** `now` is the end of the capture. */
  finish(now: number): { at: number; sockets: Snapshot; figures: (socket: Socket) => Figures | undefined } {
    const isEnd = this.moment === undefined;
    return {
      at: isEnd ? now + this.longestWay : this.at,
      sockets: new Snapshot(this.histories, isEnd ? now : this.at, now),
      figures: ({ stream, side }) => this.figures.get(stream)?.[side],
    };
  }

  /** At the end of the capture: hands on the sockets that are left, first those that are over. */
  settle(now: number): void {
    for (const isOver of [true, false]) {
      for (const [, both] of this.socketsOf(this.histories.inOrderOfAddition(), now))
        for (const socket of both) if (endOf(socket) <= now === isOver) this.settled(socket);
    }
  }

  private isBorn(history: History, side: Side): boolean {
    const birth = birthOf(history, side);
    return birth !== undefined && birth <= this.at;
  }

  /** Forgets conversations both of whose ends are over for so long that they do not count any more. */
  private prune(): void {
    const end = Math.min(this.at, this.latest);
    const kept = new Histories();
    for (const [history, both] of this.socketsOf(this.histories.inOrderOfAddition(), this.latest)) {
      if (both.some((socket) => endOf(socket) > end - LOOK_BACK)) kept.add(history);
      else {
        this.figures.delete(history.stream);
        for (const socket of both) this.settled(socket);
      }
    }
    this.histories = kept;
    this.nextPruning = Math.max(FEW, kept.size * 2);
  }

  private *socketsOf(histories: Iterable<History>, end: number): Generator<readonly [History, readonly Socket[]], void, void> {
    const replacedAt = successorsIn(this.histories);
    for (const history of histories) yield [history, SIDES.map((side) => socketOf(history, side, end, replacedAt(history, side)))];
  }

  private record(flow: Flow): void {
    const both = [flow.first, flow.second].map((endpoint) => {
      const figures = figuresOf(flow, endpoint);
      return isPlain(figures, endpoint) ? undefined : figures;
    });
    if (both.some((figures) => figures !== undefined)) this.figures.set(flow.stream, both);
  }
}

/** The state alone tells as much. */
function isPlain({ state, queued, timer, synAckTimer }: Figures, { stateTime }: Endpoint): boolean {
  if (!isOpen(state)) return true;
  if (queued !== 0 || synAckTimer !== undefined) return false;
  return timer === undefined || (state === TIME_WAIT && timer.nextAt === stateTime + TIME_WAIT_LENGTH);
}
