import { ACK, RST, SYN } from '../decode/flags.js';
import { distance, isAfter } from '../decode/sequence.js';
import type { Flow } from '../flow/flow.js';
import type { IcmpMoment, Moment, Transition } from '../flow/timeline.js';
import { socketText } from '../hosts/address.js';
import { fingerprintOf } from '../hosts/fingerprint.js';
import { LOCAL_ANSWER, type Vantage } from '../hosts/vantage.js';
import { Part } from './part.js';
import { type Signs, signsOf } from './signs.js';

export type { Part } from './part.js';

/** A flow that is over, or as far as the capture goes, told from both ends. */
export class Story {
  readonly client: Part;
  readonly server: Part;
  readonly parts: readonly [Part, Part];
  /** Somebody has asked where the capture was made: elsewhere the story may be another. */
  dependsOnVantage = false;

  constructor(
    readonly flow: Flow,
    private readonly place: Vantage,
    /** Up to when the capture reaches; nanoseconds, like all times. */
    readonly end: number,
    readonly signs: Signs = signsOf(flow),
  ) {
    this.client = new Part('client', flow.client, flow);
    this.server = new Part('server', flow.server, flow);
    this.parts = [this.client, this.server];
  }

  get moments(): readonly Moment[] {
    return this.flow.timeline.moments;
  }

  get icmp(): readonly IcmpMoment[] {
    return this.flow.timeline.icmp;
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

  /** A whole trip from one end to the other and back, as the handshake or the data shows it. 0 when nothing does but the answers of the near end. */
  get roundTrip(): number {
    const { client, server } = this.flow;
    const isHalf = client.roundTrips.count === 0 || server.roundTrips.count === 0;
    const trip = (this.client.delay + this.server.delay) * 2;
    return isHalf && trip < LOCAL_ANSWER ? 0 : trip;
  }

  /** Nanoseconds without any segment of this flow at the end of the capture. */
  get silence(): number {
    return this.end - this.flow.lastTime;
  }

  /** The pause of at least a second that this moment ended, or what was not acknowledged any more before it; nanoseconds, 0 without. */
  pauseBefore(moment: Moment | undefined): number {
    if (moment === undefined) return 0;
    const since = moment.earlier?.frame ?? moment.frame;
    const [pause] = this.flow.pauses.filter(({ frame }) => frame <= since).toSorted((a, b) => b.frame - a.frame);
    return pause === undefined || this.wentOn(pause.frame, since) ? 0 : pause.span;
  }

  /** Between these frames somebody acknowledged something new. */
  private wentOn(from: number, to: number): boolean {
    return this.parts.some(({ endpoint: { transmissions } }) => {
      const ackBefore = (frame: number): number | undefined => {
        const position = transmissions.findLast((each) => transmissions.frameOf(each) < frame && (transmissions.flagsOf(each) & ACK) !== 0);
        return position === undefined ? undefined : transmissions.ackOf(position);
      };
      const [then, now] = [ackBefore(from), ackBefore(to)];
      return now !== undefined && (then === undefined || isAfter(now, then));
    });
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
}

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
