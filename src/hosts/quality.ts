import { RST } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { NONE } from '../flow/verdict.js';
import { socketText } from './address.js';

/** So many conversations are listed of each kind; all are counted. */
const MOST = 1024;
/** Segments of one end, the other never seen, from which on the other direction is missing rather than silent. */
const ENOUGH = 3;

/** The conversations of which one thing is true: how many, and the first of them. */
export class Conversations {
  count = 0;
  readonly streams: number[] = [];
  /** One frame of each that shows it. */
  readonly frames: number[] = [];

  add(stream: number, frame: number | undefined): void {
    this.count++;
    if (this.streams.length === MOST) return;
    this.streams.push(stream);
    if (frame !== undefined) this.frames.push(frame);
  }
}

/** A conversation that nothing had ended when its last segment was captured. */
interface Open {
  readonly stream: number;
  readonly lastFrame: number;
  readonly lastTime: number;
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
  /** One end's checksums are all wrong, and its peer took the segments all the same: the network card was to fill them in. */
  readonly unsummed: Conversations = new Conversations();
  /** Bytes that were acknowledged but not captured. */
  missedBytes = 0;
  /** Moments of long conversations that were forgotten. */
  forgotten = 0;
  private readonly openByPorts = new Map<string, Open>();
  private end = 0;

  learn(flow: Flow): void {
    const { first, second, stream, firstFrame } = flow;
    this.flows++;
    if (!first.hasSyn && !second.hasSyn) this.midstream.add(stream, firstFrame);
    if (isOneSided(flow)) this.oneSided.add(stream, firstFrame);
    this.missedBytes += first.missedBytes + second.missedBytes;
    this.forgotten += flow.timeline.forgotten;
    this.end = Math.max(this.end, flow.lastTime);
    this.learnCopies(flow);
    this.learnOffload(flow, first);
    this.learnOffload(flow, second);
    this.learnOpen(flow);
  }

  /** Conversations that were open and healthy when the capture ended, and how many of them had just been talking. */
  openAtEnd(lately: number): { open: Conversations; talking: number } {
    const open = new Conversations();
    const all = [...this.openByPorts.values()].sort((a, b) => a.stream - b.stream);
    for (const { stream, lastFrame } of all) open.add(stream, lastFrame);
    return { open, talking: all.filter(({ lastTime }) => this.end - lastTime < lately).length };
  }

  private learnCopies({ first, second, captureCopies, stream, firstFrame }: Flow): void {
    if (captureCopies === 0) return;
    this.twice.add(stream, firstFrame);
    this.copies += captureCopies;
    this.copiedSegments += first.segments + second.segments;
  }

  private learnOffload(flow: Flow, sender: Endpoint): void {
    const { mss } = flow.peer(sender);
    const largest = sender.pace?.largest ?? 0;
    if (mss > 0 && largest > mss) {
      const shown = flow.timeline.moments.find(({ side, length }) => side === sender.side && length > mss);
      this.oversized.add(flow.stream, shown?.frame);
      if (largest > this.largest) [this.largest, this.largestAllowed] = [largest, mss];
    }
    const isTaken = sender.isAcknowledged && sender.goodChecksums === 0 && sender.badChecksums >= ENOUGH;
    if (isTaken) this.unsummed.add(flow.stream, sender.badChecksumFrames[0]);
  }

  /** Of conversations that used the same ports one after another only the last can be open. */
  private learnOpen(flow: Flow): void {
    const ports = [socketText(flow.first), socketText(flow.second)].sort().join(' ');
    const known = this.openByPorts.get(ports);
    if (known !== undefined && known.stream > flow.stream) return;
    this.openByPorts.delete(ports);
    const { stream, lastFrame, lastTime } = flow;
    if (isOpen(flow) && this.openByPorts.size < MOST) this.openByPorts.set(ports, { stream, lastFrame, lastTime });
  }
}

/** The second end was never seen, yet what the first acknowledges shows that it spoke. */
function isOneSided({ first, second, timeline }: Flow): boolean {
  if (second.segments > 0 || first.segments < ENOUGH || !first.hasRcvNxt) return false;
  const acknowledged = timeline.moments.find(({ ack }) => ack !== 0)?.ack ?? first.rcvNxt;
  return first.hasSyn || acknowledged !== first.rcvNxt;
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

function hasSpoken({ segments, syns }: Endpoint): boolean {
  return segments > syns;
}
