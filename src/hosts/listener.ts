import { ACK, SYN } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { socketText } from './address.js';

/** How far a connection attempt got, as captured. */
export type Attempt =
  /** The server has used the connection: it sent more than SYN-ACKs. */
  | 'accepted'
  /** The SYN-ACK was never acknowledged. */
  | 'half-open'
  /** The client has acknowledged the SYN-ACK, and the server has not reacted to it. */
  | 'not accepted'
  /** The SYN got no answer. */
  | 'unanswered'
  /** The SYN got a reset. */
  | 'refused';

/** One attempt to connect to a listener. Times in nanoseconds since the capture's epoch. */
export interface Connecting {
  readonly stream: number;
  readonly attempt: Attempt;
  readonly from: number;
  readonly to: number;
  readonly frame: number;
  readonly client: string;
  /** The SYN-ACK took up all options that the SYN offered. */
  readonly fullOptions: boolean;
}

/** So many attempts are kept of a listener; all are counted. */
const MOST = 4096;
/** So many listeners are kept; a scan can ask for any number of them. */
const MOST_SOCKETS = 65_536;

/** One address and port that clients connect to: what its flows say together. */
export class Listener {
  readonly counts: Record<Attempt, number> = { accepted: 0, 'half-open': 0, 'not accepted': 0, unanswered: 0, refused: 0 };
  readonly attempts: Connecting[] = [];

  constructor(readonly socket: string) {}

  add(connecting: Connecting): void {
    this.counts[connecting.attempt]++;
    if (this.attempts.length < MOST) this.attempts.push(connecting);
  }

  /** Attempts of a kind that were going on at some time between `from` and `to`. */
  during(from: number, to: number, kinds: readonly Attempt[]): Connecting[] {
    return this.attempts.filter((one) => kinds.includes(one.attempt) && one.from <= to && one.to >= from);
  }
}

/** All listeners of a capture. */
export class Listeners {
  private readonly bySocket = new Map<string, Listener>();

  learn(flow: Flow): void {
    const { client, server } = flow;
    if (!client.hasSyn) return; // not opened in this capture
    this.of(socketText(server)).add({
      stream: flow.stream,
      attempt: attemptOf(flow),
      from: client.synRepeats.first,
      to: flow.lastTime,
      frame: flow.firstFrame,
      client: socketText(client),
      fullOptions: server.hasSyn && (!client.hasOffer || !server.hasOffer || takesAll(server, client)),
    });
  }

  of(socket: string): Listener {
    let listener = this.bySocket.get(socket);
    if (listener === undefined) {
      listener = new Listener(socket);
      if (this.bySocket.size < MOST_SOCKETS) this.bySocket.set(socket, listener);
    }
    return listener;
  }

  get all(): IterableIterator<Listener> {
    return this.bySocket.values();
  }
}

function attemptOf({ client, server, timeline }: Flow): Attempt {
  const resets = timeline.moments.filter(({ side, flags }) => side === server.side && flags & 0x04).length;
  if (server.segments > server.syns + resets) return 'accepted';
  if (!server.hasSyn) return resets > 0 ? 'refused' : 'unanswered';
  const acknowledged = timeline.moments.some(({ side, flags }) => side === client.side && (flags & (SYN | ACK)) === ACK && !(flags & 0x04));
  return acknowledged ? 'not accepted' : 'half-open';
}

/** The SYN-ACK takes up the window scale and SACK as they were offered. */
function takesAll(server: Endpoint, client: Endpoint): boolean {
  return server.windowScale >= 0 === client.windowScale >= 0 && server.sackPermitted === client.sackPermitted;
}
