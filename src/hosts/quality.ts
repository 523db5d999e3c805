import type { Frame } from '../capture/frame.js';
import { RST } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { ACK_LOST_SEGMENT, LOST_SEGMENT } from '../flow/seen.js';
import { NONE } from '../flow/verdict.js';
import { socketText } from './address.js';
import { hasSpoken, isMidstream, isOneSided } from './completeness.js';

/** So many conversations are listed of each kind; all are counted. */
const MOST = 1024;
/** Segments with a wrong checksum from which on it is no accident. */
const ENOUGH = 3;

/** Packets that the capture cut too short. */
export interface Cut {
  withoutOptions: number;
  withoutHeader: number;
  /** Bytes of the longest of them that were kept. */
  longest: number;
  readonly frames: number[];
}

/** So many frames that were cut are listed. */
const MOST_CUT = 16;

/** The conversations of which one thing is true: how many, and the first of them. */
export class Conversations {
  count = 0;
  readonly streams: number[] = [];
  /** Frames of each that show it. */
  readonly frames: number[] = [];

  add(stream: number, ...frames: readonly (number | undefined)[]): void {
    this.count++;
    if (this.streams.length === MOST) return;
    this.streams.push(stream);
    for (const frame of frames) if (frame !== undefined) this.frames.push(frame);
  }
}

/** A conversation that nothing had ended when its last segment was captured. */
interface Open {
  readonly stream: number;
  readonly lastFrame: number;
  /** Bytes were sent that nobody had acknowledged by then. */
  readonly hasDataUnderWay: boolean;
}

/** What the flows say about the capture itself: what it misses, holds twice, or shows otherwise than it was on the wire. */
export class Quality {
  /** All conversations. */
  flows = 0;
  /** Begun before the capture: no SYN of either end. */
  readonly midstream: Conversations = new Conversations();
  /** Only one direction captured, although the other end answered. */
  readonly oneSided: Conversations = new Conversations();
  /** Captured more than once; their packets in all, and the copies, which are not among these. */
  readonly twice: Conversations = new Conversations();
  copiedSegments = 0;
  copies = 0;
  /** With payloads above the MSS: segments before the network card cut them, or after it joined them. */
  readonly oversized: Conversations = new Conversations();
  /** The largest payload of these, and the MSS that it exceeds. */
  largest = 0;
  largestAllowed = 0;
  /** The checksums of an end are nearly all wrong, and its peer took the segments all the same: the network card was to fill them in. */
  readonly unsummed: Conversations = new Conversations();
  /** Of these, with the checksums of both ends wrong. */
  unsummedBothWays = 0;
  /** Bytes that were acknowledged but not captured, and the conversations that they are missing from. */
  missedBytes = 0;
  readonly missed: Conversations = new Conversations();
  /** Packets that the capturing host counted as dropped, where the file says so. */
  reportedDrops = 0;
  readonly cut: Cut = { withoutOptions: 0, withoutHeader: 0, longest: 0, frames: [] };
  /** Moments of long conversations that were forgotten. */
  forgotten = 0;
  private readonly openByPorts = new Map<string, Open>();

  learn(flow: Flow): void {
    const { stream, firstFrame } = flow;
    this.flows++;
    if (isMidstream(flow)) this.midstream.add(stream, firstFrame);
    if (isOneSided(flow)) this.oneSided.add(stream, firstFrame);
    this.learnMissed(flow);
    this.forgotten += flow.timeline.segments.forgotten;
    this.learnCopies(flow);
    this.learnSizes(flow);
    this.learnChecksums(flow);
    this.learnOpen(flow);
  }

  /** Conversations that were open and healthy when the capture ended, and how many of them had data under way. */
  openAtEnd(): { open: Conversations; withDataUnderWay: number } {
    const open = new Conversations();
    const all = [...this.openByPorts.values()].sort((a, b) => a.stream - b.stream);
    for (const { stream, lastFrame } of all) open.add(stream, lastFrame);
    return { open, withDataUnderWay: all.filter(({ hasDataUnderWay }) => hasDataUnderWay).length };
  }

  /** A frame that the capture cut before its TCP options, or even its TCP header, end. */
  learnCut({ number, capturedLength }: Frame, hasHeader: boolean): void {
    const { cut } = this;
    if (hasHeader) cut.withoutOptions++;
    else cut.withoutHeader++;
    cut.longest = Math.max(cut.longest, capturedLength);
    if (cut.frames.length < MOST_CUT) cut.frames.push(number);
  }

  private learnMissed({ first, second, stream, firstFrame, timeline }: Flow): void {
    const bytes = first.missedBytes + second.missedBytes;
    if (bytes === 0) return;
    this.missedBytes += bytes;
    const shown = timeline.moments.find(({ seen }) => seen & (ACK_LOST_SEGMENT | LOST_SEGMENT));
    this.missed.add(stream, shown?.frame ?? firstFrame);
  }

  private learnCopies({ first, second, captureCopies, captureCopyFrames, stream }: Flow): void {
    if (captureCopies === 0) return;
    this.twice.add(stream, ...captureCopyFrames);
    this.copies += captureCopies;
    this.copiedSegments += first.segments + second.segments;
  }

  private learnSizes(flow: Flow): void {
    const sender = endsOf(flow).find((end) => isOversized(end, flow.peer(end)));
    if (sender === undefined) return;
    const { mss } = flow.peer(sender);
    const shown = flow.timeline.moments.find(({ side, length }) => side === sender.side && length > mss);
    this.oversized.add(flow.stream, shown?.frame);
    const largest = sender.pace?.largest ?? 0;
    if (largest > this.largest) [this.largest, this.largestAllowed] = [largest, mss];
  }

  private learnChecksums(flow: Flow): void {
    const unsummed = endsOf(flow).filter(isUnsummed);
    if (unsummed.length === 0) return;
    this.unsummed.add(flow.stream, unsummed[0]?.badChecksumFrames[0]);
    if (unsummed.length === 2) this.unsummedBothWays++;
  }

  /** Of conversations that used the same ports one after another only the last can be open. */
  private learnOpen(flow: Flow): void {
    const ports = [socketText(flow.first), socketText(flow.second)].sort().join(' ');
    const known = this.openByPorts.get(ports);
    if (known !== undefined && known.stream > flow.stream) return;
    this.openByPorts.delete(ports);
    if (!isOpen(flow) || this.openByPorts.size === MOST) return;
    const hasDataUnderWay = endsOf(flow).some(({ sndUna, sndNxt, isAcknowledged }) => isAcknowledged && sndUna !== sndNxt);
    this.openByPorts.set(ports, { stream: flow.stream, lastFrame: flow.lastFrame, hasDataUnderWay });
  }
}

function endsOf({ first, second }: Flow): readonly [Endpoint, Endpoint] {
  return [first, second];
}

/** A payload that does not fit the MSS that its receiver asked for: no such segment was on the wire. */
function isOversized({ pace }: Endpoint, { mss }: Endpoint): boolean {
  return mss > 0 && pace !== undefined && pace.largest > mss;
}

/** Few are right: those of resets without a socket, which the kernel sums itself. */
function isUnsummed({ isAcknowledged, badChecksums, goodChecksums }: Endpoint): boolean {
  return isAcknowledged && badChecksums >= ENOUGH && badChecksums > goodChecksums * 10;
}

/** Both ends have spoken after the handshake, neither has ended it, and nothing waits in vain. */
function isOpen(flow: Flow): boolean {
  const { first, second, timeline } = flow;
  if (first.hasFin || second.hasFin || !hasSpoken(first) || !hasSpoken(second)) return false;
  if (first.window === 0 || second.window === 0) return false;
  return !timeline.moments.some(({ side, flags, verdict, lastTime }) => {
    const heard = (side === first.side ? second : first).lastTime;
    return flags & RST || (verdict !== NONE && lastTime > heard);
  });
}
