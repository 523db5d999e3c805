import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { NOWHERE } from '../flow/timeline/moments.js';
import { First, REMEMBERED } from './first.js';
import { FirstTimes } from './first-times.js';
import type { Host, HostTable } from './host.js';
import type { Outline } from './outline.js';

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

/** So many of each are kept of a host. */
const MOST = 4096;

/** Resets by the hosts that sent them: several in one instant have one reason. */
export class Aborts {
  constructor(private readonly hosts: HostTable) {}

  learn(outline: Outline): void {
    const { flow, client, server } = outline;
    learnEnd(client, flow.client, outline);
    learnEnd(server, flow.server, outline);
  }

  /** The resets of each host that has sent some. */
  get all(): readonly (readonly [host: string, aborts: readonly Aborted[]])[] {
    const aborting = this.hosts.those(({ aborted }) => aborted !== undefined);
    return aborting.map(({ address, aborted }) => [address, aborted?.all ?? []]);
  }

  of(host: string): readonly Aborted[] {
    return this.hosts.get(host)?.aborted?.all ?? [];
  }

  /** How many connections a host closed with a FIN between two moments, resetting none of them. */
  closedBetween(host: string, from: number, to: number): number {
    return this.hosts.get(host)?.closed?.between(from, to) ?? 0;
  }
}

function learnEnd(host: Host, endpoint: Endpoint, outline: Outline): void {
  const { stream, timeline } = outline.flow;
  const abort = outline.abortOf(endpoint);
  const fin = outline.finOf(endpoint);
  if (abort !== NOWHERE) {
    host.aborted ??= new First(MOST);
    host.aborted.add(abortedBy(endpoint, outline.flow, abort, fin));
  } else if (fin !== NOWHERE && stream < REMEMBERED) {
    host.closed ??= new FirstTimes(MOST);
    host.closed.add(stream, timeline.segments.timeAt(fin));
  }
}

function abortedBy(endpoint: Endpoint, { stream, client, server, timeline }: Flow, abort: number, fin: number): Aborted {
  const { segments } = timeline;
  const isBeyond = segments.seqAt(abort) === ((endpoint.sndNxt + 1) | 0);
  return {
    stream,
    frame: segments.frameAt(abort),
    time: segments.timeAt(abort),
    wasServed: endpoint.dataSegments > 0 || (endpoint === client && server.dataSegments > 0),
    hadFin: (fin !== NOWHERE && segments.frameAt(fin) < segments.frameAt(abort)) || isBeyond,
  };
}
