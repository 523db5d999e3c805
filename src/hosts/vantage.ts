import { INBOUND, OUTBOUND } from '../capture/frame.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { hostText } from './address.js';

/** Where a flow was captured: at one of its ends, between them, or nobody can say. */
export type Vantage = 'client' | 'server' | 'middle' | 'unknown';

export interface Placed {
  readonly vantage: Vantage;
  /** Why, as a clause: "its answers leave within 0.1 ms". */
  readonly reason: string;
}

/** An end that answers so much sooner than the other is the one where the capture was made. */
const MUCH_SOONER = 8;
/** Nanoseconds: sooner than this no other host answers through a network worth the name. */
const LOCAL_ANSWER = 150e3;
const ANYWHERE: readonly Vantage[] = ['client', 'server', 'middle', 'unknown'];
const INITIAL_TTLS: ReadonlySet<number> = new Set([64, 128, 255]);

/** Where flows were captured. Flows that tell by themselves also tell for others of the same hosts. */
export class Vantages {
  /** Hosts on which the capture was made, with how many flows say so and say not. */
  private readonly local = new Map<string, { yes: number; no: number }>();
  /** What another capture of the same flow says. */
  private readonly placed = new Map<Flow, Placed>();

  constructor(private readonly told: Vantage | undefined) {}

  learn(flow: Flow): void {
    const placed = byItself(flow);
    if (placed === undefined || placed.vantage === 'unknown') return;
    this.vote(hostText(flow.client), placed.vantage === 'client');
    this.vote(hostText(flow.server), placed.vantage === 'server');
  }

  /** Where a flow was captured, when it is known from elsewhere. */
  place(flow: Flow, placed: Placed): void {
    this.placed.set(flow, placed);
  }

  of(flow: Flow): Placed {
    if (this.told !== undefined) return { vantage: this.told, reason: 'you said so' };
    return (
      this.placed.get(flow) ?? byItself(flow) ?? this.byOthers(flow) ?? byHops(flow) ?? { vantage: 'unknown', reason: 'nothing in the capture tells' }
    );
  }

  /** What other flows can still make of it. */
  possible(flow: Flow): readonly Vantage[] {
    const settled = this.told ?? byItself(flow)?.vantage;
    return settled === undefined ? ANYWHERE : [settled];
  }

  private vote(host: string, yes: boolean): void {
    const votes = this.local.get(host) ?? { yes: 0, no: 0 };
    if (yes) votes.yes++;
    else votes.no++;
    this.local.set(host, votes);
  }

  private byOthers(flow: Flow): Placed | undefined {
    const client = this.isLocal(flow.client);
    const server = this.isLocal(flow.server);
    if (client === server) return undefined;
    return { vantage: client ? 'client' : 'server', reason: `other conversations of ${hostText(client ? flow.client : flow.server)} show it` };
  }

  private isLocal(endpoint: Endpoint): boolean {
    const votes = this.local.get(hostText(endpoint));
    return votes !== undefined && votes.yes > votes.no;
  }
}

/** What the flow's own packets tell: the direction that the capture noted, copies of the same packet, who answers at once. */
function byItself(flow: Flow): Placed | undefined {
  const { client, server } = flow;
  if (flow.captureCopies > 0) return { vantage: 'middle', reason: 'its packets pass the capturing host' };
  if (client.direction === OUTBOUND || server.direction === INBOUND)
    return { vantage: 'client', reason: 'the capture says that its packets leave here' };
  if (server.direction === OUTBOUND || client.direction === INBOUND)
    return { vantage: 'server', reason: 'the capture says that its packets leave here' };
  const answers = byAnswers(flow);
  const hops = byHops(flow);
  // A host that answers at once may be near; packets that have lost hops have certainly crossed a router.
  return answers !== undefined && hops !== undefined && isOppositeEnd(answers.vantage, hops.vantage) ? hops : answers;
}

function isOppositeEnd(one: Vantage, other: Vantage): boolean {
  return (one === 'client' && other === 'server') || (one === 'server' && other === 'client');
}

function byAnswers({ client, server }: Flow): Placed | undefined {
  // The trips of one end's segments end with the answer of the other.
  if (client.roundTrips.count === 0 || server.roundTrips.count === 0) return undefined;
  const clientAnswers = server.roundTrips.shortest;
  const serverAnswers = client.roundTrips.shortest;
  if (clientAnswers < LOCAL_ANSWER && serverAnswers < LOCAL_ANSWER) return undefined;
  if (clientAnswers * MUCH_SOONER < serverAnswers)
    return { vantage: 'client', reason: `it answers within ${milliseconds(clientAnswers)}, its peer within ${milliseconds(serverAnswers)}` };
  if (serverAnswers * MUCH_SOONER < clientAnswers)
    return { vantage: 'server', reason: `it answers within ${milliseconds(serverAnswers)}, its peer within ${milliseconds(clientAnswers)}` };
  return { vantage: 'middle', reason: `both ends take their time to answer (${milliseconds(clientAnswers)} and ${milliseconds(serverAnswers)})` };
}

/** A packet that has lost nothing of its initial TTL has crossed no router. */
function byHops({ client, server }: Flow): Placed | undefined {
  const clientIsNear = client.segments > 0 && INITIAL_TTLS.has(client.ttl);
  const serverIsNear = server.segments > 0 && INITIAL_TTLS.has(server.ttl);
  if (clientIsNear && !serverIsNear) return { vantage: 'client', reason: `its packets have crossed no router (TTL ${client.ttl})` };
  if (serverIsNear && !clientIsNear) return { vantage: 'server', reason: `its packets have crossed no router (TTL ${server.ttl})` };
  return undefined;
}

function milliseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(nanoseconds < 10e6 ? 2 : 0)} ms`;
}
