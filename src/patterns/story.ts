import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import { distance } from '../decode/sequence.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import type { IcmpMoment, Moment, Transition } from '../flow/timeline.js';
import type { Verdict } from '../flow/verdict.js';
import { socketText } from '../hosts/address.js';
import { fingerprintOf } from '../hosts/fingerprint.js';
import type { Vantage } from '../hosts/vantage.js';
import { type Signs, signsOf } from './signs.js';

/** One end of a flow, as a pattern looks at it: the endpoint and the moments in which it spoke. */
export interface Part {
  readonly role: 'client' | 'server';
  readonly endpoint: Endpoint;
  readonly moments: readonly Moment[];
  /** SYNs of a client, SYN-ACKs of a server; both when SYNs crossed. */
  readonly syns: readonly Moment[];
  readonly fins: readonly Moment[];
  readonly resets: readonly Moment[];
  /** Nanoseconds between this end and the point of capture. */
  readonly delay: number;
  /** Of what a long timeline has forgotten: segments with such a verdict, and the longest that one of them had waited, nanoseconds. */
  forgotten(isMeant: (verdict: Verdict) => boolean): { readonly segments: number; readonly wait: number };
}

/** A flow that is over, or as far as the capture goes, told from both ends. */
export class Story {
  readonly client: Part;
  readonly server: Part;
  readonly parts: readonly [Part, Part];
  readonly moments: readonly Moment[];
  readonly icmp: readonly IcmpMoment[];
  /** Somebody has asked where the capture was made: elsewhere the story may be another. */
  dependsOnVantage = false;

  constructor(
    readonly flow: Flow,
    private readonly place: Vantage,
    /** Up to when the capture reaches; nanoseconds, like all times. */
    readonly end: number,
    readonly signs: Signs = signsOf(flow),
  ) {
    this.moments = flow.timeline.moments;
    this.icmp = flow.timeline.icmp;
    this.client = this.part('client', flow.client);
    this.server = this.part('server', flow.server);
    this.parts = [this.client, this.server];
  }

  get transitions(): readonly Transition[] {
    return this.flow.timeline.transitions;
  }

  get vantage(): Vantage {
    this.dependsOnVantage = true;
    return this.place;
  }

  /** The end that is not this one. */
  other(part: Part): Part {
    return part === this.client ? this.server : this.client;
  }

  /** IP:port of the server, as `hosts.listeners` knows it. */
  get serverSocket(): string {
    return socketText(this.flow.server);
  }

  /** A whole trip from one end to the other and back, as the handshake or the data shows it. 0 when nothing does. */
  get roundTrip(): number {
    return (this.client.delay + this.server.delay) * 2;
  }

  /** Nanoseconds without any segment of this flow at the end of the capture. */
  get silence(): number {
    return this.end - this.flow.lastTime;
  }

  /** The last pause of at least a second that ended before this moment or with it; nanoseconds, 0 without. */
  pauseBefore(moment: Moment | undefined): number {
    if (moment === undefined) return 0;
    const since = moment.earlier?.frame ?? moment.frame;
    const pauses = this.flow.pauses.filter(({ frame }) => frame <= since).toSorted((a, b) => b.frame - a.frame);
    return pauses[0]?.span ?? 0;
  }

  /** The client considers the connection open: it has acknowledged a SYN-ACK. */
  get isOpenedByClient(): boolean {
    return this.client.syns.length > 0 && this.client.moments.some((moment) => isAcknowledgment(moment));
  }

  /** The server considers it open as well: it has sent something beyond its SYN-ACK. */
  get isOpenedByServer(): boolean {
    return this.server.endpoint.segments > this.server.endpoint.syns + this.server.resets.length;
  }

  /** Whether the capture was made at this end: what is captured of the other end's segments has arrived there. */
  isAt(part: Part): boolean {
    return this.vantage === part.role;
  }

  private part(role: Part['role'], endpoint: Endpoint): Part {
    const moments = this.moments.filter((moment) => moment.side === endpoint.side);
    return {
      role,
      endpoint,
      moments,
      syns: moments.filter(({ flags }) => flags & SYN),
      fins: moments.filter(({ flags }) => flags & FIN && !(flags & RST)),
      resets: moments.filter(({ flags }) => flags & RST),
      delay: this.flow.delayTo(endpoint),
      forgotten: (isMeant) => this.flow.timeline.segments.forgottenVerdicts?.judged(endpoint.side, isMeant) ?? NONE_FORGOTTEN,
    };
  }
}

const NONE_FORGOTTEN = { segments: 0, wait: 0 };

/** A plain segment of an open connection. */
export function isAcknowledgment({ flags }: Moment): boolean {
  return (flags & (SYN | RST | ACK)) === ACK;
}

/** How the kernel makes a reset (tcp_send_reset, tcp_send_active_reset) shows in its form. */
export type ResetForm =
  /** Answers a segment with ACK that met no socket: no ACK flag, sequence number as acknowledged, window 0. */
  | 'answer'
  /** Answers a segment without ACK, a SYN: sequence number 0, acknowledges the segment, window 0. */
  | 'refusal'
  /** The owner of a live socket ends it: next sequence number, real window, options. */
  | 'active'
  /** None of these: made by something else on the way. */
  | 'foreign';

export function resetForm({ flags, seq, window, ipId, hasTimestamps }: Moment, { endpoint }: Part): ResetForm {
  // Old kernels count the IP IDs of packets without a socket; since then they have 0 (measured: counted in 4.4, 0 in 6.1).
  const hasNoIdentity = (ipId <= 0 || fingerprintOf(endpoint).before !== undefined) && window === 0 && !hasTimestamps;
  if (!(flags & ACK)) return hasNoIdentity ? 'answer' : 'foreign';
  if (seq === 0 && hasNoIdentity) return 'refusal';
  return ipId === 0 && window === 0 ? 'foreign' : 'active';
}

/** Bytes between two sequence numbers of the same end. */
export function bytesBetween(from: number, to: number): number {
  return distance(to, from);
}
