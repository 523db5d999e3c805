import { ACK, SYN } from '../decode/flags.js';
import { TIME_EXCEEDED, UNREACHABLE, UNREACHABLE6 } from '../decode/icmp.js';
import type { Segment } from '../decode/segment.js';
import { Endpoint } from './endpoint.js';
import { listed, longest, NOTHING } from './listed.js';
import { keepPace } from './pace/keep.js';
import { type Seen, WIRESHARK } from './seen.js';
import type { Shared } from './shared.js';
import { inferStates, leavesStates } from './state/infer.js';
import { type Basis, CLOSED, type State, SYN_SENT, TIME_WAIT, UNKNOWN } from './state.js';
import { note } from './timeline/note.js';
import { Timeline } from './timeline.js';
import { acknowledge, arriveLate } from './verdict/acknowledge.js';
import { judge } from './verdict/judge.js';
import { Transmissions } from './verdict/transmissions.js';
import { CAPTURE_DUPLICATE, NETWORK_DUPLICATE, NONE, REORDERED, type Verdict, WINDOW_PROBE } from './verdict.js';
import { learnFlags, learnOptions } from './wireshark/learn.js';
import { moveOn, WiresharkConversation } from './wireshark.js';

/** Why one endpoint is taken for the client. */
export type RoleReason = 'it sent the SYN' | 'it was sent the SYN-ACK' | 'its port number is the higher one';

/** A time in which a flow was silent. */
export interface Pause {
  /** The segment that ended it. */
  readonly frame: number;
  readonly time: number;
  readonly span: number;
}

/** Nanoseconds. */
const PAUSE = 1e9;
const MOST_PAUSES = 16;
const MOST_LISTED = 16;
/** Each copy of data is reported, of acknowledgments none; what is reported so rarely came twice for another reason. */
const RARELY = 8;
/** A share of packets that come twice. */
const NEARLY_ALL = 0.8;
const NONE_DOUBLED = [0, 0] as const;

/** One conversation between two endpoints, numbered like Wireshark's `tcp.stream`. */
export class Flow {
  readonly wireshark: WiresharkConversation = new WiresharkConversation();
  readonly timeline: Timeline;
  /** The endpoint that sent the first segment, and its peer. */
  readonly first: Endpoint;
  readonly second: Endpoint;
  client: Endpoint;
  roleReason: RoleReason;
  /** Time and number of the first and the last segment. */
  readonly firstTime: number;
  lastTime: number;
  readonly firstFrame: number;
  lastFrame: number;
  /** The longest pauses, each before a segment that was not sent for the second time. */
  pauses: readonly Pause[] = NOTHING;
  /** The SYN that began it was not its sender's own: all that follows belongs to the previous connection. */
  isDisowned = false;
  /** Copies of packets of either side that could be the network's doing. */
  private doubled: readonly [there: number, back: number] = NONE_DOUBLED;
  /** Up to then it was followed, where others needed its room; nanoseconds. */
  givenUpAt: number = Number.POSITIVE_INFINITY;
  /** Another connection has begun between the same ports, and may look back when this one is over. */
  isFollowed = false;
  /** It is to be told of: one of its segments passes the reader's filter. */
  isWanted = false;
  /** The capture cut packets of it before their TCP options end. */
  hasCutOptions = false;
  /** Copies that the capture made; they count nowhere else. */
  captureCopies = 0;
  /** Of these, such that Wireshark flags. */
  flaggedCopies = 0;
  /** One of them goes the other way, and has lost a hop: it came in and went out again. */
  isRouted = false;
  /** The first of them. */
  captureCopyFrames: readonly number[] = NOTHING;

  constructor(
    readonly stream: number,
    readonly hash: number,
    segment: Segment,
    /** The connection between the same two ports that this one follows. */
    public previous: Flow | undefined,
    readonly shared: Shared,
  ) {
    this.timeline = new Timeline(shared.timelines);
    this.first = new Endpoint(0, new Transmissions(shared.transmissions)).beSource(segment);
    this.second = new Endpoint(1, new Transmissions(shared.transmissions)).beDestination(segment);
    this.firstTime = this.lastTime = segment.time;
    this.firstFrame = this.lastFrame = segment.frame;
    const isAnswer = (segment.flags & (SYN | ACK)) === (SYN | ACK);
    const isSyn = (segment.flags & (SYN | ACK)) === SYN;
    const isHigher = segment.sourcePort >= segment.destinationPort;
    this.client = isSyn || (!isAnswer && isHigher) ? this.first : this.second;
    this.roleReason = isSyn ? 'it sent the SYN' : isAnswer ? 'it was sent the SYN-ACK' : 'its port number is the higher one';
  }

  get server(): Endpoint {
    return this.peer(this.client);
  }

  /** The same flow, for the one that follows it, with no look further back. */
  get asPrevious(): Flow {
    return Object.assign(Object.create(Flow.prototype) as Flow, this, { previous: undefined });
  }

  /** Both ends have come to an end, or never were more than an attempt. */
  get isOver(): boolean {
    return isAtEnd(this.first) && isAtEnd(this.second);
  }

  /** It is over, and somebody keeps it: it no longer lies in what all flows share. */
  settle(): void {
    this.previous?.settle();
    this.timeline.settle();
    this.first.settle();
    this.second.settle();
  }

  /** It is over, and nobody reads it any more unless it has settled. */
  release(): void {
    this.timeline.release();
    this.first.release();
    this.second.release();
  }

  /** A SYN was captured: one that repeats what its sender asked for undoes what a reset may have moved. */
  ask(segment: Segment): void {
    const forward = this.sender(segment).wireshark;
    if (forward.hasBaseSeq && forward.baseSeq === segment.seq) forward.nextSeq = forward.maxSeqToBeAcked;
  }

  sender(segment: Segment): Endpoint {
    return this.first.isSource(segment) ? this.first : this.second;
  }

  peer(endpoint: Endpoint): Endpoint {
    return endpoint === this.first ? this.second : this.first;
  }

  /** The endpoint with the same address and port as one of another flow between the same two. */
  twinOf({ port, address0, address1, address2, address3 }: Endpoint): Endpoint {
    const { first } = this;
    const isFirst =
      first.port === port && first.address3 === address3 && first.address2 === address2 && first.address1 === address1 && first.address0 === address0;
    return isFirst ? first : this.second;
  }

  /** An endpoint enters a state, not before it entered the one that it leaves. */
  enter(endpoint: Endpoint, to: State, at: number, frame: number, basis: Basis, isAssumed: boolean): void {
    this.timeline.states.enter({ side: endpoint.side, at, frame, from: endpoint.state, to, basis, isAssumed });
    endpoint.state = to;
    endpoint.stateTime = at;
    endpoint.stateFrame = frame;
  }

  /** What was assumed of an endpoint until `until` is wrong: it does not behave so. `only`: no more than its last state, if that is it. */
  retract(endpoint: Endpoint, until: number, only?: State): void {
    const first = this.timeline.states.retract(endpoint.side, until, only);
    if (first === undefined) return;
    endpoint.state = first.from;
    endpoint.stateTime = first.at;
    endpoint.stateFrame = first.frame;
  }

  /** Half the shortest time that an endpoint takes to answer: how far it is from the point of capture. Nanoseconds. */
  delayTo(endpoint: Endpoint): number {
    return this.peer(endpoint).roundTrips.shortest / 2;
  }

  /** What is known moves on with a segment; `seen` is what Wireshark's questions found. Returns our own verdict. */
  advance(segment: Segment, seen: Seen, sender: Endpoint, receiver: Endpoint): Verdict {
    this.shared.wireshark.figures.begin(this.wireshark);
    moveOn(segment, seen, this.shared.wireshark, this.wireshark, sender.wireshark, receiver.wireshark);
    if (segment.mptcp !== 0) this.wireshark.mptcp = this.shared.mptcp.of(segment, this.wireshark.mptcp);
    learnFlags(segment, segment.length, this.wireshark, sender.wireshark);
    learnOptions(segment, sender.wireshark, receiver.wireshark);
    const paused = segment.time - this.lastTime;
    this.lastTime = segment.time;
    this.lastFrame = segment.frame;
    if (segment.malformed) return NONE;
    const verdict = judge(segment, sender, receiver, this.shared.judgement);
    if (verdict === CAPTURE_DUPLICATE) {
      this.isRouted ||= segment.direction !== sender.direction && segment.ttl < sender.ttl;
      this.leaveOut(segment.frame, seen);
      return verdict;
    }
    if (verdict === NETWORK_DUPLICATE) return this.double(segment, seen, sender, receiver);
    keepPace(this, segment, sender, receiver);
    if (paused > PAUSE && verdict === NONE) this.pause(segment, paused);
    acknowledge(segment, receiver, sender, this.shared.corrected);
    if (verdict === REORDERED && sender.hasResent) arriveLate(segment, sender, this.shared.corrected);
    const asksForAnswer = segment.seq !== segment.end || verdict !== NONE;
    if (asksForAnswer) sender.unanswered++;
    receiver.unanswered = 0;
    if (verdict === WINDOW_PROBE) sender.probe(segment);
    if (seen !== 0 || verdict !== NONE || !isRoutine(segment, sender, receiver)) {
      inferStates(this, segment, sender, receiver);
      note(this, segment, seen, verdict, sender);
    }
    sender.send(segment);
    if (segment.flags & SYN) this.agreeOnScale();
    return verdict;
  }

  /**
   * The network has doubled a packet: its receiver got it twice, but its sender sent it once. When it happens to nearly every packet of
   * both directions, and hardly any is reported by its receiver, the capture does it: a mirror port that copies what enters and what leaves a switch.
   */
  private double(segment: Segment, seen: Seen, sender: Endpoint, receiver: Endpoint): Verdict {
    const { first, second } = this;
    const there = this.doubled[0] + (sender === first ? 1 : 0);
    const back = this.doubled[1] + (sender === second ? 1 : 0);
    this.doubled = [there, back];
    const isReported = (first.arrivedTwice + second.arrivedTwice) * RARELY > there + back;
    if (Math.min(there, back) > 1 && there + back > (first.segments + second.segments) * NEARLY_ALL && !isReported) {
      for (const moment of this.timeline.segments.forget(NETWORK_DUPLICATE)) {
        this.leaveOut(moment.frame, moment.seen);
        this.shared.corrected(moment.frame, CAPTURE_DUPLICATE);
      }
      this.leaveOut(segment.frame, seen);
      return CAPTURE_DUPLICATE;
    }
    acknowledge(segment, receiver, sender, this.shared.corrected);
    note(this, segment, seen, NETWORK_DUPLICATE, sender);
    return NETWORK_DUPLICATE;
  }

  /** A copy that the capture made is counted, and tells nothing else. */
  private leaveOut(frame: number, seen: Seen): void {
    if (seen & WIRESHARK) this.flaggedCopies++;
    this.captureCopies++;
    this.captureCopyFrames = listed(this.captureCopyFrames, frame, MOST_LISTED);
  }

  /** A segment whose header claims to be longer than its packet: Wireshark learns from its flags, nobody from the rest. */
  pass(segment: Segment, sender: Endpoint): void {
    this.shared.wireshark.figures.begin(this.wireshark);
    learnFlags(segment, segment.length, this.wireshark, sender.wireshark);
  }

  private pause(segment: Segment, span: number): void {
    this.pauses = longest(this.pauses, { frame: segment.frame, time: segment.time, span }, MOST_PAUSES);
  }

  /** An ICMP error quotes a segment of this flow: evidence that changes no state. */
  quote(segment: Segment): void {
    const { frame, time, family, icmpType: type, icmpCode: code, icmpMtu: mtu, seq } = segment;
    const sender = this.sender(segment);
    const isAboutSyn =
      sender.state === SYN_SENT && seq === sender.iss && (family === 4 ? type === UNREACHABLE || type === TIME_EXCEEDED : type === UNREACHABLE6);
    if (isAboutSyn && mtu === 0) this.enter(sender, CLOSED, time + this.delayTo(sender), frame, 'inferred', true); // connect() fails at once (tcp_v4_err)
    this.timeline.quote({ side: sender.side, frame, time, family, type, code, mtu, seq, source: Array.from(segment.icmpSource) });
  }

  /** Windows are scaled when both SYNs offer it (RFC 7323 section 2.2). Of one whose options were cut nobody knows. */
  private agreeOnScale(): void {
    const { first, second } = this;
    if (!first.hasSyn || !second.hasSyn) return;
    const isScaled = first.windowScale >= 0 && second.windowScale >= 0;
    if (!isScaled && !isUnscaled(first) && !isUnscaled(second)) return;
    first.scaleInUse = isScaled ? first.windowScale : 0;
    second.scaleInUse = isScaled ? second.windowScale : 0;
  }
}

function isUnscaled({ hasOffer, windowScale }: Endpoint): boolean {
  return hasOffer && windowScale < 0;
}

/** The transfer goes on, as most segments say: they change no state, and are not worth remembering. */
function isRoutine(segment: Segment, sender: Endpoint, receiver: Endpoint): boolean {
  return sender.segments > 1 && (segment.length === 0 || sender.dataSegments > 0) && leavesStates(segment, sender, receiver);
}

function isAtEnd({ state }: Endpoint): boolean {
  return state === CLOSED || state === TIME_WAIT || state === UNKNOWN;
}
