import { distance, isBefore, type Seq } from '../../decode/sequence.js';
import { NONE, RESENT_FAST, RESENT_PROBE, RESENT_TIMEOUT } from '../verdict.js';
import type { Ranges } from './ranges.js';

type Repair = typeof RESENT_TIMEOUT | typeof RESENT_FAST;

/** What is asked about a segment that is sent again. */
export interface Resending {
  seq: Seq;
  end: Seq;
  time: number;
  /** When the same bytes were sent before, or something behind them; minus infinity when that was not captured. */
  since: number;
  sndUna: Seq;
  sndUnaTime: number;
  sndNxt: Seq;
  sacked: Ranges;
  hasSack: boolean;
  /**
   * Nanoseconds until an acknowledgment that passes the point of capture shows in what the sender does:
   * nothing at the sender, the whole way there and back at the receiver.
   */
  loop: number;
  /** The capture was made nearer to the receiver: what it has asked for was captured, but packets may have bunched up since they were sent. */
  isFar: boolean;
  /** The highest that the smoothed round trip time has been, nanoseconds; 0 when it is not known. */
  slowest: number;
}

/** TCP_RTO_MIN of Linux is 200 ms; nanoseconds, less what clocks and paths vary. */
const SHORTEST_TIMEOUT = 150e6;
/** TCP_TIMEOUT_MIN is two jiffies, and at least one of them passes. */
const SOONEST_PROBE = 1e6;
/** What a probe waits in addition to two round trips when a single segment is out, whose acknowledgment may be delayed. */
const DELAYED_ACK = 200e6;
/** TCP_TIMEOUT_INIT: the timeout while no round trip has been measured. */
const INITIAL_TIMEOUT = 1e9;
/** Timers fire late, and what a bystander measures is not quite what the sender knows. */
const LATE = 1.15;

/**
 * What a sender knows of its losses, as far as a bystander can tell: the congestion states of Linux
 * (`tcp_ca_state`), which decide why a segment is sent again.
 */
export class LossState {
  /** Of an end that lost nothing yet: shared by most, and never written. */
  static readonly NONE: LossState = new LossState();

  /** Why segments are being repaired; NONE when all is well. */
  private repair: Repair | typeof NONE = NONE;
  /** The repair is over when everything is acknowledged that was out when it began. */
  private recoveryPoint: Seq = 0;
  /** ACKs in a row that acknowledged nothing although something was outstanding. */
  duplicateAcks = 0;
  private evidenceTime = Number.NEGATIVE_INFINITY;
  private evidenceUna: Seq = 0;
  private repeatTime = Number.NEGATIVE_INFINITY;
  private resendTime = Number.NEGATIVE_INFINITY;
  /** What a probe of the tail asks to be acknowledged: there is only one at a time (`tlp_high_seq`). */
  private isProbing = false;
  private probedUpTo: Seq = 0;
  /** Acknowledgments of something new since the timer fired, while nothing more was sent again; minus one when they tell nothing any more. */
  private onTrial = -1;

  /** To be written to: the shared one is not. */
  own(): LossState {
    return this === LossState.NONE ? new LossState() : this;
  }

  /** Any acknowledgment from the peer, new or not. */
  heard(ack: Seq): void {
    if (this.isProbing && !isBefore(ack, this.probedUpTo)) this.isProbing = false;
  }

  /**
   * The peer acknowledged something new. True when that shows the timeout to have been wrong: what was sent again is acknowledged, but not all of
   * the rest, and then more of the rest, which was never sent again (F-RTO, RFC 5682 section 2.1).
   */
  acknowledged(una: Seq): boolean {
    if (this.duplicateAcks > 0) this.duplicateAcks = 0;
    const isRepaired = this.repair !== NONE && !isBefore(una, this.recoveryPoint);
    const isWrong = this.onTrial === 1;
    if (this.onTrial >= 0) this.onTrial = isRepaired || isWrong ? -1 : this.onTrial + 1;
    if (isRepaired) this.repair = NONE;
    return isWrong;
  }

  /** What was sent again on a timer turned out to be needless: the loss was none, and the sender goes on as before (`tcp_try_undo_loss`). */
  undo(): void {
    if (this.repair === RESENT_TIMEOUT) this.repair = NONE;
  }

  /** Its timer has fired unseen, and it repairs what it had sent up to there. */
  after(recoveryPoint: Seq): this {
    this.repair = RESENT_TIMEOUT;
    this.recoveryPoint = recoveryPoint;
    return this;
  }

  /** A duplicate ACK without SACK. When nothing is outstanding as far as was captured, more may have been under way. */
  repeated(time: number, una: Seq, isOutstanding: boolean): void {
    this.onTrial = -1;
    this.repeatTime = time;
    if (isOutstanding) this.missing(time, una);
  }

  /** The peer showed that something is missing: by a new SACK block or, without SACK, by a duplicate ACK. */
  missing(time: number, una: Seq): void {
    this.onTrial = -1;
    this.duplicateAcks++;
    this.evidenceTime = time;
    this.evidenceUna = una;
  }

  /** The peer has shown since then that something is missing. */
  wasAskedSince(time: number): boolean {
    return this.evidenceTime >= time;
  }

  get isRepairing(): boolean {
    return this.repair !== NONE;
  }

  /** The last time it did so, since then, it asked for exactly this byte. */
  wasAskedFor(seq: Seq, since: number): boolean {
    return this.evidenceTime >= since && this.evidenceUna === seq;
  }

  /** Why the sender sends again, and what that says about its state. */
  resending(again: Resending): Repair | typeof RESENT_PROBE {
    const reason = this.reasonFor(again);
    this.resendTime = again.time;
    this.onTrial = reason === RESENT_TIMEOUT && this.repair === NONE && again.seq === again.sndUna ? 0 : -1;
    if (reason === RESENT_PROBE) {
      this.isProbing = true;
      this.probedUpTo = again.sndNxt;
      return reason;
    }
    this.isProbing = false;
    if (reason !== this.repair) this.recoveryPoint = again.sndNxt;
    this.repair = reason;
    return reason;
  }

  private reasonFor(again: Resending): Repair | typeof RESENT_PROBE {
    const { seq, end, time, sndUna, sndUnaTime, sacked, loop } = again;
    if (this.repair === RESENT_TIMEOUT) return RESENT_TIMEOUT;
    // Acknowledged meanwhile: the sender did not know that yet, only what had been missing before.
    const wasAskedFor = distance(end, sndUna) <= 0 && distance(seq, this.evidenceUna) >= 0;
    if (wasAskedFor && time - this.evidenceTime < loop + SHORTEST_TIMEOUT) return RESENT_FAST;
    if (this.repair === RESENT_FAST || this.duplicateAcks > 0 || !sacked.isEmpty) {
      const waited = time - Math.max(this.evidenceTime, sndUnaTime, this.resendTime);
      const isFirst = distance(seq, sndUna) <= 0;
      return isFirst && waited > loop + SHORTEST_TIMEOUT ? RESENT_TIMEOUT : RESENT_FAST;
    }
    return this.unaskedReasonFor(again);
  }

  /** Nothing that is known asked for it: a timer did, unless it comes too soon for one. */
  private unaskedReasonFor({ end, time, since, sndUnaTime, sndNxt, hasSack, loop, isFar, slowest }: Resending): Repair | typeof RESENT_PROBE {
    const waited = time - since;
    const sinceAck = time - Math.max(since, sndUnaTime); // each acknowledgment starts the timer of the probe anew
    const isTail = distance(end, sndNxt) >= 0;
    const probeAfter = slowest === 0 ? INITIAL_TIMEOUT : slowest * 2 + DELAYED_ACK;
    // Then packets that have bunched up on their way tell nothing of the wait.
    const wasSilent = isFar && time - Math.max(this.evidenceTime, this.repeatTime) > loop + SHORTEST_TIMEOUT;
    const isInTime = (wasSilent || waited > SOONEST_PROBE) && sinceAck < probeAfter * LATE + SHORTEST_TIMEOUT;
    if (isTail && hasSack && !this.isProbing && isInTime) return RESENT_PROBE;
    return !wasSilent && waited < SHORTEST_TIMEOUT ? RESENT_FAST : RESENT_TIMEOUT;
  }
}
