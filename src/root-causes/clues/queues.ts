import type { Endpoint } from '../../flow/endpoint.js';
import { hostText, isSameAddress } from '../../hosts/address.js';
import type { Connecting } from '../../hosts/attempt.js';
import type { Story } from '../../patterns/story.js';
import type { Case } from '../cause.js';

const SECOND = 1e9;
/** Nanoseconds that a request waits for its ACK: five repetitions of the SYN-ACK, then it is forgotten. */
const REQUEST_LIFE = 63 * SECOND;
/** Somebody who is ignored goes on for so long at least: the SYN-ACK, or data, is sent again. */
const INSISTENT = 0.9 * SECOND;
const SHORTLY = 3 * SECOND;
/** Requests that are answered so close to each other met the same queue. */
const INSTANT = 0.01 * SECOND;

/** What the other attempts to connect to the same listener say about its two queues, while one attempt was going on. */
export interface Queues {
  /** Handshakes that their clients had completed and insisted on, and that the server did not react to. */
  readonly ignored: number;
  /** Handshakes completed before, on which neither end has said anything since: they may wait to be accepted. */
  readonly quiet: number;
  /** Others that got no answer to their SYN, at that time or shortly before or after it. */
  readonly unanswered: number;
  /** Requests that were waiting for their ACK. */
  readonly halfOpen: number;
  /** Accepted connections that were open or being opened; those of the same client host among them. */
  readonly accepted: number;
  readonly acceptedOfClient: number;
  /** Accepted ones that began after this attempt did, and were answered while it was still ignored. */
  readonly begunMeanwhile: number;
  /** Accepted ones that were open before, and may wait to be taken. */
  readonly openBefore: number;
  /** Accepted ones that were answered in the same instant. */
  readonly answeredTogether: number;
  /** Attempts that began in the three seconds before this one, and were not over when it began. */
  readonly begunShortlyBefore: number;
  /** Of those that began then, over or not, the accepted ones. */
  readonly acceptedShortlyBefore: number;
}

export function queuesDuring({ hosts, story }: Case, from: number, to: number): Queues {
  const { stream, client } = story.flow;
  const queues = { ...EMPTY };
  const lastSyns = { ignored: lastIgnored(story), answered: story.server.syns.length > 0 ? client.synRepeats.last : Number.NaN };
  for (const other of hosts.listeners.called(story.serverSocket).attempts) {
    if (other.stream === stream) continue;
    if (other.attempt === 'accepted') addAccepted(queues, other, from, to, client, lastSyns);
    else addOther(queues, other, from, to);
  }
  return queues;
}

/** When the last SYN left that got no answer. */
function lastIgnored({ client, server }: Story): number {
  const [answer] = server.syns;
  const before = client.syns.filter(({ frame }) => answer === undefined || frame < answer.frame);
  return before.at(answer === undefined ? -1 : -2)?.time ?? Number.NEGATIVE_INFINITY;
}

type Counts = { -readonly [Name in keyof Queues]: number };

const EMPTY: Queues = {
  ignored: 0,
  quiet: 0,
  unanswered: 0,
  halfOpen: 0,
  accepted: 0,
  acceptedOfClient: 0,
  begunMeanwhile: 0,
  openBefore: 0,
  answeredTogether: 0,
  begunShortlyBefore: 0,
  acceptedShortlyBefore: 0,
};

/** When the last SYN left that got no answer, and when the one left that got it. */
interface LastSyns {
  readonly ignored: number;
  readonly answered: number;
}

function addAccepted(queues: Counts, other: Connecting, from: number, to: number, client: Endpoint, { ignored, answered }: LastSyns): void {
  if (isShortlyBefore(other, from)) {
    queues.acceptedShortlyBefore++;
    if (other.to >= from) queues.begunShortlyBefore++; // what is over waits in no queue
  }
  if (other.from > to || other.to < from) return;
  queues.accepted++;
  if (isSameAddress(other.client, client)) queues.acceptedOfClient++;
  if (other.from > from && other.lastSyn < ignored) queues.begunMeanwhile++;
  if (other.from < from) queues.openBefore++;
  if (Math.abs(other.lastSyn - answered) < INSTANT) queues.answeredTogether++;
}

function addOther(queues: Counts, other: Connecting, from: number, to: number): void {
  if (isShortlyBefore(other, from)) queues.begunShortlyBefore++;
  if (other.attempt === 'unanswered' && other.from <= to + SHORTLY && other.to >= from - SHORTLY) queues.unanswered++;
  if (other.from > to) return;
  if (other.attempt === 'half-open' && from - other.from < REQUEST_LIFE) queues.halfOpen++;
  if (other.attempt !== 'not accepted') return;
  const isInsistent = other.to - other.lastSyn > INSISTENT;
  if (isInsistent && other.to >= from) queues.ignored++;
  if (!isInsistent && !other.wasReset && other.lastSyn <= from) queues.quiet++;
}

function isShortlyBefore(other: Connecting, from: number): boolean {
  return other.from <= from && from - other.from < SHORTLY;
}

/** Connections that the same host accepted on other ports at that time. */
export function acceptedElsewhere({ hosts: { listeners }, story: { flow, serverSocket } }: Case, from: number, to: number): number {
  const others = listeners.acceptingAt(hostText(flow.server)).filter(({ socket }) => socket !== serverSocket);
  return others.reduce((count, listener) => count + listener.during(from, to, 'accepted').length, 0);
}
