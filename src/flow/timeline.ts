import { FIN, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import type { Seq } from '../decode/sequence.js';
import { listed, NOTHING } from './listed.js';
import type { Seen } from './seen.js';
import type { Basis, State } from './state.js';
import type { Judgement, Proof } from './verdict/proof.js';
import type { Transmissions } from './verdict/transmissions.js';
import { NONE, type Verdict } from './verdict.js';

/** Which end of a flow: the one that sent the first captured segment, or the other. */
export type Side = 0 | 1;

/** One end changes its state. */
export interface Transition {
  readonly side: Side;
  /** Nanoseconds since the capture's epoch, by the clock of the capture but at the end in question. */
  readonly at: number;
  /** The frame that shows it. */
  readonly frame: number;
  readonly from: State;
  readonly to: State;
  readonly basis: Basis;
  /** Whether the end received what would have caused it is not proven: what it sends later can disprove it. */
  readonly isAssumed: boolean;
}

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

/** Of a flow with more moments than this the middle is folded. */
const FIRST_KEPT = 200;
const LAST_KEPT = 200;
const MOST_TRANSITIONS = 200;
const MOST_ICMP = 32;

/** What a flow lived through, in the order of the capture. */
export class Timeline {
  private readonly all: Transition[] = [];
  readonly moments: Moment[] = [];
  icmp: readonly IcmpMoment[] = NOTHING;
  /** Moments that were forgotten to keep the timeline bounded. */
  forgotten = 0;

  /** In the order of time. */
  get transitions(): readonly Transition[] {
    return this.all.toSorted((a, b) => a.at - b.at);
  }

  /** Adds a transition; a guess of when the same end made the one before gives way to it. */
  enter(transition: Transition): void {
    if (this.all.length >= MOST_TRANSITIONS) return;
    for (let i = this.all.length - 1; i >= 0; i--) {
      const before = this.all[i] as Transition;
      if (before.side !== transition.side) continue;
      if (before.at <= transition.at) break;
      this.all[i] = { ...before, at: transition.at };
    }
    this.all.push(transition);
  }

  /** It is known better now when a side entered a state the last time. */
  date(side: Side, to: State, at: number): void {
    const last = this.all.findLastIndex((transition) => transition.side === side && transition.to === to);
    if (last >= 0) this.all[last] = { ...(this.all[last] as Transition), at };
  }

  /**
   * Takes back what was assumed of one side up to `until`, because it does not behave so.
   * Returns the first transition that is taken back.
   */
  retract(side: Side, until: number, only?: State): Transition | undefined {
    let earliest: Transition | undefined;
    for (let i = this.all.length - 1; i >= 0; i--) {
      const transition = this.all[i] as Transition;
      if (transition.side !== side) continue;
      const isKept = only !== undefined && transition.to !== only;
      if ((!transition.isAssumed && only === undefined) || transition.at > until || isKept) break;
      earliest = transition;
      this.all.splice(i, 1);
    }
    return earliest;
  }

  remember(
    segment: Segment,
    side: Side,
    seen: Seen,
    verdict: Verdict,
    earlier: Earlier | undefined,
    { by, frame: other, needless }: Judgement,
  ): Moment {
    const alike = this.fold(segment, side, seen, verdict);
    if (alike !== undefined) return alike;
    const { frame, time, flags, seq, ack, length, window, ttl, ipId, hasTimestamps, tsval, tsecr } = segment;
    const sack = segment.sackCount === 0 ? NO_BLOCKS : Array.from(segment.sackEdges.subarray(0, segment.sackCount * 2));
    const moment = {
      side,
      frame,
      time,
      flags,
      seq,
      ack,
      length,
      window,
      ttl,
      ipId,
      hasTimestamps,
      tsval,
      tsecr,
      sack,
      seen,
      verdict,
      earlier,
      proof: by === 'nothing' ? undefined : { by, frame: other },
      needless: needless === 'nothing' ? undefined : { by: needless, frame: 0 },
      count: 1,
      lastFrame: frame,
      lastTime: time,
    };
    this.moments.push(moment);
    if (this.moments.length > FIRST_KEPT + LAST_KEPT) {
      this.moments.splice(FIRST_KEPT, LAST_KEPT / 2);
      this.forgotten += LAST_KEPT / 2;
    }
    return moment;
  }

  /** Remembers a routine segment after all, unless it is among the last moments already. */
  recall(sent: Transmissions, position: number, side: Side): void {
    const frame = sent.frameOf(position);
    if (this.moments.slice(-4).some((moment) => moment.frame === frame || moment.lastFrame === frame)) return;
    const [seq, end, time] = [sent.seqOf(position), sent.endOf(position), sent.timeOf(position)];
    const flags = sent.flagsOf(position);
    const length = ((end - seq) | 0) - (flags & FIN ? 1 : 0) - (flags & SYN ? 1 : 0);
    const header = { ack: sent.ackOf(position), window: sent.sumsOf(position) >>> 16, ttl: sent.ttlOf(position), ipId: sent.ipIdOf(position) };
    const tsval = sent.tsvalOf(position);
    const nothing = { seen: 0, verdict: NONE, earlier: undefined, proof: undefined, needless: undefined };
    const options = { hasTimestamps: tsval !== 0, tsval, tsecr: 0, sack: NO_BLOCKS };
    this.moments.push({ side, frame, time, flags, seq, length, ...header, ...options, ...nothing, count: 1, lastFrame: frame, lastTime: time });
  }

  /** Takes back the moments of a verdict that proves wrong. */
  forget(verdict: Verdict): Moment[] {
    const wrong = this.moments.filter((moment) => moment.verdict === verdict);
    const right = this.moments.filter((moment) => moment.verdict !== verdict);
    this.moments.splice(0, this.moments.length, ...right);
    return wrong;
  }

  quote(icmp: IcmpMoment): void {
    this.icmp = listed(this.icmp, icmp, MOST_ICMP);
  }

  /** A routine segment that says the same as one of the last few of its side is counted with it. */
  private fold(segment: Segment, side: Side, seen: Seen, verdict: Verdict): Moment | undefined {
    const isRoutine = segment.length === 0 && !(segment.flags & CONTROL) && seen !== 0 && verdict === NONE;
    if (!isRoutine && this.moments.length < FIRST_KEPT) return undefined;
    for (let back = 1; back <= 3; back++) {
      const moment = this.moments[this.moments.length - back];
      if (moment === undefined || moment.flags & CONTROL) return undefined;
      if (moment.side !== side || moment.seen !== seen || moment.verdict !== verdict || moment.length > 0) continue;
      moment.count++;
      moment.lastFrame = segment.frame;
      moment.lastTime = segment.time;
      return moment;
    }
    return undefined;
  }
}

const CONTROL = 0x07;
const NO_BLOCKS: readonly Seq[] = [];
