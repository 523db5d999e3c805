import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { isAfter, isBefore, type Seq } from '../decode/sequence.js';
import type { MptcpConnection } from './mptcp.js';
import { DUPLICATE_ACK, REUSED_PORTS, type Seen, ZERO_WINDOW_PROBE } from './seen.js';

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
}

export const UNKNOWN_SCALE = -1;
export const NOT_SCALED = -2;
/** Wireshark's duplicate ACK counter at 2³²-1: set after "ACKed unseen segment" to keep it from being repeated. */
export const SUPPRESSED = -1;

/** What Wireshark remembers of a conversation beside its two directions. */
export class WiresharkConversation {
  /** Nanoseconds, 0 = unknown; negative when the capture's time ran backwards. */
  initialRtt = 0;
  /** Time of the last SYN without ACK; NaN = none. */
  synTime: number = Number.NaN;
  /** `tcp.completeness` before the current segment. */
  completeness = 0;
  /** Frame of the SYN that began this conversation on ports that were in use before; 0 = none. */
  reusedIn = 0;
  /** The MPTCP connection it is a subflow of. */
  mptcp: MptcpConnection | undefined = undefined;
}

/** Before the questions: the base of the sequence numbers is fixed by the first segments. */
export function prepare(segment: Segment, forward: WiresharkDirection, reverse: WiresharkDirection): void {
  if (!forward.hasBaseSeq) {
    forward.hasBaseSeq = true;
    forward.baseSeq = segment.flags & SYN ? segment.seq : (segment.seq - 1) | 0;
  }
  if (!reverse.hasBaseSeq && segment.flags & ACK) {
    reverse.hasBaseSeq = true;
    reverse.baseSeq = (segment.ack - 1) | 0;
  }
}

/** After the questions: what is known moves on. `seen` is what they found. */
export function moveOn(
  segment: Segment,
  seen: Seen,
  conversation: WiresharkConversation,
  forward: WiresharkDirection,
  reverse: WiresharkDirection,
): void {
  const { seq, ack, flags } = segment;
  if (seen & REUSED_PORTS && flags & ACK) forward.baseSeq = seq;
  if (seen & DUPLICATE_ACK) forward.duplicateAcks = forward.duplicateAcks === SUPPRESSED ? 1 : forward.duplicateAcks + 1;
  if (ack !== forward.lastAck) {
    forward.lastNonDuplicateAck = segment.frame;
    forward.duplicateAcks = 0;
  }
  if (acksUnseen(segment, reverse)) {
    if (isBefore(reverse.maxSeqToBeAcked, reverse.nextSeq)) reverse.maxSeqToBeAcked = reverse.nextSeq;
    else reverse.duplicateAcks = SUPPRESSED;
  }
  const isProbe = (seen & ZERO_WINDOW_PROBE) !== 0;
  const end = (seq + segment.length + (flags & (SYN | FIN) ? 1 : 0)) | 0;
  if (!isProbe && (forward.nextSeq === 0 || isAfter(end, forward.nextSeq))) {
    forward.nextSeq = end;
    forward.nextSeqFrame = segment.frame;
    forward.nextSeqTime = segment.time;
  }
  if (!isProbe && (forward.maxSeqToBeAcked === 0 || seq === forward.maxSeqToBeAcked)) {
    forward.maxSeqToBeAcked = forward.nextSeq;
  }
  if (conversation.mptcp !== undefined) forward.mptcpOperations = conversation.mptcp.operations;
  forward.window = segment.window;
  forward.lastAck = ack;
  forward.lastAckTime = segment.time;
  forward.lastSeen = seen;
}

/** The segment acknowledges more than what was seen of the other direction (rule 1.8 without its suppression). */
export function acksUnseen(segment: Segment, reverse: WiresharkDirection): boolean {
  return reverse.maxSeqToBeAcked !== 0 && isAfter(segment.ack, reverse.maxSeqToBeAcked) && (segment.flags & ACK) !== 0;
}

/**
 * What Wireshark learns of a segment apart from its sequence analysis; also of one that an ICMP error quotes.
 * `isFirst`: the segment created the conversation.
 */
export function learn(
  segment: Segment,
  isFirst: boolean,
  conversation: WiresharkConversation,
  forward: WiresharkDirection,
  reverse: WiresharkDirection,
): void {
  const { flags } = segment;
  conversation.completeness |= isFirst ? completenessOfFirst(segment) : completenessOf(segment);
  if (flags & SYN) {
    forward.isFirstAck = true;
    if (!(flags & ACK)) conversation.synTime = segment.time;
  } else if (flags & ACK) {
    if (conversation.initialRtt === 0 && !Number.isNaN(conversation.synTime)) {
      conversation.initialRtt = segment.time - conversation.synTime;
    }
    forward.isFirstAck = false;
  }
  if (segment.windowScale >= 0) forward.windowScale = segment.windowScale;
  if (flags & SYN && !segment.optionsCut) agreeOnScale(flags, forward, reverse);
}

function agreeOnScale(flags: number, forward: WiresharkDirection, reverse: WiresharkDirection): void {
  if (forward.windowScale === UNKNOWN_SCALE) {
    forward.windowScale = NOT_SCALED;
    reverse.windowScale = NOT_SCALED;
  } else if (flags & ACK && reverse.windowScale === NOT_SCALED) {
    forward.windowScale = NOT_SCALED;
  }
}

// tcp.completeness
const SYN_SEEN = 1;
const SYN_ACK_SEEN = 2;
const ACK_SEEN = 4;
const DATA_SEEN = 8;
const FIN_SEEN = 16;
const RST_SEEN = 32;

/** The segment that creates a conversation counts only when it is a SYN. */
function completenessOfFirst({ flags, length }: Segment): number {
  if ((flags & (SYN | ACK)) !== SYN) return 0;
  return length > 0 ? SYN_SEEN | DATA_SEEN : SYN_SEEN;
}

function completenessOf({ flags, length }: Segment): number {
  if (flags & RST && !(flags & ACK)) return RST_SEEN;
  if ((flags & (SYN | ACK)) === (SYN | ACK)) return SYN_ACK_SEEN;
  if (!(flags & ACK)) return 0;
  const end = (flags & FIN ? FIN_SEEN : 0) | (flags & RST ? RST_SEEN : 0);
  return end | (length > 0 ? DATA_SEEN : ACK_SEEN);
}
