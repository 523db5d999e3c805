import type { Direction } from '../../capture/frame.js';
import type { Seq } from '../../decode/sequence.js';
import type { State } from '../state.js';
import type { Side } from '../timeline.js';
import { NEVER, type Repeats } from '../timers.js';
import { UNKNOWN_SCALE } from '../wireshark/direction.js';

/** What is counted and measured of one end of a flow. Sequence numbers are int32, times nanoseconds since the capture's epoch. */
export class EndpointNumbers {
  side: Side = 0;
  family = 0;
  address0 = 0;
  address1 = 0;
  address2 = 0;
  address3 = 0;
  port = 0;
  state: State = 0;
  /** When it entered its state. */
  stateTime = 0;
  /** The frame that showed it. */
  stateFrame = 0;
  /** A reset closed it, as far as can be seen. */
  wasReset = false;
  /** Segments of it that were captured, copies made by the capture not counted. */
  segments = 0;
  /** Segments that ask for an answer and were sent since its peer was last heard. */
  unanswered = 0;
  /** Of these, with payload; and the bytes of payload, resent ones included. */
  dataSegments = 0;
  payload = 0;
  firstTime = 0;
  lastTime = 0;
  /** Its last segment with payload. */
  lastDataTime = 0;
  lastDataFrame = 0;
  /** Bytes of payload that its peer had sent when it last sent some itself. */
  answeredPayload = 0;
  /** Segments whose TCP checksum was wrong: the first few frames, and how many. */
  badChecksums = 0;
  goodChecksums = 0;
  // How its packets look; first the ones of its SYN, which tell TCP stacks apart
  synTtl = 0;
  synWindow = 0;
  synOptionKinds = 0;
  synFlags = 0;
  ttl = 0;
  /** Whether the capture says that its packets left or reached the capturing host. */
  direction: Direction = 0;
  // What it sends (RFC 9293 section 3.3.1: SND.*)
  /** Its initial sequence number, once its SYN was seen. */
  iss: Seq = 0;
  hasSyn = false;
  /** Its first segment was its SYN or SYN-ACK. */
  beganWithSyn = false;
  /** What its last SYN-ACK acknowledged. */
  synAck: Seq = 0;
  firstSynTsval = 0;
  /** Its SYN or SYN-ACK. */
  synRepeats: Repeats = NEVER;
  /** SYNs and SYN-ACKs it has sent in all, of several requests perhaps. */
  syns = 0;
  /** One past the highest sequence number it has sent. */
  sndNxt: Seq = 0;
  /** One past the highest sequence number that its peer has acknowledged. */
  sndUna: Seq = 0;
  /** Time of the acknowledgment that last moved `sndUna`. */
  sndUnaTime = 0;
  isAcknowledged = false;
  /** Sequence number of its FIN, once that was seen. */
  finSeq: Seq = 0;
  hasFin = false;
  /** What its first FIN acknowledged. */
  finAck: Seq = 0;
  finFrame = 0;
  firstFinTsval = 0;
  /** Its zero-window probes. */
  probeRepeats: Repeats = NEVER;
  finRepeats: Repeats = NEVER;
  /** Bytes that its peer acknowledged although they were never captured. */
  missedBytes = 0;
  /** Bytes of the longest of its segments that was acknowledged. */
  largestDelivered = 0;
  /** One past the highest sequence number it has sent more than once. */
  resentUpTo: Seq = 0;
  hasResent = false;
  /** Segments sent again although an acknowledgment of them had been captured before. */
  resentAfterAck = 0;
  /** How often its peer reported that bytes arrived twice (D-SACK). */
  arrivedTwice = 0;
  /** Acknowledgments that ask for a byte which the peer had reported by SACK: it has thrown it away (RFC 2018 section 8). */
  takenBack = 0;
  // What it says of the other direction (RCV.*)
  /** Highest acknowledgment it has sent. */
  rcvNxt: Seq = 0;
  hasRcvNxt = false;
  /** Last window it advertised, scaled, and the sequence number up to which it allows now. */
  window = 0;
  windowEdge: Seq = 0;
  /** Sequence number of the segment that said so (SND.WL1 of its peer). */
  windowSeq: Seq = 0;
  /** The last segment advertised the same window as the one before. */
  windowIsUnchanged = false;
  largestWindow = 0;
  /** Newest timestamp it has sent, once it has sent one. */
  lastTsval = 0;
  hasTimestamps = false;
  /** Shift of its windows as agreed in the handshake; UNKNOWN_SCALE when the handshake was not captured. */
  scaleInUse: number = UNKNOWN_SCALE;
  // What it offered with its SYN
  /** That SYN was captured with all of its options. */
  hasOffer = false;
  mss = -1;
  windowScale = -1;
  sackPermitted = false;
  timestamps = false;
}
