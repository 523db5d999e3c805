import { hostText } from '../../hosts/address.js';
import type { Connecting } from '../../hosts/listener.js';
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
  /** Attempts that began in the three seconds before this one, and those of them that were accepted. */
  readonly begunShortlyBefore: number;
  readonly acceptedShortlyBefore: number;
}

export function queuesDuring({ hosts, story }: Case, from: number, to: number): Queues {
  const { attempts } = hosts.listeners.of(story.serverSocket);
  const { stream, client } = story.flow;
  const host = hostText(client);
  const count = (test: (other: Connecting) => boolean): number => {
    let sum = 0;
    for (const other of attempts) if (other.stream !== stream && test(other)) sum++;
    return sum;
  };
  const isMeanwhile = (other: Connecting): boolean => other.from <= to && other.to >= from;
  const isShortlyBefore = (other: Connecting): boolean => other.from <= from && from - other.from < SHORTLY;
  const isAccepted = (other: Connecting): boolean => other.attempt === 'accepted' && isMeanwhile(other);
  return {
    ignored: count((other) => other.attempt === 'not accepted' && other.to - other.from > INSISTENT && isMeanwhile(other)),
    unanswered: count((other) => other.attempt === 'unanswered' && other.from <= to + SHORTLY && other.to >= from - SHORTLY),
    halfOpen: count((other) => other.attempt === 'half-open' && other.from <= to && from - other.from < REQUEST_LIFE),
    accepted: count(isAccepted),
    acceptedOfClient: count((other) => isAccepted(other) && hostOf(other.client) === host),
    begunMeanwhile: count((other) => isAccepted(other) && other.from > from),
    begunShortlyBefore: count(isShortlyBefore),
    acceptedShortlyBefore: count((other) => other.attempt === 'accepted' && isShortlyBefore(other)),
  };
}

/** The address of "IP:port" or "[IPv6]:port". */
export function hostOf(socket: string): string {
  return socket.slice(0, socket.lastIndexOf(':')).replace(/[[\]]/g, '');
}
