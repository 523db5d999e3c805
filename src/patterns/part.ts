import { FIN, RST, SYN } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import type { Moment } from '../flow/timeline.js';
import type { Verdict } from '../flow/verdict.js';
import { isUnsummed } from '../hosts/quality.js';

/** One end of a flow, as a pattern looks at it: the endpoint and the moments in which it spoke. They are unpacked when a pattern asks for them. */
export class Part {
  private own: readonly Moment[] | undefined = undefined;
  private ownSyns: readonly Moment[] | undefined = undefined;
  private ownFins: readonly Moment[] | undefined = undefined;
  private ownResets: readonly Moment[] | undefined = undefined;

  constructor(
    readonly role: 'client' | 'server',
    readonly endpoint: Endpoint,
    private readonly flow: Flow,
  ) {}

  get moments(): readonly Moment[] {
    this.own ??= this.flow.timeline.moments.filter(({ side }) => side === this.endpoint.side);
    return this.own;
  }

  /** SYNs of a client, SYN-ACKs of a server; both when SYNs crossed. */
  get syns(): readonly Moment[] {
    this.ownSyns ??= this.having(SYN);
    return this.ownSyns;
  }

  get fins(): readonly Moment[] {
    this.ownFins ??= this.having(FIN).filter(({ flags }) => !(flags & RST));
    return this.ownFins;
  }

  get resets(): readonly Moment[] {
    this.ownResets ??= this.having(RST);
    return this.ownResets;
  }

  /** Nanoseconds between this end and the point of capture. */
  get delay(): number {
    return this.flow.delayTo(this.endpoint);
  }

  /** Segments with a wrong checksum. Where nearly all have one, the network card was to fill it in: none of them is damaged. */
  get damaged(): number {
    return isUnsummed(this.endpoint) ? 0 : this.endpoint.badChecksums;
  }

  /** Data of a SYN (Fast Open) that the server did not take is sent again as soon as the handshake is over: nothing was lost. */
  wasSentWithSyn({ earlier, length }: Moment): boolean {
    return length > 0 && this.syns.some(({ frame }) => frame === earlier?.frame);
  }

  /** Of what a long timeline has forgotten: segments with such a verdict, and the longest that one of them had waited, nanoseconds. */
  forgotten(isMeant: (verdict: Verdict) => boolean): { readonly segments: number; readonly wait: number } {
    return this.flow.timeline.segments.forgottenVerdicts?.judged(this.endpoint.side, isMeant) ?? NONE_FORGOTTEN;
  }

  private having(flag: number): readonly Moment[] {
    return this.flow.timeline.segments.flags & flag ? this.moments.filter(({ flags }) => flags & flag) : NONE;
  }
}

const NONE: readonly Moment[] = [];
const NONE_FORGOTTEN = { segments: 0, wait: 0 };
