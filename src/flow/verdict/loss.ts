import { distance, isBefore, type Seq } from '../../decode/sequence.js';
import { NONE, RESENT_FAST, RESENT_PROBE, RESENT_TIMEOUT } from '../verdict.js';
import type { Ranges } from './ranges.js';

type Repair = typeof RESENT_TIMEOUT | typeof RESENT_FAST;

/** What is asked about a segment that is sent again. */
export interface Resending {
  seq: Seq;
  end: Seq;
  time: number;
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
}

/** TCP_RTO_MIN of Linux is 200 ms; nanoseconds, less what clocks and paths vary. */
const SHORTEST_TIMEOUT = 150e6;

/**
 * What a sender knows of its losses, as far as a bystander can tell: the congestion states of Linux
 * (`tcp_ca_state`), which decide why a segment is sent again.
 */
export class LossState {
  /** Why segments are being repaired; NONE when all is well. */
  private repair: Repair | typeof NONE = NONE;
  /** The repair is over when everything is acknowledged that was out when it began. */
  private recoveryPoint: Seq = 0;
  /** ACKs in a row that acknowledged nothing although something was outstanding. */
  duplicateAcks = 0;
  private evidenceTime = Number.NEGATIVE_INFINITY;
  private resendTime = Number.NEGATIVE_INFINITY;
  /** What a probe of the tail asks to be acknowledged: there is only one at a time (`tlp_high_seq`). */
  private isProbing = false;
  private probedUpTo: Seq = 0;

  /** Any acknowledgment from the peer, new or not. */
  heard(ack: Seq): void {
    if (this.isProbing && !isBefore(ack, this.probedUpTo)) this.isProbing = false;
  }

  /** The peer acknowledged something new. */
  acknowledged(una: Seq): void {
    this.duplicateAcks = 0;
    if (this.repair !== NONE && !isBefore(una, this.recoveryPoint)) this.repair = NONE;
  }

  /** The peer showed that something is missing: by a duplicate ACK or a new SACK block. */
  missing(time: number): void {
    this.duplicateAcks++;
    this.evidenceTime = time;
  }

  /** Why the sender sends again, and what that says about its state. */
  resending(again: Resending): Repair | typeof RESENT_PROBE {
    const reason = this.reasonFor(again);
    this.resendTime = again.time;
    if (reason === RESENT_PROBE) {
      this.isProbing = true;
      this.probedUpTo = again.sndNxt;
      return reason;
    }
    if (reason !== this.repair) this.recoveryPoint = again.sndNxt;
    this.repair = reason;
    return reason;
  }

  private reasonFor({ seq, end, time, sndUna, sndUnaTime, sndNxt, sacked, hasSack, loop }: Resending): Repair | typeof RESENT_PROBE {
    if (this.repair === RESENT_TIMEOUT) return RESENT_TIMEOUT;
    if (this.repair === RESENT_FAST || this.duplicateAcks > 0 || !sacked.isEmpty) {
      const waited = time - Math.max(this.evidenceTime, sndUnaTime, this.resendTime);
      const isFirst = distance(seq, sndUna) <= 0;
      return isFirst && waited > loop + SHORTEST_TIMEOUT ? RESENT_TIMEOUT : RESENT_FAST;
    }
    const isTail = distance(end, sndNxt) >= 0;
    return isTail && hasSack && !this.isProbing ? RESENT_PROBE : RESENT_TIMEOUT;
  }
}
