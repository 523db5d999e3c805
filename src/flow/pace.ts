import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { distance, type Seq } from '../decode/sequence.js';
import type { Endpoint } from './endpoint.js';
import { listed, longest, NOTHING } from './listed.js';
import { PaceNumbers } from './pace/numbers.js';
import { isDelayedAck } from './timers/waits.js';
import { MILLISECOND, SHORTEST_TIMEOUT } from './timers.js';

/** A wait of one end for the other. Frames and nanoseconds. */
export interface Wait {
  readonly from: number;
  readonly to: number;
  readonly span: number;
}

/** A pause of the sender, and what it sent before and after it at one go. */
export interface Restart {
  readonly frame: number;
  readonly idle: number;
  /** Bytes in flight at most before the pause. */
  readonly before: number;
  /** Bytes sent after it before anything of it was acknowledged. */
  after: number;
}

/** A sender that had data waiting sends it at once. */
const AT_ONCE = 3 * MILLISECOND;
/** What a person notices. */
const SLOW_ANSWER = 200 * MILLISECOND;
/** The smallest retransmission timeout: after so long without sending, the congestion window is not trusted any more. */
const IDLE = SHORTEST_TIMEOUT;
const MOST_LISTED = 16;

/** How one end sends its data, and what it waits for. Kept from its first payload on. */
export class Pace extends PaceNumbers {
  /** Stalls until a delayed ACK let the next small segment go (RFC 896 meets RFC 1122 section 4.2.3.2), and their sum. */
  nagleStalls: readonly Wait[] = NOTHING;
  /** The longest waits for this end's answer to what its peer had sent. */
  slowAnswers: readonly Wait[] = NOTHING;
  restarts: readonly Restart[] = NOTHING;
  pauseFrames: readonly number[] = NOTHING;
  private delayedAck: { frame: number; time: number; waited: number } | undefined;

  /** This end sends a segment with payload. Asked before its record moves on. */
  sends(segment: Segment, sender: Endpoint, receiver: Endpoint): void {
    const { time, frame, length, end } = segment;
    if (length > this.largest) this.largest = length;
    const known = knownTo(segment, sender, receiver);
    const under = known === undefined ? length : distance(end, known.ack);
    this.noteFlight(under, known?.ack ?? sender.sndUna, time);
    const room = known === undefined ? this.largest : distance(known.edge, end);
    if (receiver.scaleInUse >= 0 && room < this.largest && room >= 0) this.windowLimited++;
    this.endNagleStall(segment, receiver);
    this.noteRestart(segment, sender, receiver, under, known?.ack);
    this.lastDataTime = time;
    this.lastDataFrame = frame;
  }

  /** The peer sends a segment. Asked before this end's record moves on. */
  hears(segment: Segment, sender: Endpoint, peer: Endpoint): void {
    const isPureAck = segment.length === 0 && (segment.flags & (SYN | FIN | RST | ACK)) === ACK;
    const acksAll = segment.ack === sender.sndNxt && distance(segment.ack, sender.sndUna) > 0;
    const waited = segment.time - this.lastDataTime;
    const isDelayed = isDelayedAck(waited, sender.roundTrips.shortest);
    const wasSmall = distance(sender.sndNxt, sender.sndUna) < segmentSize(peer);
    this.delayedAck = isPureAck && acksAll && isDelayed && wasSmall ? { frame: segment.frame, time: segment.time, waited } : undefined;
  }

  private noteFlight(under: number, acknowledged: Seq, time: number): void {
    if (under > this.flight + this.largest) this.atCeiling = 0;
    if (under > this.flight) this.flight = under;
    if (under + this.largest > this.flight) this.atCeiling++;
    if (this.flights > 2) return;
    if (this.flights === 0 || acknowledged !== this.flightUna) {
      this.flights++;
      this.flightUna = acknowledged;
      if (this.flights === 2) this.secondFlightAfter = time - this.lastDataTime;
    }
    if (this.flights === 1) this.firstFlight = Math.max(this.firstFlight, under);
    else if (this.flights === 2) this.secondFlight = Math.max(this.secondFlight, under);
  }

  private endNagleStall(segment: Segment, receiver: Endpoint): void {
    const ack = this.delayedAck;
    this.delayedAck = undefined;
    if (ack === undefined || segment.time - ack.time > AT_ONCE + receiver.roundTrips.shortest) return;
    this.nagleStallCount++;
    this.nagleStallTime += ack.waited;
    this.nagleStalls = listed(this.nagleStalls, { from: this.lastDataFrame, to: segment.frame, span: ack.waited }, MOST_LISTED);
  }

  private noteRestart(segment: Segment, sender: Endpoint, receiver: Endpoint, under: number, acknowledged: Seq | undefined): void {
    const roundTrip = sender.roundTrips.smoothed + receiver.roundTrips.shortest;
    const idle = segment.time - this.lastDataTime;
    const isRestart = this.lastDataFrame > 0 && under === segment.length && idle > IDLE + roundTrip * 2;
    const isPause = this.lastDataFrame > 0 && acknowledged !== undefined && under === segment.length && idle > AT_ONCE + roundTrip * 2;
    if (isPause) this.pauses++;
    if (isPause && idle > this.longestPause) this.longestPause = idle;
    if (isPause) this.pauseFrames = listed(this.pauseFrames, segment.frame, MOST_LISTED);
    if (isRestart) {
      this.restarts = listed(this.restarts, { frame: segment.frame, idle, before: this.flightSincePause, after: under }, MOST_LISTED);
      this.flightSincePause = 0;
      this.restartUna = acknowledged ?? sender.sndUna;
    }
    const restart = this.restarts.at(-1);
    if (restart !== undefined && (acknowledged ?? sender.sndUna) === this.restartUna) restart.after = under;
    if (under > this.flightSincePause) this.flightSincePause = under;
  }

  /** This end answers what its peer sent last; `asked` is when and in which frame. */
  answersAfter(askedFrame: number, askedTime: number, segment: Segment, roundTrip: number): void {
    const span = segment.time - askedTime - roundTrip;
    this.answers++;
    if (span < SLOW_ANSWER) return;
    this.slowAnswerCount++;
    this.slowAnswers = longest(this.slowAnswers, { from: askedFrame, to: segment.frame, span }, MOST_LISTED);
  }
}

/** Payload of a full segment to this end: what it asked for, less room for timestamps. */
function segmentSize(receiver: Endpoint): number {
  return receiver.mss > 0 ? receiver.mss - 12 : 536;
}

/**
 * What the sender knew of the receiver when it sent the segment. Near the sender that is what was captured last; near the
 * receiver more has been captured by then, and the echoed timestamp tells how much of it had reached the sender.
 */
function knownTo(segment: Segment, sender: Endpoint, receiver: Endpoint): { ack: Seq; edge: Seq } | undefined {
  const isNearReceiver = sender.roundTrips.shortest < receiver.roundTrips.shortest;
  if (isNearReceiver && segment.hasTimestamps) return receiver.advertised?.knownBy(segment.tsecr);
  return sender.isAcknowledged && receiver.hasRcvNxt ? { ack: sender.sndUna, edge: receiver.windowEdge } : undefined;
}
