import { ACK, FIN, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import { distance, isBefore, type Seq } from '../decode/sequence.js';
import type { Advertised } from './advertised.js';
import type { Endpoint } from './endpoint.js';
import { listed, longest, NOTHING } from './listed.js';
import { NONE } from './memory/slab.js';
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
  /** Its acknowledgment let more go: the sender had been held, and had not run out of data. */
  wasHeld: boolean;
}

/** An acknowledgment of everything that came as late as if it had been held back; nanoseconds. */
interface DelayedAck {
  readonly time: number;
  readonly waited: number;
}

/** A sender that had data waiting sends it at once. */
const AT_ONCE = 3 * MILLISECOND;
/** What a person notices. */
const SLOW_ANSWER = 200 * MILLISECOND;
/** The smallest retransmission timeout: after so long without sending, the congestion window is not trusted any more. */
const IDLE = SHORTEST_TIMEOUT;
/** Half of what goes for a round trip and more while none was measured (RFC 6298 section 2). */
const UNKNOWN = 500 * MILLISECOND;
const MOST_LISTED = 16;

/** How one end sends its data, and what it waits for. Kept from its first payload on. */
export class Pace extends PaceNumbers {
  /** Stalls until a delayed ACK let the next small segment go (RFC 896 meets RFC 1122 section 4.2.3.2), and their sum. */
  nagleStalls: readonly Wait[] = NOTHING;
  /** The longest waits for this end's answer to what its peer had sent. */
  slowAnswers: readonly Wait[] = NOTHING;
  restarts: readonly Restart[] = NOTHING;
  pauseFrames: readonly number[] = NOTHING;
  private delayedAck: DelayedAck | undefined = undefined;

  /**
   * This end sends a segment with payload. Asked before its record moves on. What it knew of the receiver: near the sender that is what was
   * captured last; near the receiver more has been captured by then, and the echoed timestamp tells how much of it had reached the sender.
   */
  sends(segment: Segment, sender: Endpoint, receiver: Endpoint, advertised: Advertised): void {
    const { time, frame, length, end } = segment;
    if (length > this.largest) this.largest = length;
    const isEcho = segment.hasTimestamps && sender.roundTrips.shortest < receiver.roundTrips.shortest;
    const echoed = isEcho ? advertised.lastKnownBy(segment.tsecr) : NONE;
    const isKnown = isEcho ? echoed !== NONE : sender.isAcknowledged && receiver.hasRcvNxt;
    const acknowledged = echoed === NONE ? sender.sndUna : advertised.ackOf(echoed);
    const edge = echoed === NONE ? receiver.windowEdge : advertised.edgeOf(echoed);
    const under = isKnown ? distance(end, acknowledged) : length;
    const idle = time - sender.lastDataTime;
    this.noteFlight(under, acknowledged, idle);
    const room = isKnown ? distance(edge, end) : this.largest;
    if (receiver.scaleInUse >= 0 && room < this.largest && room >= 0) this.windowLimited++;
    if (this.delayedAck !== undefined) this.endNagleStall(segment, this.delayedAck, sender, receiver);
    const roundTrip = roundTripOf(sender, receiver);
    const isPause = idle > AT_ONCE + roundTrip * 2 && sender.lastDataFrame > 0 && under === length;
    if (isPause && isKnown) this.notePause(idle, frame);
    if (isPause && idle > IDLE + roundTrip * 2) this.restart(idle, frame, under, acknowledged);
    if (this.restarts.length > 0) this.noteBurst(under, acknowledged, !isPause && receiver.lastDataFrame < sender.lastDataFrame);
    if (under > this.flightSincePause) this.flightSincePause = under;
  }

  /** The peer sends a segment. Asked before this end's record moves on. */
  hears(segment: Segment, sender: Endpoint, peer: Endpoint): void {
    this.delayedAck = undefined;
    const waited = segment.time - sender.lastDataTime;
    if (segment.length > 0 || !isDelayedAck(waited, sender.roundTrips.shortest)) return;
    const isPureAck = (segment.flags & (SYN | FIN | RST | ACK)) === ACK;
    const acksAll = segment.ack === sender.sndNxt && distance(segment.ack, sender.sndUna) > 0;
    const wasSmall = distance(sender.sndNxt, sender.sndUna) < segmentSize(peer);
    if (isPureAck && acksAll && wasSmall) this.delayedAck = { time: segment.time, waited };
  }

  private noteFlight(under: number, acknowledged: Seq, idle: number): void {
    if (under > this.flight + this.largest) this.atCeiling = 0;
    if (under > this.flight) this.flight = under;
    if (under + this.largest > this.flight) this.atCeiling++;
    if (this.flights <= 2) this.noteFirstFlights(under, acknowledged, idle);
  }

  private noteFirstFlights(under: number, acknowledged: Seq, idle: number): void {
    if (this.flights === 0 || acknowledged !== this.flightUna) {
      this.flights++;
      this.flightUna = acknowledged;
      if (this.flights === 2) this.secondFlightAfter = idle;
    }
    if (this.flights === 1) this.firstFlight = Math.max(this.firstFlight, under);
    else if (this.flights === 2) this.secondFlight = Math.max(this.secondFlight, under);
  }

  private endNagleStall(segment: Segment, ack: DelayedAck, sender: Endpoint, receiver: Endpoint): void {
    this.delayedAck = undefined;
    if (segment.time - ack.time > AT_ONCE + receiver.roundTrips.shortest) return;
    this.nagleStallCount++;
    this.nagleStallTime += ack.waited;
    this.nagleStalls = listed(this.nagleStalls, { from: sender.lastDataFrame, to: segment.frame, span: ack.waited }, MOST_LISTED);
  }

  /** Of more than two round trips, with everything acknowledged. */
  private notePause(idle: number, frame: number): void {
    this.pauses++;
    if (idle > this.longestPause) this.longestPause = idle;
    this.pauseFrames = listed(this.pauseFrames, frame, MOST_LISTED);
  }

  private restart(idle: number, frame: number, after: number, acknowledged: Seq): void {
    this.restarts = listed(this.restarts, { frame, idle, before: this.flightSincePause, after, wasHeld: false }, MOST_LISTED);
    this.flightSincePause = 0;
    this.restartUna = acknowledged;
    this.isBurst = this.restarts.at(-1)?.frame === frame;
  }

  /** Of the burst after the last pause, and the first segment that follows it. */
  private noteBurst(under: number, acknowledged: Seq, goesOn: boolean): void {
    if (!this.isBurst) return;
    const restart = this.restarts.at(-1) as Restart;
    if (acknowledged === this.restartUna) {
      restart.after = under;
      return;
    }
    this.isBurst = false;
    restart.wasHeld = goesOn;
  }

  /** This end answers what its peer sent last, unless that has never arrived: then it does not acknowledge it. */
  answersAfter({ lastDataFrame, lastDataTime, roundTrips, sndNxt }: Endpoint, segment: Segment): void {
    const span = segment.time - lastDataTime - roundTrips.shortest;
    this.answers++;
    if (span < SLOW_ANSWER || isBefore(segment.ack, sndNxt)) return;
    this.slowAnswerCount++;
    this.slowAnswers = longest(this.slowAnswers, { from: lastDataFrame, to: segment.frame, span }, MOST_LISTED);
  }
}

/** The whole way, also from afar; long when one end has not been heard to answer the other. */
function roundTripOf(sender: Endpoint, receiver: Endpoint): number {
  const { smoothed } = sender.roundTrips;
  return receiver.roundTrips.count > 0 ? smoothed + receiver.roundTrips.shortest : Math.max(smoothed, UNKNOWN);
}

/** Payload of a full segment to this end: what it asked for, less room for timestamps. */
function segmentSize(receiver: Endpoint): number {
  return receiver.mss > 0 ? receiver.mss - 12 : 536;
}
