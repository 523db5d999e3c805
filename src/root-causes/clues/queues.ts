import { hostText } from '../../hosts/address.js';
import type { Case } from '../cause.js';

const SECOND = 1e9;
/** Nanoseconds that a request waits for its ACK: five repetitions of the SYN-ACK, then it is forgotten. */
const REQUEST_LIFE = 63 * SECOND;
/** Somebody who is ignored goes on for so long at least: the SYN-ACK, or data, is sent again. */
const INSISTENT = 0.9 * SECOND;
const SHORTLY = 3 * SECOND;

/** What the other attempts to connect to the same listener say about its two queues, while one attempt was going on. */
export interface Queues {
  /** Handshakes that their clients had completed and insisted on, and that the server did not react to. */
  readonly ignored: number;
  /** Others that got no answer to their SYN, at that time or shortly before or after it. */
  readonly unanswered: number;
  /** Requests that were waiting for their ACK. */
  readonly halfOpen: number;
  /** Accepted connections that were open or being opened; those of the same client host among them. */
  readonly accepted: number;
  readonly acceptedOfClient: number;
  /** Accepted ones that began after this attempt did. */
  readonly begunMeanwhile: number;
  /** Attempts that began in the three seconds before this one. */
  readonly begunShortlyBefore: number;
}

export function queuesDuring({ hosts, story }: Case, from: number, to: number): Queues {
  const client = hostText(story.flow.client);
  const queues = { ignored: 0, unanswered: 0, halfOpen: 0, accepted: 0, acceptedOfClient: 0, begunMeanwhile: 0, begunShortlyBefore: 0 };
  for (const other of hosts.listeners.of(story.serverSocket).attempts) {
    if (other.stream === story.flow.stream) continue;
    const isMeanwhile = other.from <= to && other.to >= from;
    if (other.from <= from && from - other.from < SHORTLY) queues.begunShortlyBefore++;
    if (other.attempt === 'unanswered' && other.from <= to + SHORTLY && other.to >= from - SHORTLY) queues.unanswered++;
    if (other.attempt === 'half-open' && other.from <= to && from - other.from < REQUEST_LIFE) queues.halfOpen++;
    if (other.attempt === 'not accepted' && isMeanwhile && other.to - other.from > INSISTENT) queues.ignored++;
    if (other.attempt !== 'accepted' || !isMeanwhile) continue;
    queues.accepted++;
    if (hostOf(other.client) === client) queues.acceptedOfClient++;
    if (other.from > from) queues.begunMeanwhile++;
  }
  return queues;
}

/** The address of "IP:port" or "[IPv6]:port". */
export function hostOf(socket: string): string {
  return socket.slice(0, socket.lastIndexOf(':')).replace(/[[\]]/g, '');
}
