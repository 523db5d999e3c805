import { type Direction, UNKNOWN as UNKNOWN_DIRECTION } from '../capture/frame.js';
import { ACK, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { distance, isAfter, isBefore, type Seq } from '../decode/sequence.js';
import type { Advertised } from './advertised.js';
import { ClosedWindow } from './closed-window.js';
import type { Congestion } from './congestion.js';
import { NOTHING } from './listed.js';
import type { Pace } from './pace.js';
import { RoundTrips } from './rtt.js';
import type { Slab } from './slab.js';
import { type State, UNKNOWN } from './state.js';
import type { Moment, Side } from './timeline.js';
import { NEVER, type Repeats, repeated } from './timers.js';
import { Holes } from './verdict/holes.js';
import { LossState } from './verdict/loss.js';
import { Ranges } from './verdict/ranges.js';
import { Resends } from './verdict/resend.js';
import { isOfOtherClock, Strangers } from './verdict/strangers.js';
import { Transmissions } from './verdict/transmissions.js';
import { SPURIOUS } from './verdict.js';
import { UNKNOWN_SCALE, WiresharkDirection } from './wireshark.js';

/** A sequence number farther off than this belongs to another connection. */
const FARTHEST = 1 << 28;
const MOST_LISTED = 16;

/** One end of a flow, as a bystander knows it. Sequence numbers are int32, times nanoseconds since the capture's epoch. */
export class Endpoint {
  /** What Wireshark knows of the segments it sends. */
  readonly wireshark: WiresharkDirection = new WiresharkDirection();

  state: State = UNKNOWN;
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
  badChecksumFrames: readonly number[] = NOTHING;
  goodChecksums = 0;
  /** Undefined without a sign of congestion. */
  congestion: Congestion | undefined = undefined;

  // How its packets look; first the ones of its SYN, which tell TCP stacks apart
  synTtl = 0;
  synWindow = 0;
  synIpId = 0;
  synOptionKinds = 0;
  synFlags = 0;
  ttl = 0;
  /** Whether the capture says that its packets left or reached the capturing host. */
  direction: Direction = UNKNOWN_DIRECTION;

  // What it sends (RFC 9293 section 3.3.1: SND.*)
  /** Its initial sequence number, once its SYN was seen. */
  iss: Seq = 0;
  hasSyn = false;
  firstSynTsval = 0;
  /** Its SYN or SYN-ACK. */
  synRepeats: Repeats = NEVER;
  /** SYNs and SYN-ACKs it has sent in all, of several requests perhaps. */
  syns = 0;
  /** Frames of the resets that it got and did not accept. */
  refusedResets: readonly number[] = NOTHING;
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
  finFrame = 0;
  firstFinTsval = 0;
  /** Its zero-window probes. */
  probeRepeats: Repeats = NEVER;
  finRepeats: Repeats = NEVER;
  /** Sequence numbers below `sndNxt` that were never captured. */
  holes: Holes = Holes.NONE;
  /** Bytes that its peer acknowledged although they were never captured. */
  missedBytes = 0;
  /** Bytes of the longest of its segments that was acknowledged. */
  largestDelivered = 0;
  /** An acknowledgment of its peer that lies beyond everything captured; undefined when there was none. */
  ackedBeyond: Seq | undefined = undefined;
  /** One past the highest sequence number it has sent more than once. */
  resentUpTo: Seq = 0;
  hasResent = false;
  /** Segments sent again although an acknowledgment of them had been captured before. */
  resentAfterAck = 0;
  /** How often its peer reported that bytes arrived twice (D-SACK). */
  arrivedTwice = 0;
  /** Acknowledgments that ask for a byte which the peer had reported by SACK: it has thrown it away (RFC 2018 section 8). */
  takenBack = 0;
  /** What its peer has reported as received beyond `sndUna`. */
  sacked: Ranges = Ranges.NONE;
  /** How long its peer takes to answer, seen from the point of capture. */
  readonly roundTrips: RoundTrips = new RoundTrips();
  /** How it sends its data; undefined before its first payload. */
  pace: Pace | undefined = undefined;
  loss: LossState = LossState.NONE;
  resends: Resends = Resends.NONE;
  /** Undefined until one shows up. */
  strangers: Strangers | undefined = undefined;

  // What it says of the other direction (RCV.*)
  /** Highest acknowledgment it has sent. */
  rcvNxt: Seq = 0;
  hasRcvNxt = false;
  /** Last window it advertised, scaled, and the sequence number up to which it allows now. */
  window = 0;
  windowEdge: Seq = 0;
  /** Sequence number of the segment that said so (SND.WL1 of its peer). */
  private windowSeq: Seq = 0;
  /** The last segment advertised the same window as the one before. */
  windowIsUnchanged = false;
  largestWindow = 0;
  /** Undefined until it has closed its window for the first time. */
  closedWindow: ClosedWindow | undefined = undefined;
  /** What it advertised when, kept from its peer's first payload on. */
  advertised: Advertised | undefined = undefined;
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

  constructor(
    readonly side: Side,
    readonly family: number,
    readonly address0: number,
    readonly address1: number,
    readonly address2: number,
    readonly address3: number,
    readonly port: number,
    readonly transmissions: Transmissions,
  ) {}

  static source(s: Segment, slab: Slab): Endpoint {
    return new Endpoint(0, s.family, s.source0, s.source1, s.source2, s.source3, s.sourcePort, new Transmissions(slab));
  }

  static destination(s: Segment, slab: Slab): Endpoint {
    return new Endpoint(1, s.family, s.destination0, s.destination1, s.destination2, s.destination3, s.destinationPort, new Transmissions(slab));
  }

  /** It has sent the segment: what is known of it moves on. */
  send(segment: Segment): void {
    if (this.segments === 0) this.begin(segment);
    this.segments++;
    this.lastTime = segment.time;
    if (segment.length > 0) {
      this.dataSegments++;
      this.payload += segment.length;
      this.lastDataTime = segment.time;
      this.lastDataFrame = segment.frame;
    }
    if (segment.checksumVerdict !== 0) this.checkSum(segment);
    if (segment.flags & SYN) this.offer(segment);
    if (segment.flags & ACK) this.receive(segment);
    if (!(segment.flags & RST)) this.moveNext(segment);
    if (segment.hasTimestamps) this.stamp(segment.tsval);
    this.transmissions.add(segment);
  }

  /** It has asked whether its peer has room again. */
  probe(segment: Segment): void {
    this.probeRepeats = repeated(this.probeRepeats, segment.time);
  }

  /** The segment was sent before, or a part of it. */
  repeat(segment: Segment, moment: Moment): void {
    this.resends = this.resends.own();
    this.resends.add({ seq: segment.seq, end: segment.end, tsval: segment.hasTimestamps ? segment.tsval : undefined, moment });
    if (!this.hasResent || isAfter(segment.end, this.resentUpTo)) this.resentUpTo = segment.end;
    this.hasResent = true;
    if (moment.verdict & SPURIOUS) this.resentAfterAck++;
  }

  /** It has sent a FIN. */
  finish(segment: Segment, finSeq: Seq): void {
    if (!this.hasFin) {
      this.finFrame = segment.frame;
      this.firstFinTsval = segment.tsval;
    }
    this.hasFin = true;
    this.finSeq = finSeq;
    this.finRepeats = repeated(this.finRepeats, segment.time);
  }

  private stamp(tsval: number): void {
    if (!this.hasTimestamps || isAfter(tsval, this.lastTsval)) this.lastTsval = tsval;
    this.hasTimestamps = true;
  }

  private checkSum(segment: Segment): void {
    if (segment.checksumVerdict > 0) this.goodChecksums++;
    else if (this.badChecksums++ < MOST_LISTED) this.badChecksumFrames = [...this.badChecksumFrames, segment.frame];
  }

  private begin(segment: Segment): void {
    this.firstTime = segment.time;
    this.sndNxt = this.sndUna = segment.seq;
    this.ttl = segment.ttl;
    this.direction = segment.direction;
  }

  /** SND.NXT, and the holes below it. */
  private moveNext(segment: Segment): void {
    const ahead = distance(segment.seq, this.sndNxt);
    if (ahead > FARTHEST || ahead < -FARTHEST) return;
    const wasAcknowledged = this.ackedBeyond !== undefined && !isAfter(segment.seq, this.ackedBeyond);
    const beginsAnew = (segment.flags & SYN) !== 0; // another numbering, nothing was skipped
    if (ahead > 0 && !beginsAnew) {
      if (wasAcknowledged) this.missedBytes += ahead;
      else this.holes = this.holes.with(this.sndNxt, segment);
    }
    if (ahead < 0) this.holes.fill(segment.seq, segment.end);
    if (ahead >= 0 && this.hasTimestamps && isOfOtherClock(segment, this.lastTsval))
      this.strangers = (this.strangers ?? new Strangers()).with(segment);
    if (isAfter(segment.end, this.sndNxt)) this.sndNxt = segment.end;
  }

  /** RCV.NXT and the window. That of a SYN is never scaled (RFC 7323 section 2.2). */
  private receive(segment: Segment): void {
    const scale = segment.flags & SYN ? 0 : this.scaleInUse;
    const window = segment.window << Math.max(scale, 0);
    if (window === 0 && !(segment.flags & SYN)) this.closedWindow ??= new ClosedWindow();
    this.closedWindow?.note(window, segment.time);
    this.windowIsUnchanged = window === this.window;
    this.window = window;
    if (window > this.largestWindow && !(segment.flags & SYN)) this.largestWindow = window;
    const edge = (segment.ack + window) | 0;
    const isOld = this.hasRcvNxt && isBefore(segment.ack, this.rcvNxt);
    if (!isOld && this.allows(segment, edge, window)) {
      this.windowEdge = edge;
      this.windowSeq = segment.seq;
    }
    if (!isOld) this.rcvNxt = segment.ack;
    this.hasRcvNxt = true;
    if (segment.hasTimestamps) this.advertised?.add(segment.tsval, this.rcvNxt, this.windowEdge);
  }

  /** Whether its peer goes by this window from now on (RFC 9293 section 3.10.7.4, tcp_may_update_window). */
  private allows({ seq, ack }: Segment, edge: Seq, window: number): boolean {
    if (!this.hasRcvNxt || isAfter(ack, this.rcvNxt) || isAfter(seq, this.windowSeq)) return true;
    return seq === this.windowSeq && (window === 0 || isAfter(edge, this.windowEdge));
  }

  private offer(segment: Segment): void {
    if (this.hasSyn && segment.seq !== this.iss) this.synRepeats = NEVER; // a new request
    if (this.synRepeats.count === 0) this.firstSynTsval = segment.tsval;
    this.hasSyn = true;
    this.syns++;
    this.iss = segment.seq;
    this.synRepeats = repeated(this.synRepeats, segment.time);
    this.hasOffer = !segment.optionsCut;
    this.mss = segment.mss;
    this.windowScale = segment.windowScale;
    this.sackPermitted = segment.sackPermitted;
    this.timestamps = segment.hasTimestamps;
    this.synFlags = segment.flags;
    this.synTtl = segment.ttl;
    this.synWindow = segment.window;
    this.synIpId = segment.ipId;
    this.synOptionKinds = segment.optionKinds;
  }

  isSource(s: Segment): boolean {
    if (this.port !== s.sourcePort || this.address3 !== s.source3) return false;
    return this.address2 === s.source2 && this.address1 === s.source1 && this.address0 === s.source0;
  }

  isDestination(s: Segment): boolean {
    if (this.port !== s.destinationPort || this.address3 !== s.destination3) return false;
    return this.address2 === s.destination2 && this.address1 === s.destination1 && this.address0 === s.destination0;
  }
}
