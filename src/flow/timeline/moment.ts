import type { Seq } from '../../decode/sequence.js';
import type { Seen } from '../seen.js';
import type { Proof } from '../verdict/proof.js';
import type { Verdict } from '../verdict.js';

/** Which end of a flow: the one that sent the first captured segment, or the other. */
export type Side = 0 | 1;

/** A segment worth remembering; several alike in a row are folded into one. */
export interface Moment {
  readonly side: Side;
  readonly frame: number;
  readonly time: number;
  readonly flags: number;
  readonly seq: Seq;
  readonly ack: Seq;
  readonly length: number;
  /** As it stands in the header. */
  readonly window: number;
  readonly ttl: number;
  readonly ipId: number;
  readonly hasTimestamps: boolean;
  readonly tsval: number;
  readonly tsecr: number;
  /** SACK blocks, left and right edge in turn. */
  readonly sack: readonly Seq[];
  seen: Seen;
  verdict: Verdict;
  /** Of a resent one: when the same bytes were sent the last time before, and in which frame. */
  readonly earlier: Earlier | undefined;
  /** What the verdict rests on, and what proves that a resend was needless. */
  readonly proof: Proof | undefined;
  needless: Proof | undefined;
  /** How many segments are folded into this one, and the last of them. */
  count: number;
  lastFrame: number;
  lastTime: number;
}

/** An earlier transmission of the same bytes. */
export interface Earlier {
  readonly frame: number;
  readonly time: number;
}

/** An ICMP error about the flow: evidence that never changes the state of the connection. */
export interface IcmpMoment {
  /** The side whose segment the error is about. */
  readonly side: Side;
  readonly frame: number;
  readonly time: number;
  readonly family: number;
  readonly type: number;
  readonly code: number;
  /** Next-hop MTU, 0 where the error has none. */
  readonly mtu: number;
  /** Sequence number of the quoted segment. */
  readonly seq: Seq;
  /** Who says so, as four words. */
  readonly source: readonly number[];
}
