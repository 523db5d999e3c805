import type { Endpoint } from '../flow/endpoint.js';
import { First } from './first.js';
import type { HostTable } from './host.js';
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
/** How one host has ended its connections. */
export class Endings {
  private readonly aborts: First<Aborted> = new First<Aborted>(MOST);
  /** Of those that it has not reset. */
  private readonly closes: First<Closed> = new First<Closed>(MOST);

  get aborted(): readonly Aborted[] {
    return this.aborts.all;
  }

  get closed(): readonly Closed[] {
    return this.closes.all;
  }

  abort(aborted: Aborted): void {
    this.aborts.add(aborted);
  }

  close(stream: number, time: number): void {
    if (this.closes.isOpenTo(stream)) this.closes.add({ stream, time });
  }

  merge(other: Endings): void {
    this.aborts.merge(other.aborts);
    this.closes.merge(other.closes);
  }
}

/** Resets by the hosts that sent them: several in one instant have one reason. */
export class Aborts {
  constructor(private readonly hosts: HostTable) {}

  learn({ flow, client, server }: Outline): void {
    learnEnd(client, flow.client, flow.server, flow.stream, true);
    learnEnd(server, flow.server, flow.client, flow.stream, false);
  }

  /** The resets of each host that has sent some. */
  get all(): readonly (readonly [host: string, aborts: readonly Aborted[]])[] {
    const aborting = this.hosts.those(({ endings }) => endings !== undefined && endings.aborted.length > 0);
    return aborting.map(({ address, endings }) => [address, endings?.aborted ?? []]);
  }

  of(host: string): readonly Aborted[] {
    return this.hosts.get(host)?.endings?.aborted ?? [];
  }

  /** How many connections a host closed with a FIN between two moments, resetting none of them. */
  closedBetween(host: string, from: number, to: number): number {
    return (this.hosts.get(host)?.endings?.closed ?? []).filter(({ time }) => time >= from && time <= to).length;
  }
}

function learnEnd({ host, abort, fin }: End, endpoint: Endpoint, peer: Endpoint, stream: number, isClient: boolean): void {
  if (abort === undefined && fin === undefined) return;
  host.endings ??= new Endings();
  if (abort === undefined) {
    if (fin !== undefined) host.endings.close(stream, fin.time);
    return;
  }
  const hadFin = fin !== undefined && fin.frame < abort.frame;
  const isBeyond = abort.seq === ((endpoint.sndNxt + 1) | 0);
  const wasServed = endpoint.dataSegments > 0 || (peer.dataSegments > 0 && isClient);
  host.endings.abort({ stream, frame: abort.frame, time: abort.time, wasServed, hadFin: hadFin || isBeyond });
}
