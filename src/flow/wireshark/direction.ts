import type { Seq } from '../../decode/sequence.js';
import { type RecordClass, recordOf } from '../memory/record.js';
import type { Place } from '../memory/record-store.js';
import type { Seen } from '../seen.js';
import { NONE } from './unacked.js';

/** What Wireshark 4.0 remembers of one direction of a conversation, in numbers. */
export interface WiresharkNumbers {
  /** The ISN, or the first sequence number seen minus one; meaningful once `hasBaseSeq`. */
  baseSeq: Seq;
  hasBaseSeq: boolean;
  /** Highest end of a segment seen, 0 = none, with the frame and the time that last raised it. */
  nextSeq: Seq;
  nextSeqFrame: number;
  nextSeqTime: number;
  /** Highest end believed contiguous: what the peer may acknowledge. */
  maxSeqToBeAcked: Seq;
  /** Ack field and time of the last segment of this direction, whatever it was. */
  lastAck: Seq;
  lastAckTime: number;
  /** Frame in which the ack field last changed. */
  lastNonDuplicateAck: number;
  /** Duplicate ACKs in a row, or SUPPRESSED. */
  duplicateAcks: number;
  /** The last raw window; -1 = none. */
  window: number;
  /** Shift, or UNKNOWN_SCALE, or NOT_SCALED. */
  windowScale: number;
  /** The last segment with ACK was a SYN: its window is never scaled. */
  isFirstAck: boolean;
  /** What was seen of the last segment. */
  lastSeen: Seen;
  /** The MPTCP operations that were known with the last segment. */
  mptcpOperations: number;
  /** Its segments that are not acknowledged yet: the oldest and the newest in `Unacked`, how many, and whether they ascend. */
  oldest: number;
  newest: number;
  unacked: number;
  ascends: boolean;
  /** No segment is known to be missing since the peer last acknowledged anything. */
  isGapless: boolean;
  /** Bytes that the last segment reported as received out of order, by its first three SACK blocks. */
  sackedBytes: number;
}

const WiresharkRecord: RecordClass<WiresharkNumbers> = recordOf<WiresharkNumbers>({
  baseSeq: 'int',
  hasBaseSeq: 'flag',
  nextSeq: 'int',
  nextSeqFrame: 'int',
  nextSeqTime: 'real',
  maxSeqToBeAcked: 'int',
  lastAck: 'int',
  lastAckTime: 'real',
  lastNonDuplicateAck: 'int',
  duplicateAcks: 'int',
  window: 'int',
  windowScale: 'int',
  isFirstAck: 'flag',
  lastSeen: 'int',
  mptcpOperations: 'int',
  oldest: 'int',
  newest: 'int',
  unacked: 'int',
  ascends: 'flag',
  isGapless: 'flag',
  sackedBytes: 'int',
});

/**
 * What Wireshark 4.0 remembers of one direction of a conversation. Its questions (`observations/`) are asked against
 * this record, so it moves on by Wireshark's rules, the odd ones included: a literal 0 means "not set" for `nextSeq`,
 * `maxSeqToBeAcked` and `lastAck`, and the ack field counts even without the ACK bit. Our own view of the
 * connection is in `Endpoint`; the two never mix.
 */
export class WiresharkDirection extends WiresharkRecord {
  constructor(place: Place, offset: number) {
    super(place, offset);
    this.window = -1;
    this.windowScale = UNKNOWN_SCALE;
    this.oldest = NONE;
    this.newest = NONE;
    this.ascends = true;
    this.isGapless = true;
  }

  /** Goes on from what is remembered of another one. */
  inherit(other: WiresharkDirection): void {
    this.copy(other, WiresharkRecord.width);
  }
}

export const UNKNOWN_SCALE = -1;
export const NOT_SCALED = -2;
/** Wireshark's duplicate ACK counter at 2³²-1: set after "ACKed unseen segment" to keep it from being repeated. */
export const SUPPRESSED = -1;
