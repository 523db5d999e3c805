import type { Capture } from '../../capture/capture.js';
import type { Segment } from '../../decode/segment.js';
import type { Endpoint } from '../../flow/endpoint.js';
import type { Flow } from '../../flow/flow.js';
import { expire } from '../../flow/state/expiry.js';
import { isOpen } from '../../flow/state.js';
import type { Follower } from '../../follow.js';
import { socketText } from '../../hosts/address.js';
import { Fingerprints } from '../../hosts/fingerprint.js';
import { HostTable } from '../../hosts/host.js';
import { type Moment, timeOf } from './moment.js';
import { type Figures, figuresOf, type Socket, socketOf } from './socket.js';

/** Nanoseconds before the moment: from them growth is measured. */
export const LOOK_BACK = 10e9;

/**
 * The sockets of all hosts. Those that are over long before the moment asked about are handed on and forgotten, so that what is kept
 * depends on how many there are at a time, not on how long the capture is.
 */
export class Sockets implements Follower {
  /** Nanoseconds since the capture's epoch; infinity: the end of the capture. */
  private at = Number.POSITIVE_INFINITY;
  /** The longest way to an end: so long after the last frame all that was captured has arrived. */
  private longestWay = 0;
  private hasBegun = false;
  private isTaken = false;
  private readonly live = new Set<Flow>();
  private readonly figures = new Map<string, Figures>();
  /** By both its addresses: the last socket there, which its successor may end. */
  private readonly last = new Map<string, Socket>();
  private readonly kept: Socket[] = [];
  readonly fingerprints: Fingerprints = new Fingerprints(new HostTable());

  /** `settled` is told of every socket, once it is known when it ended. */
  constructor(
    private readonly capture: Capture,
    private readonly moment: Moment | undefined,
    private readonly settled: (socket: Socket) => void = () => {},
  ) {}

  arrives(time: number): void {
    if (!this.hasBegun) {
      this.hasBegun = true;
      if (this.moment !== undefined) this.at = timeOf(this.moment, time, this.capture);
    }
    if (time > this.at && !this.isTaken) this.take();
  }

  noted(segment: Segment, flow: Flow): void {
    if (segment.frame === flow.firstFrame && !this.isTaken) this.live.add(flow);
  }

  over(flow: Flow, now: number): void {
    expire(flow, now, Number.isFinite(this.at) ? Math.max(now, this.at) : now);
    this.fingerprints.learn(flow);
    this.longestWay = Math.max(this.longestWay, flow.delayTo(flow.first), flow.delayTo(flow.second));
    if (this.live.delete(flow) && !this.isTaken) this.record(flow);
    this.replace(flow, flow.first, now);
    this.replace(flow, flow.second, now);
  }

  /** The sockets that were there at the moment, or shortly before; `now` is the end of the capture. */
  finish(now: number): { at: number; sockets: readonly Socket[]; figures: (socket: Socket) => Figures | undefined } {
    for (const socket of this.last.values()) this.settle(socket, now);
    this.last.clear();
    const at = this.moment === undefined ? now + this.longestWay : this.at;
    const sockets = this.kept.toSorted((a, b) => a.stream - b.stream);
    return { at, sockets, figures: ({ stream, local }) => this.figures.get(keyOf(stream, local)) };
  }

  /** A new connection between the same two ports ends what was left of the one before. */
  private replace(flow: Flow, endpoint: Endpoint, now: number): void {
    const socket = socketOf(flow, endpoint);
    const born = socket.stays[0]?.from;
    if (born === undefined) return;
    const key = `${socket.local} ${socket.peer}`;
    const before = this.last.get(key);
    if (before !== undefined) {
      for (const stay of before.stays) stay.to = Math.min(stay.to, born);
      this.settle(before, now);
    }
    this.last.set(key, socket);
    const isOver = (socket.stays.at(-1)?.to ?? 0) <= now;
    if (!isOver) return;
    this.last.delete(key);
    this.settle(socket, now);
  }

  private settle(socket: Socket, now: number): void {
    this.settled(socket);
    const from = socket.stays[0]?.from ?? 0;
    const to = socket.stays.at(-1)?.to ?? 0;
    const end = this.moment === undefined ? now : this.at;
    if (to > end - LOOK_BACK && from <= end) this.kept.push(socket);
    else this.figures.delete(keyOf(socket.stream, socket.local));
  }

  private take(): void {
    for (const flow of this.live) this.record(flow);
    this.live.clear();
    this.isTaken = true;
  }

  private record(flow: Flow): void {
    for (const endpoint of [flow.first, flow.second]) {
      const figures = figuresOf(flow, endpoint);
      const isQuiet = !isOpen(figures.state) || (figures.queued === 0 && figures.timer === undefined && figures.synAckTimer === undefined);
      if (!isQuiet) this.figures.set(keyOf(flow.stream, socketText(endpoint)), figures);
    }
  }
}

function keyOf(stream: number, local: string): string {
  return `${stream} ${local}`;
}
