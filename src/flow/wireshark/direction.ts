import type { Seq } from '../../decode/sequence.js';
import type { Seen } from '../seen.js';
import { NONE } from './unacked.js';

/**
 * What Wireshark 4.0 remembers of one direction of a conversation. Its questions (`observations/`) are asked against
 * this record, so it moves on by Wireshark's rules, the odd ones included: a literal 0 means "not set" for `nextSeq`,
 * `maxSeqToBeAcked` and `lastAck`, and the ack field counts even without the ACK bit. Our own view of the
 * connection is in `Endpoint`; the two never mix.
 */
export class WiresharkDirection {
  /** The ISN, or the first sequence number seen minus one; meaningful once `hasBaseSeq`. */
  baseSeq: Seq = 0;
  hasBaseSeq = false;
  /** Highest end of a segment seen, 0 = none, with the frame and the time that last raised it. */
  nextSeq: Seq = 0;
  nextSeqFrame = 0;
  nextSeqTime = 0;
  /** Highest end believed contiguous: what the peer may acknowledge. */
  maxSeqToBeAcked: Seq = 0;
  /** Ack field and time of the last segment of this direction, whatever it was. */
  lastAck: Seq = 0;
  lastAckTime = 0;
  /** Frame in which the ack field last changed. */
  lastNonDuplicateAck = 0;
  /** Duplicate ACKs in a row, or SUPPRESSED. */
  duplicateAcks = 0;
  /** The last raw window; -1 = none. */
  window = -1;
  /** Shift, or UNKNOWN_SCALE, or NOT_SCALED. */
  windowScale: number = UNKNOWN_SCALE;
  /** The last segment with ACK was a SYN: its window is never scaled. */
  isFirstAck = false;
  /** What was seen of the last segment. */
  lastSeen: Seen = 0;
  /** The MPTCP operations that were known with the last segment. */
  mptcpOperations = 0;
  /** Its segments that are not acknowledged yet: the oldest and the newest in `Unacked`, how many, and whether they ascend. */
  oldest: number = NONE;
  newest: number = NONE;
  unacked = 0;
  ascends = true;
  /** No segment is known to be missing since the peer last acknowledged anything. */
  isGapless = true;
  /** Bytes that the last segment reported as received out of order, by its first three SACK blocks. */
  sackedBytes = 0;

  /** Goes on from what is remembered of another one. */
  inherit(other: WiresharkDirection): void {
    Object.assign(this, other);
  }
}

export const UNKNOWN_SCALE = -1;
export const NOT_SCALED = -2;
/** Wireshark's duplicate ACK counter at 2³²-1: set after "ACKed unseen segment" to keep it from being repeated. */
export const SUPPRESSED = -1;
