import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { NOWHERE } from '../flow/timeline/moments.js';
import { Host, type HostTable } from './host.js';

const [theClient, theServer] = [new Host(), new Host()];

/** A flow that is over, with its hosts, and what several collections ask about its moments, each by its place among them. */
export class Outline {
  /** Until the next flow is over; undefined when there is no room for it. */
  readonly client: Host | undefined;
  readonly server: Host | undefined;

  constructor(
    readonly flow: Flow,
    hosts: HostTable,
  ) {
    const { client, server, stream } = flow;
    const [clientRow, serverRow] = [hosts.rowOf(client, stream), hosts.rowOf(server, stream)];
    this.client = hosts.set(theClient, clientRow);
    this.server = hosts.set(theServer, serverRow);
  }

  get wasReset(): boolean {
    return this.flow.timeline.segments.first(RST) !== NOWHERE;
  }

  /** The first SYN. */
  get syn(): number {
    return this.flow.timeline.segments.first(SYN);
  }

  /** The first FIN that is no reset as well. */
  get fin(): number {
    return this.flow.timeline.segments.first(FIN, FIN | RST);
  }

  /** The first segment of an end with FIN, whatever else it carries. */
  finOf({ side }: Endpoint): number {
    return this.flow.timeline.segments.first(FIN, FIN, side);
  }

  /** The first reset that a live socket of an end has sent. */
  abortOf({ side }: Endpoint): number {
    const { segments } = this.flow.timeline;
    let reset = segments.first(RST | ACK, RST | ACK, side);
    while (reset !== NOWHERE && segments.seqAt(reset) === 0) reset = segments.first(RST | ACK, RST | ACK, side, reset + 1);
    return reset;
  }

  /** An end has acknowledged something outside of SYNs and resets. */
  hasAcknowledged({ side }: Endpoint): boolean {
    return this.flow.timeline.segments.first(ACK, SYN | RST | ACK, side) !== NOWHERE;
  }
}
