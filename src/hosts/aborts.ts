import type { Endpoint } from '../flow/endpoint.js';
import { First, FirstNames } from './first.js';
import type { End, Outline } from './outline.js';

/** A connection that an end has reset on its own account. */
export interface Aborted {
  readonly stream: number;
  readonly frame: number;
  readonly time: number;
  /** This end had sent data, or answered all that came. */
  readonly wasServed: boolean;
  /** It had sent a FIN, as far as captured, or its reset counts one. */
  readonly hadFin: boolean;
}

interface Closed {
  readonly stream: number;
  /** When its first FIN came. */
  readonly time: number;
}

const MOST = 4096;
/** So many hosts are kept; a flood can forge any number of them. */
const MOST_HOSTS = 65_536;

/** How one host has ended its connections. */
class Endings {
  first = 0;
  readonly aborts: First<Aborted> = new First<Aborted>(MOST);
  /** Of those that it has not reset. */
  readonly closes: First<Closed> = new First<Closed>(MOST);

  constructor(readonly host: string) {}

  merge(other: Endings): void {
    this.aborts.merge(other.aborts);
    this.closes.merge(other.closes);
  }
}

/** Resets by the hosts that sent them: several in one instant have one reason. */
export class Aborts {
  private readonly byHost = new FirstNames<Endings>(MOST_HOSTS);

  learn({ flow, client, server }: Outline): void {
    this.learnEnd(client, flow.client, flow.server, flow.stream, true);
    this.learnEnd(server, flow.server, flow.client, flow.stream, false);
  }

  /** The resets of each host that has sent some. */
  get all(): readonly (readonly [host: string, aborts: readonly Aborted[]])[] {
    return this.byHost.all.flatMap(({ host, aborts: { all } }) => (all.length > 0 ? [[host, all] as const] : []));
  }

  of(host: string): readonly Aborted[] {
    return this.byHost.get(host)?.aborts.all ?? [];
  }

  /** How many connections a host closed with a FIN between two moments, resetting none of them. */
  closedBetween(host: string, from: number, to: number): number {
    return (this.byHost.get(host)?.closes.all ?? []).filter(({ time }) => time >= from && time <= to).length;
  }

  merge(other: Aborts): void {
    this.byHost.merge(other.byHost);
  }

  private learnEnd({ host, abort, fin }: End, endpoint: Endpoint, peer: Endpoint, stream: number, isClient: boolean): void {
    if (abort === undefined && fin === undefined) return;
    const { aborts, closes } = this.byHost.of(host, stream, endingsOf);
    if (abort === undefined) {
      if (fin !== undefined && closes.isOpenTo(stream)) closes.add({ stream, time: fin.time });
      return;
    }
    const hadFin = fin !== undefined && fin.frame < abort.frame;
    const isBeyond = abort.seq === ((endpoint.sndNxt + 1) | 0);
    const wasServed = endpoint.dataSegments > 0 || (peer.dataSegments > 0 && isClient);
    aborts.add({ stream, frame: abort.frame, time: abort.time, wasServed, hadFin: hadFin || isBeyond });
  }
}

function endingsOf(host: string): Endings {
  return new Endings(host);
}
