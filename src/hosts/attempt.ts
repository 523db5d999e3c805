import { RST } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Address } from './address.js';
import { type RowClass, rowOf } from './memory/row.js';
import type { Outline } from './outline.js';

/** How far connection attempts get, as captured. */
export const ATTEMPTS = [
  /** The server has used the connection: it sent more than SYN-ACKs. */
  'accepted',
  /** The SYN-ACK was never acknowledged. */
  'half-open',
  /** The client has acknowledged the SYN-ACK, and the server has not reacted to it. */
  'not accepted',
  /** The SYN got no answer. */
  'unanswered',
  /** The SYN got a reset. */
  'refused',
] as const;

export type Attempt = (typeof ATTEMPTS)[number];

/** One attempt to connect to a listener. Times in nanoseconds since the capture's epoch. */
export interface Connecting {
  readonly stream: number;
  readonly attempt: Attempt;
  readonly from: number;
  /** The last SYN: `from` unless it was repeated. */
  readonly lastSyn: number;
  readonly to: number;
  readonly frame: number;
  readonly client: Address;
  /** The SYN-ACK took up all options that the SYN offered. */
  readonly fullOptions: boolean;
  /** By the server: it waits for nothing any more. */
  readonly wasReset: boolean;
}

interface AttemptNumbers extends Address {
  from: number;
  lastSyn: number;
  to: number;
  fullOptions: boolean;
  wasReset: boolean;
  /** Among ATTEMPTS. */
  attempt: number;
  frame: number;
  family: number;
  address0: number;
  address1: number;
  address2: number;
  address3: number;
}

const AttemptRecord: RowClass<AttemptNumbers> = rowOf<AttemptNumbers>({
  from: 'real',
  lastSyn: 'real',
  to: 'real',
  fullOptions: 'flag',
  wasReset: 'flag',
  attempt: 'int',
  frame: 'int',
  family: 'int',
  address0: 'int',
  address1: 'int',
  address2: 'int',
  address3: 'int',
});

export class AttemptRow extends AttemptRecord {
  fillIn({ flow: { client, server, firstFrame, lastTime, timeline } }: Outline, attempt: Attempt): void {
    this.attempt = ATTEMPTS.indexOf(attempt);
    this.from = client.synRepeats.first;
    this.lastSyn = client.synRepeats.last;
    this.to = lastTime;
    this.frame = firstFrame;
    this.wasReset = timeline.segments.count(RST, server.side) > 0;
    this.fullOptions = server.hasSyn && (!client.hasOffer || !server.hasOffer || takesAll(server, client));
    this.family = client.family;
    this.address0 = client.address0;
    this.address1 = client.address1;
    this.address2 = client.address2;
    this.address3 = client.address3;
  }

  told(stream: number): Connecting {
    const { from, lastSyn, to, frame, fullOptions, wasReset, family, address0, address1, address2, address3 } = this;
    const client = { family, address0, address1, address2, address3 };
    return { stream, attempt: ATTEMPTS[this.attempt] as Attempt, from, lastSyn, to, frame, client, fullOptions, wasReset };
  }
}

export function attemptOf(outline: Outline): Attempt {
  const { client, server, timeline } = outline.flow;
  const resets = timeline.segments.count(RST, server.side);
  if (server.segments > server.syns + resets) return 'accepted';
  if (!server.hasSyn) return resets > 0 ? 'refused' : 'unanswered';
  return outline.hasAcknowledged(client) ? 'not accepted' : 'half-open';
}

/** The SYN-ACK takes up the window scale and SACK as they were offered. */
function takesAll(server: Endpoint, client: Endpoint): boolean {
  return server.windowScale >= 0 === client.windowScale >= 0 && server.sackPermitted === client.sackPermitted;
}
