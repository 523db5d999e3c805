import type { Direction } from '../../capture/frame.js';
import type { Seq } from '../../decode/sequence.js';
import { type RecordClass, recordOf } from '../memory/record.js';
import type { State } from '../state.js';
import type { Side } from '../timeline.js';
import type { Repeats } from '../timers.js';

/** What is counted and measured of one end of a flow. Sequence numbers are int32, times nanoseconds since the capture's epoch. */
export interface EndpointNumbers {
  side: Side;
  family: number;
  address0: number;
  address1: number;
  address2: number;
  address3: number;
  port: number;
  state: State;
  /** When it entered its state. */
  stateTime: number;
  /** The frame that showed it. */
  stateFrame: number;
  /** A reset closed it, as far as can be seen. */
  wasReset: boolean;
  /** Segments of it that were captured, copies made by the capture not counted. */
  segments: number;
  /** Segments that ask for an answer and were sent since its peer was last heard. */
  unanswered: number;
  /** Of these, with payload; and the bytes of payload, resent ones included. */
  dataSegments: number;
  payload: number;
  firstTime: number;
  lastTime: number;
  /** Its last segment with payload. */
  lastDataTime: number;
  lastDataFrame: number;
  /** Bytes of payload that its peer had sent when it last sent some itself. */
  answeredPayload: number;
  /** Segments whose TCP checksum was wrong: the first few frames, and how many. */
  badChecksums: number;
  goodChecksums: number;
  // How its packets look; first the ones of its SYN, which tell TCP stacks apart
  synTtl: number;
  synWindow: number;
  synIpId: number;
  synOptionKinds: number;
  synFlags: number;
  ttl: number;
  /** Whether the capture says that its packets left or reached the capturing host. */
  direction: Direction;
  // What it sends (RFC 9293 section 3.3.1: SND.*)
  /** Its initial sequence number, once its SYN was seen. */
  iss: Seq;
  hasSyn: boolean;
  /** Its first segment was its SYN or SYN-ACK. */
  beganWithSyn: boolean;
  /** What its last SYN-ACK acknowledged. */
  synAck: Seq;
  firstSynTsval: number;
  /** Its SYN or SYN-ACK. */
  synRepeats: Repeats;
  /** SYNs and SYN-ACKs it has sent in all, of several requests perhaps. */
  syns: number;
  /** One past the highest sequence number it has sent. */
  sndNxt: Seq;
  /** One past the highest sequence number that its peer has acknowledged. */
  sndUna: Seq;
  /** Time of the acknowledgment that last moved `sndUna`. */
  sndUnaTime: number;
  isAcknowledged: boolean;
  /** Sequence number of its FIN, once that was seen. */
  finSeq: Seq;
  hasFin: boolean;
  /** What its first FIN acknowledged. */
  finAck: Seq;
  finFrame: number;
  firstFinTsval: number;
  /** Its zero-window probes. */
  probeRepeats: Repeats;
  finRepeats: Repeats;
  /** Bytes that its peer acknowledged although they were never captured. */
  missedBytes: number;
  /** Bytes of the longest of its segments that was acknowledged. */
  largestDelivered: number;
  /** One past the highest sequence number it has sent more than once. */
  resentUpTo: Seq;
  hasResent: boolean;
  /** Segments sent again although an acknowledgment of them had been captured before. */
  resentAfterAck: number;
  /** How often its peer reported that bytes arrived twice (D-SACK). */
  arrivedTwice: number;
  /** Acknowledgments that ask for a byte which the peer had reported by SACK: it has thrown it away (RFC 2018 section 8). */
  takenBack: number;
  // What it says of the other direction (RCV.*)
  /** Highest acknowledgment it has sent. */
  rcvNxt: Seq;
  hasRcvNxt: boolean;
  /** Last window it advertised, scaled, and the sequence number up to which it allows now. */
  window: number;
  windowEdge: Seq;
  /** Sequence number of the segment that said so (SND.WL1 of its peer). */
  windowSeq: Seq;
  /** The last segment advertised the same window as the one before. */
  windowIsUnchanged: boolean;
  largestWindow: number;
  /** Newest timestamp it has sent, once it has sent one. */
  lastTsval: number;
  hasTimestamps: boolean;
  /** Shift of its windows as agreed in the handshake; UNKNOWN_SCALE when the handshake was not captured. */
  scaleInUse: number;
  // What it offered with its SYN
  /** That SYN was captured with all of its options. */
  hasOffer: boolean;
  mss: number;
  windowScale: number;
  sackPermitted: boolean;
  timestamps: boolean;
}

export const EndpointRecord: RecordClass<EndpointNumbers> = recordOf<EndpointNumbers>({
  // What every segment touches lies together.
  address3: 'int',
  port: 'int',
  side: 'int',
  family: 'int',
  address0: 'int',
  address1: 'int',
  address2: 'int',
  lastTime: 'real',
  sndUnaTime: 'real',
  lastDataTime: 'real',
  payload: 'real',
  answeredPayload: 'real',
  isAcknowledged: 'flag',
  hasRcvNxt: 'flag',
  hasTimestamps: 'flag',
  windowIsUnchanged: 'flag',
  hasSyn: 'flag',
  hasFin: 'flag',
  hasResent: 'flag',
  wasReset: 'flag',
  segments: 'int',
  sndNxt: 'int',
  sndUna: 'int',
  rcvNxt: 'int',
  window: 'int',
  windowEdge: 'int',
  windowSeq: 'int',
  scaleInUse: 'int',
  largestWindow: 'int',
  lastTsval: 'int',
  state: 'int',
  unanswered: 'int',
  dataSegments: 'int',
  lastDataFrame: 'int',
  goodChecksums: 'int',
  badChecksums: 'int',
  largestDelivered: 'int',
  syns: 'int',
  // What few do.
  stateTime: 'real',
  stateFrame: 'int',
  firstTime: 'real',
  synTtl: 'int',
  synWindow: 'int',
  synIpId: 'int',
  synOptionKinds: 'int',
  synFlags: 'int',
  ttl: 'int',
  direction: 'int',
  iss: 'int',
  beganWithSyn: 'flag',
  synAck: 'int',
  firstSynTsval: 'int',
  synRepeats: 'repeats',
  finSeq: 'int',
  finAck: 'int',
  finFrame: 'int',
  firstFinTsval: 'int',
  probeRepeats: 'repeats',
  finRepeats: 'repeats',
  missedBytes: 'real',
  resentUpTo: 'int',
  resentAfterAck: 'int',
  arrivedTwice: 'int',
  takenBack: 'int',
  hasOffer: 'flag',
  mss: 'int',
  windowScale: 'int',
  sackPermitted: 'flag',
  timestamps: 'flag',
});
