import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { NOWHERE } from '../flow/timeline/moments.js';
import type { Host, HostTable } from './host.js';

/** A flow that is over, with its hosts, and what several collections ask about its moments, each by its place among them. */
export class Outline {
  readonly client: Host;
  readonly server: Host;
  /** Of the server. */
  readonly port: number;

  constructor(
    readonly flow: Flow,
    hosts: HostTable,
  ) {
    const { client, server, stream } = flow;
    this.client = hosts.of(client, stream);
    this.server = hosts.of(server, stream);
    this.port = server.port;
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
