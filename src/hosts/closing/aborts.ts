import type { Endpoint } from '../../flow/endpoint.js';
import type { Flow } from '../../flow/flow.js';
import { NOWHERE } from '../../flow/timeline/moments.js';
import type { Host, HostTable } from '../host.js';
import { AtHand } from '../memory/at-hand.js';
import { REMEMBERED } from '../memory/first.js';
import { NO_LIST } from '../memory/first-lists.js';
import { type RowClass, rowOf } from '../memory/row.js';
import type { Outline } from '../outline.js';
import { unansweredAt } from './unanswered.js';

/** A connection that an end has reset on its own account. */
export interface Aborted extends AbortedNumbers {
  readonly stream: number;
}

interface AbortedNumbers {
  frame: number;
  time: number;
  /** This end had sent data, or answered all that came. */
  wasServed: boolean;
  /** It had sent data after the last that came: that was read, or most of it. */
  hadAnswered: boolean;
  /** It had sent a FIN, as far as captured, or its reset counts one. */
  hadFin: boolean;
}

export const AbortedRow: RowClass<AbortedNumbers> = rowOf<AbortedNumbers>({
  time: 'real',
  wasServed: 'flag',
  hadAnswered: 'flag',
  hadFin: 'flag',
  frame: 'int',
});
export const ClosedRow: RowClass<{ time: number }> = rowOf<{ time: number }>({ time: 'real' });

/** So many of each are kept of a host. */
export const MOST_ENDED = 4096;

const aborted = new AbortedRow();
const closed = new ClosedRow();

/** Resets by the hosts that sent them: several in one instant have one reason. */
export class Aborts {
  private readonly resetsAtHand = new AtHand<Aborted>();
  private readonly closesAtHand = new AtHand<number>();

  constructor(private readonly hosts: HostTable) {}

  learn(outline: Outline): void {
    const { flow, client, server } = outline;
    if (client !== undefined) this.learnEnd(client, flow.client, outline);
    if (server !== undefined) this.learnEnd(server, flow.server, outline);
  }

  /** The resets of each host that has sent some. */
  get all(): readonly (readonly [host: string, aborts: readonly Aborted[]])[] {
    return this.hosts.map(
      (host) => host.aborted !== NO_LIST,
      (host) => this.by(host),
    );
  }

  /** To be asked for when all flows are known. */
  of(host: string): readonly Aborted[] {
    return this.resetsAtHand.of(host, () => {
      const known = this.hosts.called(host);
      return known === undefined ? [] : this.by(known);
    });
  }

  /** There are more flows than anybody who asked has heard of. */
  forget(): void {
    this.resetsAtHand.clear();
    this.closesAtHand.clear();
  }

  /** How many connections a host closed with a FIN between two moments, resetting none of them. */
  closedBetween(host: string, from: number, to: number): number {
    const list = this.hosts.called(host)?.closed ?? NO_LIST;
    return this.hosts.closed.count(list, closed, ({ time }) => time >= from && time <= to);
  }

  /** When a host closed connections with a FIN, resetting none of them; in no order. */
  closesOf(host: string): readonly number[] {
    return this.closesAtHand.of(host, () => {
      const list = this.hosts.called(host)?.closed ?? NO_LIST;
      return this.hosts.closed.map(list, closed, ({ time }) => time);
    });
  }

  private by(host: Host): Aborted[] {
    return this.hosts.aborted.map(host.aborted, aborted, ({ frame, time, wasServed, hadAnswered, hadFin }, stream) => ({
      stream,
      frame,
      time,
      wasServed,
      hadAnswered,
      hadFin,
    }));
  }

  private learnEnd(host: Host, endpoint: Endpoint, outline: Outline): void {
    const { stream, timeline } = outline.flow;
    const abort = outline.abortOf(endpoint);
    const fin = outline.finOf(endpoint);
    const { aborted: aborts, closed: closes } = this.hosts;
    if (abort !== NOWHERE && aborts.isOpenTo(host.aborted, stream)) {
      host.aborted = aborts.add(host.aborted, stream, aborted);
      fillIn(endpoint, outline.flow, abort, fin);
    } else if (abort === NOWHERE && fin !== NOWHERE && stream < REMEMBERED && closes.isOpenTo(host.closed, stream)) {
      host.closed = closes.add(host.closed, stream, closed);
      closed.time = timeline.segments.timeAt(fin);
    }
  }
}

function fillIn(endpoint: Endpoint, { client, server, timeline }: Flow, abort: number, fin: number): void {
  const { segments } = timeline;
  const isBeyond = segments.seqAt(abort) === ((endpoint.sndNxt + 1) | 0);
  aborted.frame = segments.frameAt(abort);
  aborted.time = segments.timeAt(abort);
  aborted.wasServed = endpoint.dataSegments > 0 || (endpoint === client && server.dataSegments > 0);
  const peer = endpoint === client ? server : client;
  aborted.hadAnswered = endpoint.dataSegments > 0 && unansweredAt(endpoint, peer, aborted).unanswered === 0;
  aborted.hadFin = (fin !== NOWHERE && segments.frameAt(fin) < segments.frameAt(abort)) || isBeyond;
}
