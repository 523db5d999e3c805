import { INBOUND, OUTBOUND } from '../capture/frame.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { hostText, mayShareLink } from './address.js';
import type { HostTable } from './host.js';
import type { Outline } from './outline.js';

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
export const LOCAL_ANSWER = 150e3;
/** Nanoseconds: no kernel takes so long to answer a SYN. */
const SLOW_FOR_A_KERNEL = 5e6;
const ANYWHERE: readonly Vantage[] = ['client', 'server', 'middle', 'unknown'];
const INITIAL_TTLS: ReadonlySet<number> = new Set([64, 128, 255]);
/** Programs set lower ones for neighbours only. */
const LOWEST_TTL_OF_A_SYSTEM = 32;

/** Ways of a host's packets at the point of capture. */
const COMES = 1;
const LEAVES = 2;
const PASSES_BY: number = COMES | LEAVES;

/** Where flows were captured. Flows that tell by themselves also tell for others of the same hosts. */
export class Vantages {
  /** What another capture of the same flow says. */
  private readonly placed = new Map<Flow, Placed>();

  constructor(
    private readonly told: Vantage | undefined,
    private readonly hosts: HostTable,
    private readonly hidesNetworks: boolean,
  ) {}

  learn({ flow, client, server }: Outline): void {
    if (client !== undefined) client.ways |= wayOf(flow.client, flow);
    if (server !== undefined) server.ways |= wayOf(flow.server, flow);
    const sign = byItself(flow) ?? this.byHops(flow);
    if (sign === undefined || sign.vantage === 'unknown') return;
    if (client !== undefined) client.votes += sign.vantage === 'client' ? 1 : -1;
    if (server !== undefined) server.votes += sign.vantage === 'server' ? 1 : -1;
  }

  /** Where a flow was captured, when it is known from elsewhere. */
  place(flow: Flow, placed: Placed): void {
    this.placed.set(flow, placed);
  }

  of(flow: Flow): Placed {
    if (this.told !== undefined) return { vantage: this.told, reason: 'you said so' };
    return this.placed.get(flow) ?? told(this.byPassage(flow) ?? byItself(flow) ?? this.byHosts(flow) ?? NOTHING_TELLS, flow);
  }

  /** What other flows can still make of it. */
  possible(flow: Flow): readonly Vantage[] {
    if (this.told !== undefined) return [this.told];
    const sign = byItself(flow);
    if (sign === undefined) return ANYWHERE;
    return sign === LEAVES_CLIENT || sign === LEAVES_SERVER ? [sign.vantage, PASSES.vantage] : [sign.vantage];
  }

  /**
   * It came in at the capturing host, which forwards between these two, and never left it: where both directions of the capture are
   * noted, what a router lets through is captured twice.
   */
  endedHere(flow: Flow): boolean {
    return flow.captureCopies === 0 && flow.client.direction === INBOUND && this.passesBy(flow.client) && this.passesBy(flow.server);
  }

  /** Its packets leave here in the name of a host whose packets come in here otherwise. */
  private byPassage(flow: Flow): Sign | undefined {
    const sign = byItself(flow);
    const near = sign === LEAVES_CLIENT ? flow.client : sign === LEAVES_SERVER ? flow.server : undefined;
    return near !== undefined && this.passesBy(near) ? PASSES : undefined;
  }

  private passesBy(endpoint: Endpoint): boolean {
    return this.hosts.at(endpoint)?.ways === PASSES_BY;
  }

  /** Other flows of its hosts may tell more than its own hops. */
  private byHosts(flow: Flow): Sign | undefined {
    const [others, hops] = [this.byOthers(flow), this.byHops(flow)];
    return others === undefined || others.vantage === hops?.vantage ? hops : others;
  }

  /** Where only one end was heard and the silent one is on the same link, that may be the one that captured it. */
  private byHops(flow: Flow): Sign | undefined {
    const { client, server } = flow;
    const isOneHeard = client.segments === 0 || server.segments === 0;
    return isOneHeard && (this.hidesNetworks || mayShareLink(client, server)) ? undefined : byHops(flow);
  }

  private byOthers(flow: Flow): Sign | undefined {
    const client = this.isLocal(flow.client);
    const server = this.isLocal(flow.server);
    if (client === server) return undefined;
    return client ? OTHERS_OF_CLIENT : OTHERS_OF_SERVER;
  }

  private isLocal(endpoint: Endpoint): boolean {
    return (this.hosts.at(endpoint)?.votes ?? 0) > 0;
  }
}

/** What tells where a flow was captured. Why is only put into words when somebody asks. */
interface Sign {
  readonly vantage: Vantage;
  readonly reason: (flow: Flow) => string;
}

function told({ vantage, reason }: Sign, flow: Flow): Placed {
  return { vantage, reason: reason(flow) };
}

const NOTHING_TELLS: Sign = { vantage: 'unknown', reason: () => 'nothing in the capture tells' };
const PASSES: Sign = { vantage: 'middle', reason: () => 'its packets pass the capturing host' };
const LEAVES_CLIENT: Sign = { vantage: 'client', reason: () => 'the capture says that its packets leave here' };
const LEAVES_SERVER: Sign = { ...LEAVES_CLIENT, vantage: 'server' };
const OTHERS_OF_CLIENT: Sign = { vantage: 'client', reason: ({ client }) => `other conversations of ${hostText(client)} show it` };
const OTHERS_OF_SERVER: Sign = { vantage: 'server', reason: ({ server }) => `other conversations of ${hostText(server)} show it` };
// The trips of one end's segments end with the answer of the other.
const CLIENT_ANSWERS: Sign = { vantage: 'client', reason: ({ client, server }) => soonerText(server, client) };
const SERVER_ANSWERS: Sign = { vantage: 'server', reason: ({ client, server }) => soonerText(client, server) };
const BOTH_ARE_FAR: Sign = {
  vantage: 'middle',
  reason: ({ client, server }) => `both ends take their time to answer (${answerText(server)} and ${answerText(client)})`,
};
const NEAR_CLIENT: Sign = { vantage: 'client', reason: ({ client }) => `its packets have crossed no router (TTL ${client.ttl})` };
const FAR_FROM_SERVER: Sign = {
  vantage: 'client',
  reason: ({ client }) => `no packet has crossed a router, and the SYN was answered after ${answerText(client)}: a kernel does that at once`,
};
const NEAR_SERVER: Sign = { vantage: 'server', reason: ({ server }) => `its packets have crossed no router (TTL ${server.ttl})` };

/** What the flow's own packets tell: the direction that the capture noted, copies of the same packet, who answers at once. */
function byItself(flow: Flow): Sign | undefined {
  const { client, server } = flow;
  if (flow.isRouted || isForwarded(client) || isForwarded(server)) return PASSES;
  if (flow.captureCopies > 0 && !hasWays(flow)) return PASSES;
  if (client.direction === OUTBOUND || server.direction === INBOUND) return LEAVES_CLIENT;
  if (server.direction === OUTBOUND || client.direction === INBOUND) return LEAVES_SERVER;
  const answers = byAnswers(flow);
  const hops = byHops(flow);
  // A host that answers at once may be near; packets that have lost hops have certainly crossed a router.
  return answers !== undefined && hops !== undefined && isOppositeEnd(answers.vantage, hops.vantage) ? hops : answers;
}

/** What leaves here with less than a system begins with has come from somewhere. */
function isForwarded({ direction, ttl }: Endpoint): boolean {
  return direction === OUTBOUND && ttl > LOWEST_TTL_OF_A_SYSTEM && !INITIAL_TTLS.has(ttl);
}

/** One end comes in, the other leaves; on the loopback interface both come in. */
function hasWays({ client, server }: Flow): boolean {
  return client.direction + server.direction === INBOUND + OUTBOUND && client.direction !== server.direction;
}

function wayOf({ direction }: Endpoint, flow: Flow): number {
  if (flow.isRouted) return PASSES_BY;
  return hasWays(flow) ? (direction === INBOUND ? COMES : LEAVES) : 0;
}

function isOppositeEnd(one: Vantage, other: Vantage): boolean {
  return (one === 'client' && other === 'server') || (one === 'server' && other === 'client');
}

function byAnswers({ client, server }: Flow): Sign | undefined {
  if (client.roundTrips.count === 0 || server.roundTrips.count === 0) return undefined;
  const clientAnswers = server.roundTrips.shortest;
  const serverAnswers = client.roundTrips.shortest;
  if (clientAnswers < LOCAL_ANSWER && serverAnswers < LOCAL_ANSWER) return undefined;
  if (clientAnswers * MUCH_SOONER < serverAnswers) return CLIENT_ANSWERS;
  return serverAnswers * MUCH_SOONER < clientAnswers ? SERVER_ANSWERS : BOTH_ARE_FAR;
}

/** A packet that has lost nothing of its initial TTL has crossed no router. */
function byHops({ client, server }: Flow): Sign | undefined {
  const clientIsNear = client.segments > 0 && INITIAL_TTLS.has(client.ttl);
  const serverIsNear = server.segments > 0 && INITIAL_TTLS.has(server.ttl);
  if (clientIsNear && serverIsNear) return isAnsweredFromAfar(client, server) ? FAR_FROM_SERVER : undefined;
  if (clientIsNear === serverIsNear) return undefined;
  return clientIsNear ? NEAR_CLIENT : NEAR_SERVER;
}

/** All that the server sent is its SYN-ACK, and it took a while to come here. */
function isAnsweredFromAfar({ roundTrips }: Endpoint, { segments, syns }: Endpoint): boolean {
  return segments === syns && roundTrips.count > 0 && roundTrips.shortest > SLOW_FOR_A_KERNEL;
}

/** Who sent the segments that its answers ended the trips of. */
function soonerText(answered: Endpoint, peerAnswered: Endpoint): string {
  return `it answers within ${answerText(answered)}, its peer within ${answerText(peerAnswered)}`;
}

/** Within how long the segments of an end are answered; "within 0 ms" would say nothing. */
function answerText({ roundTrips: { shortest } }: Endpoint): string {
  return `${Math.max(shortest / 1e6, 0.01).toFixed(shortest < 10e6 ? 2 : 0)} ms`;
}
