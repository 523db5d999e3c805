import { ACK, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { distance, isAfter, isBefore, type Seq } from '../decode/sequence.js';
import type { Advertised } from './advertised.js';
import { ClosedWindow } from './closed-window.js';
import type { Congestion } from './congestion.js';
import { EndpointNumbers } from './endpoint/numbers.js';
import { listed, NOTHING } from './listed.js';
import { Pace } from './pace.js';
import { RoundTrips } from './rtt.js';
import type { Moment, Side } from './timeline.js';
import { NEVER, repeated } from './timers.js';
import { Holes } from './verdict/holes.js';
import { LossState } from './verdict/loss.js';
import { Ranges } from './verdict/ranges.js';
import { Resends } from './verdict/resend.js';
import { isOfOtherClock, Strangers } from './verdict/strangers.js';
import type { Transmissions } from './verdict/transmissions.js';
import { SPURIOUS } from './verdict.js';
import { WiresharkDirection } from './wireshark/direction.js';

/** A sequence number farther off than this belongs to another connection. */
const FARTHEST = 1 << 28;
const MOST_LISTED = 16;

/** One end of a flow, as a bystander knows it. */
export class Endpoint extends EndpointNumbers {
  /** What Wireshark knows of the segments it sends. */
  readonly wireshark: WiresharkDirection = new WiresharkDirection();
  /** How long its peer takes to answer, seen from the point of capture. */
  readonly roundTrips: RoundTrips = new RoundTrips();
  /** How it sends its data; undefined before its first payload. */
  pace: Pace | undefined = undefined;
  /** Of segments whose TCP checksum was wrong. */
  badChecksumFrames: readonly number[] = NOTHING;
  /** Undefined without a sign of congestion. */
  congestion: Congestion | undefined = undefined;
  /** Frames of the resets that it got and did not accept. */
  refusedResets: readonly number[] = NOTHING;
  /** Sequence numbers below `sndNxt` that were never captured. */
  holes: Holes = Holes.NONE;
  /** An acknowledgment of its peer that lies beyond everything captured; undefined when there was none. */
  ackedBeyond: Seq | undefined = undefined;
  /** What its peer has reported as received beyond `sndUna`. */
  sacked: Ranges = Ranges.NONE;
  loss: LossState = LossState.NONE;
  resends: Resends = Resends.NONE;
  /** Undefined until one shows up. */
  strangers: Strangers | undefined = undefined;
  /** Undefined until it has closed its window for the first time. */
  closedWindow: ClosedWindow | undefined = undefined;
  /** What it advertised when, kept from its peer's first payload on. */
  advertised: Advertised | undefined = undefined;

  constructor(
    side: Side,
    readonly transmissions: Transmissions,
  ) {
    super();
    this.side = side;
  }

  /** The flow is over, and somebody keeps it: nothing of it lies in what all flows share any more. */
  settle(): void {
    this.transmissions.settle();
    this.forget();
  }

  /** The flow is over, and nobody reads it any more unless it has settled. */
  release(): void {
    this.transmissions.release();
    this.forget();
  }

  /** What only the next segment would have been asked against. */
  private forget(): void {
    this.advertised?.clear();
    this.advertised = undefined;
  }

  /** It is the one that sent the segment. */
  beSource({ family, source0, source1, source2, source3, sourcePort }: Segment): this {
    this.family = family;
    this.address0 = source0;
    this.address1 = source1;
    this.address2 = source2;
    this.address3 = source3;
    this.port = sourcePort;
    return this;
  }

  /** It is the one that the segment was sent to. */
  beDestination({ family, destination0, destination1, destination2, destination3, destinationPort }: Segment): this {
    this.family = family;
    this.address0 = destination0;
    this.address1 = destination1;
    this.address2 = destination2;
    this.address3 = destination3;
    this.port = destinationPort;
    return this;
  }

  /** It begins to send data, if it had not before. */
  begunPace(): Pace {
    this.pace ??= new Pace();
    return this.pace;
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
    this.resends.add(segment, moment);
    if (!this.hasResent || isAfter(segment.end, this.resentUpTo)) this.resentUpTo = segment.end;
    this.hasResent = true;
    if (moment.verdict & SPURIOUS) this.resentAfterAck++;
  }

  /** It has sent a FIN. */
  finish(segment: Segment, finSeq: Seq): void {
    if (!this.hasFin) {
      this.finFrame = segment.frame;
      this.firstFinTsval = segment.tsval;
      this.finAck = segment.ack;
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
    else {
      this.badChecksums++;
      this.badChecksumFrames = listed(this.badChecksumFrames, segment.frame, MOST_LISTED);
    }
  }

  private begin(segment: Segment): void {
    this.firstTime = segment.time;
    this.beganWithSyn = (segment.flags & SYN) !== 0;
    this.sndNxt = this.sndUna = segment.seq;
    this.ttl = segment.ttl;
    this.direction = segment.direction;
  }

  /** SND.NXT, and the holes below it. */
  private moveNext(segment: Segment): void {
    const ahead = distance(segment.seq, this.sndNxt);
    if (ahead > FARTHEST || ahead < -FARTHEST) return;
    if (ahead > 0) this.skip(segment, ahead);
    if (ahead < 0) this.holes.fill(segment.seq, segment.end);
    if (ahead >= 0 && this.hasTimestamps && isOfOtherClock(segment, this.lastTsval))
      this.strangers = (this.strangers ?? new Strangers()).with(segment);
    if (isAfter(segment.end, this.sndNxt)) this.sndNxt = segment.end;
  }

  /** The segment begins so many bytes beyond what was captured. */
  private skip(segment: Segment, ahead: number): void {
    if (segment.flags & SYN) return; // another numbering, nothing was skipped
    const wasAcknowledged = this.ackedBeyond !== undefined && !isAfter(segment.seq, this.ackedBeyond);
    if (wasAcknowledged) this.missedBytes += ahead;
    else this.holes = this.holes.with(this.sndNxt, segment);
  }

  /** RCV.NXT and the window. That of a SYN is never scaled (RFC 7323 section 2.2); that of a reset nobody can use. */
  private receive(segment: Segment): void {
    if (segment.flags & RST) {
      if (!this.hasRcvNxt || isAfter(segment.ack, this.rcvNxt)) this.rcvNxt = segment.ack;
      this.hasRcvNxt = true;
      return;
    }
    const isSyn = (segment.flags & SYN) !== 0;
    const window = isSyn ? segment.window : segment.window << Math.max(this.scaleInUse, 0);
    if (window === 0 && !isSyn) this.closedWindow ??= new ClosedWindow();
    this.closedWindow?.note(window, segment.time);
    this.windowIsUnchanged = window === this.window;
    this.window = window;
    if (window > this.largestWindow && !isSyn) this.largestWindow = window;
    const edge = (segment.ack + window) | 0;
    const isOld = this.hasRcvNxt && isBefore(segment.ack, this.rcvNxt);
    if (!isOld) {
      if (this.allows(segment, edge, window)) {
        this.windowEdge = edge;
        this.windowSeq = segment.seq;
      }
      this.rcvNxt = segment.ack;
    }
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
    this.synAck = segment.ack;
    this.synTtl = segment.ttl;
    this.synWindow = segment.window;
    this.synOptionKinds = segment.optionKinds;
  }

  isSource(s: Segment): boolean {
    if (this.port !== s.sourcePort || this.address3 !== s.source3) return false;
    return this.address2 === s.source2 && this.address1 === s.source1 && this.address0 === s.source0;
  }
}
