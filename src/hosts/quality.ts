import type { Frame } from '../capture/frame.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { ACK_LOST_SEGMENT, LOST_SEGMENT } from '../flow/seen.js';
import { NONE } from '../flow/verdict.js';
import { type Address, addressOf, isSameAddress } from './address.js';
import { hasSpoken, isMidstream, isOneSided } from './completeness.js';
import { First } from './memory/first.js';
import type { Outline } from './outline.js';

/** So many conversations are listed of each kind; all are counted. */
const MOST = 1024;
/** So many open ones are remembered in case that their ports are used again; of more, nobody looks. */
const MOST_OPEN = 65_536;
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
  private readonly first = new First<{ readonly stream: number; readonly frames: readonly number[] }>(MOST);

  /** `frames`: such as show it. */
  add(stream: number, frames: readonly number[]): void {
    this.count++;
    if (this.first.isOpenTo(stream)) this.first.add({ stream, frames });
  }

  get streams(): readonly number[] {
    return this.first.all.map(({ stream }) => stream);
  }

  get frames(): readonly number[] {
    return this.first.all.flatMap(({ frames }) => frames);
  }

  merge(other: Conversations): void {
    this.count += other.count;
    this.first.merge(other.first);
  }
}

/** A conversation that nothing had ended when its last segment was captured. */
interface Open {
  readonly stream: number;
  readonly client: Address;
  readonly clientPort: number;
  readonly server: Address;
  readonly port: number;
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
  private largestStream = 0;
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
  /** By the hash of their addresses and ports; and those beyond the first ones. */
  private readonly openByHash = new Map<number, readonly Open[]>();
  private readonly openBeside = new Conversations();
  private besideWithData = 0;

  learn(outline: Outline): void {
    const { flow } = outline;
    this.flows++;
    if (isMidstream(flow)) this.midstream.add(flow.stream, [flow.firstFrame]);
    if (isOneSided(flow)) this.oneSided.add(flow.stream, [flow.firstFrame]);
    this.learnMissed(flow);
    this.forgotten += flow.timeline.segments.forgotten;
    this.learnCopies(flow);
    this.learnSizes(flow);
    this.learnChecksums(flow);
    this.learnOpen(flow, !outline.wasReset && isOpen(flow));
  }

  /** What other flows say. Of the frames that are no flow's own one part knows everything. */
  merge(other: Quality): void {
    this.flows += other.flows;
    this.midstream.merge(other.midstream);
    this.oneSided.merge(other.oneSided);
    this.twice.merge(other.twice);
    this.copiedSegments += other.copiedSegments;
    this.copies += other.copies;
    this.oversized.merge(other.oversized);
    this.learnLargest(other.largest, other.largestAllowed, other.largestStream);
    this.unsummed.merge(other.unsummed);
    this.unsummedBothWays += other.unsummedBothWays;
    this.missedBytes += other.missedBytes;
    this.missed.merge(other.missed);
    this.forgotten += other.forgotten;
    for (const [hash, open] of other.openByHash) this.openByHash.set(hash, [...(this.openByHash.get(hash) ?? []), ...open]);
    this.openBeside.merge(other.openBeside);
    this.besideWithData += other.besideWithData;
  }

  /** Conversations that were open and healthy when the capture ended, and how many of them had data under way. */
  openAtEnd(): { open: Conversations; withDataUnderWay: number } {
    const open = new Conversations();
    open.merge(this.openBeside);
    const known = [...this.openByHash.values()].flat();
    for (const { stream, lastFrame } of known) open.add(stream, [lastFrame]);
    return { open, withDataUnderWay: this.besideWithData + known.filter(({ hasDataUnderWay }) => hasDataUnderWay).length };
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
    this.missed.add(stream, [shown?.frame ?? firstFrame]);
  }

  private learnCopies({ first, second, captureCopies, captureCopyFrames, stream }: Flow): void {
    if (captureCopies === 0) return;
    this.twice.add(stream, captureCopyFrames);
    this.copies += captureCopies;
    this.copiedSegments += first.segments + second.segments;
  }

  private learnSizes(flow: Flow): void {
    const { first, second } = flow;
    const sender = isOversized(first, second) ? first : isOversized(second, first) ? second : undefined;
    if (sender === undefined) return;
    const { mss } = flow.peer(sender);
    const shown = flow.timeline.moments.find(({ side, length }) => side === sender.side && length > mss);
    this.oversized.add(flow.stream, shown === undefined ? [] : [shown.frame]);
    this.learnLargest(sender.pace?.largest ?? 0, mss, flow.stream);
  }

  /** Of equals the one of the first flow. */
  private learnLargest(largest: number, allowed: number, stream: number): void {
    if (largest < this.largest || (largest === this.largest && stream > this.largestStream)) return;
    this.largest = largest;
    this.largestAllowed = allowed;
    this.largestStream = stream;
  }

  private learnChecksums(flow: Flow): void {
    const { first, second } = flow;
    const sender = isUnsummed(first) ? first : isUnsummed(second) ? second : undefined;
    if (sender === undefined) return;
    this.unsummed.add(flow.stream, sender.badChecksumFrames.slice(0, 1));
    if (sender === first && isUnsummed(second)) this.unsummedBothWays++;
  }

  /** Of conversations that used the same ports one after another only the last can be open; they are over in their order. */
  private learnOpen(flow: Flow, isOpenAtEnd: boolean): void {
    const known = this.openByHash.get(flow.hash);
    if (known === undefined && !isOpenAtEnd) return;
    const others = known?.filter((open) => !isBetween(open, flow.first, flow.second) && !isBetween(open, flow.second, flow.first)) ?? [];
    if (isOpenAtEnd) {
      const { stream, lastFrame, first, second, client, server } = flow;
      const hasDataUnderWay = isUnderWay(first) || isUnderWay(second);
      if (known === undefined && this.openByHash.size >= MOST_OPEN) {
        this.openBeside.add(stream, [lastFrame]);
        if (hasDataUnderWay) this.besideWithData++;
        return;
      }
      const ports = { clientPort: client.port, port: server.port };
      others.push({ stream, client: addressOf(client), server: addressOf(server), ...ports, lastFrame, hasDataUnderWay });
    }
    if (others.length > 0) this.openByHash.set(flow.hash, others);
    else this.openByHash.delete(flow.hash);
  }
}

function isBetween({ client, clientPort, server, port }: Open, one: Endpoint, other: Endpoint): boolean {
  return clientPort === one.port && port === other.port && isSameAddress(client, one) && isSameAddress(server, other);
}

/** Some of its data was not acknowledged. */
function isUnderWay({ sndUna, sndNxt, isAcknowledged }: Endpoint): boolean {
  return isAcknowledged && sndUna !== sndNxt;
}

/** A payload that does not fit the MSS that its receiver asked for: no such segment was on the wire. */
function isOversized({ pace }: Endpoint, { mss }: Endpoint): boolean {
  return mss > 0 && pace !== undefined && pace.largest > mss;
}

/** Few are right: those of resets without a socket, which the kernel sums itself. */
export function isUnsummed({ isAcknowledged, badChecksums, goodChecksums }: Endpoint): boolean {
  return isAcknowledged && badChecksums >= ENOUGH && badChecksums > goodChecksums * 10;
}

/** Both ends have spoken after the handshake, neither has closed, and nothing waits in vain. */
function isOpen(flow: Flow): boolean {
  const { first, second, timeline } = flow;
  if (first.hasFin || second.hasFin || !hasSpoken(first) || !hasSpoken(second)) return false;
  if (first.window === 0 || second.window === 0) return false;
  return (
    timeline.segments.verdicts === 0 ||
    !timeline.moments.some(({ side, verdict, lastTime }) => verdict !== NONE && lastTime > (side === first.side ? second : first).lastTime)
  );
}
