import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import type { Flow } from '../flow/flow.js';
import type { Moment } from '../flow/timeline.js';
import { socketText } from './address.js';
import type { Host, HostTable } from './host.js';

/** What one end of a flow did, as far as the hosts are concerned. */
export interface End {
  readonly host: Host;
  /** The first segment with FIN, whatever else it carries. */
  fin: Moment | undefined;
  /** The first reset that a live socket has sent. */
  abort: Moment | undefined;
  resets: number;
  /** It has acknowledged something outside of SYNs and resets. */
  hasAcknowledged: boolean;
}

/** A flow that is over, with what several collections ask about its moments, found in one pass. */
export class Outline {
  readonly client: End;
  readonly server: End;
  /** Address and port of the server. */
  readonly socket: string;
  /** The first SYN, and the first FIN that is no reset as well. */
  syn: Moment | undefined = undefined;
  fin: Moment | undefined = undefined;

  constructor(
    readonly flow: Flow,
    hosts: HostTable,
  ) {
    const { client, server, timeline, stream } = flow;
    this.client = endAt(hosts.of(client, stream));
    this.server = endAt(hosts.of(server, stream));
    this.socket = socketText(server);
    for (const moment of timeline.moments) this.note(moment, moment.side === client.side ? this.client : this.server);
  }

  get wasReset(): boolean {
    return this.client.resets + this.server.resets > 0;
  }

  private note(moment: Moment, end: End): void {
    const { flags, seq } = moment;
    if (flags & SYN) this.syn ??= moment;
    if (flags & FIN) {
      end.fin ??= moment;
      if (!(flags & RST)) this.fin ??= moment;
    }
    if (flags & RST) {
      end.resets++;
      if (flags & ACK && seq !== 0) end.abort ??= moment;
    } else if ((flags & (SYN | ACK)) === ACK) end.hasAcknowledged = true;
  }
}

function endAt(host: Host): End {
  return { host, fin: undefined, abort: undefined, resets: 0, hasAcknowledged: false };
}
