import { ACK, FIN, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { isAfter, isBefore } from '../decode/sequence.js';
import {
  DUPLICATE_ACK,
  FAST_RETRANSMISSION,
  LOST_SEGMENT,
  OUT_OF_ORDER,
  RETRANSMISSION,
  REUSED_PORTS,
  type Seen,
  SPURIOUS_RETRANSMISSION,
  ZERO_WINDOW_PROBE,
} from './seen.js';
import { SUPPRESSED, type WiresharkDirection } from './wireshark/direction.js';
import type { WiresharkFigures } from './wireshark/figures.js';
import type { MptcpConnection } from './wireshark/mptcp.js';
import type { Unacked } from './wireshark/unacked.js';

/** What Wireshark remembers of a conversation beside its two directions. */
export class WiresharkConversation {
  /** Nanoseconds, 0 = unknown; negative when the capture's time ran backwards. */
  initialRtt = 0;
  /** Time of the last SYN without ACK; NaN = none. */
  synTime: number = Number.NaN;
  /** A segment has created it. */
  isBegun = false;
  /** `tcp.completeness` before the current segment. */
  completeness = 0;
  /** Frame of the SYN that began this conversation on ports that were in use before; 0 = none. */
  reusedIn = 0;
  /** The MPTCP connection it is a subflow of. */
  mptcp: MptcpConnection | undefined = undefined;
}

/** Where the sequence numbers of one direction begin for Wireshark. */
export type Numbering = Pick<WiresharkDirection, 'baseSeq' | 'hasBaseSeq'>;

/** Before the questions: the base of the sequence numbers is fixed by the first segments. */
export function prepare(segment: Segment, forward: Numbering, reverse: Numbering): void {
  if (!forward.hasBaseSeq) {
    forward.hasBaseSeq = true;
    forward.baseSeq = segment.flags & SYN ? segment.seq : (segment.seq - 1) | 0;
  }
  if (!reverse.hasBaseSeq && segment.flags & ACK) {
    reverse.hasBaseSeq = true;
    reverse.baseSeq = (segment.ack - 1) | 0;
  }
}

/** What Wireshark 4.0 remembers of all conversations together. */
export interface WiresharkMemory {
  readonly unacked: Unacked;
  /** Of the last segment. */
  readonly figures: WiresharkFigures;
}

/** After the questions: what is known moves on. `seen` is what they found. */
export function moveOn(
  segment: Segment,
  seen: Seen,
  { unacked, figures }: WiresharkMemory,
  { mptcp }: WiresharkConversation,
  forward: WiresharkDirection,
  reverse: WiresharkDirection,
): void {
  const { ack, flags } = segment;
  if (seen !== 0) learnSeen(segment, seen, unacked, figures, forward);
  if (ack !== forward.lastAck) {
    forward.lastNonDuplicateAck = segment.frame;
    forward.duplicateAcks = 0;
  }
  if (acksUnseen(segment, reverse)) {
    if (isBefore(reverse.maxSeqToBeAcked, reverse.nextSeq)) reverse.maxSeqToBeAcked = reverse.nextSeq;
    else reverse.duplicateAcks = SUPPRESSED;
  }
  const takesSequenceSpace = segment.length > 0 || (flags & (SYN | FIN)) !== 0;
  const isRoom = !takesSequenceSpace || unacked.push(segment, forward);
  if (!(seen & ZERO_WINDOW_PROBE)) extend(segment, isRoom, forward);
  if (mptcp !== undefined) forward.mptcpOperations = mptcp.operations;
  forward.window = segment.window;
  forward.lastAck = ack;
  forward.lastAckTime = segment.time;
  forward.lastSeen = seen;
  unacked.acknowledge(ack, reverse, segment.time, figures);
  if (flags & ACK) reverse.isGapless = true;
}

/** What was seen of the segment. */
function learnSeen(segment: Segment, seen: Seen, unacked: Unacked, figures: WiresharkFigures, forward: WiresharkDirection): void {
  if (seen & REUSED_PORTS && segment.flags & ACK) forward.baseSeq = segment.seq;
  if (seen & LOST_SEGMENT) forward.isGapless = false;
  if (seen & DUPLICATE_ACK) {
    forward.duplicateAcks = forward.duplicateAcks === SUPPRESSED ? 1 : forward.duplicateAcks + 1;
    figures.duplicateAck(forward);
  }
  if ((seen & RESENT) === RETRANSMISSION) figures.resent(segment, forward, unacked);
}

/** SYN and FIN count one together, and none when the list of unacknowledged segments is full. */
function extend(segment: Segment, isRoom: boolean, forward: WiresharkDirection): void {
  const { seq, flags, length } = segment;
  const end = (seq + length + (flags & (SYN | FIN) && isRoom ? 1 : 0)) | 0;
  if (forward.nextSeq === 0 || isAfter(end, forward.nextSeq)) {
    forward.nextSeq = end;
    forward.nextSeqFrame = segment.frame;
    forward.nextSeqTime = segment.time;
  }
  if (forward.maxSeqToBeAcked === 0 || seq === forward.maxSeqToBeAcked) forward.maxSeqToBeAcked = forward.nextSeq;
}

const RESENT = RETRANSMISSION | FAST_RETRANSMISSION | SPURIOUS_RETRANSMISSION | OUT_OF_ORDER;

/** The segment acknowledges more than what was seen of the other direction (rule 1.8 without its suppression). */
export function acksUnseen(segment: Segment, reverse: WiresharkDirection): boolean {
  return reverse.maxSeqToBeAcked !== 0 && isAfter(segment.ack, reverse.maxSeqToBeAcked) && (segment.flags & ACK) !== 0;
}
