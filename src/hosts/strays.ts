import { ACK, RST, SYN } from '../decode/flags.js';
import { distance, type Seq } from '../decode/sequence.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import type { Moment } from '../flow/timeline.js';
import { socketText } from './address.js';

/** A segment of one connection that came with the address of another, and was answered with a reset. Times in nanoseconds. */
export interface Stray {
  /** The connection, and the conversation that the wrong address made of its segment. */
  readonly streams: readonly [connection: number, stray: number];
  /** The segment, and what answered it. */
  readonly frames: readonly number[];
  /** IP:port of the end that it reached, of the other one as that end knows it, and of the one that it came from. */
  readonly end: string;
  readonly peer: string;
  readonly alias: string;
  /** It echoes a timestamp of the end; without timestamps only its numbers tell. */
  readonly echoes: boolean;
  /** It lies beyond the window of the end. */
  readonly wasOutside: boolean;
  /** Since the connection had last been heard; 0 when it went on afterwards. */
  readonly pause: number;
}

/** One end of a connection, as far as it matters for recognising what was sent to it. */
interface Known {
  readonly stream: number;
  readonly peer: string;
  readonly peerPort: number;
  readonly iss: Seq;
  readonly sndNxt: Seq;
  readonly windowEdge: Seq;
  /** The first and the last timestamp it sent; undefined without. */
  readonly stamps: readonly [first: number, last: number] | undefined;
  readonly begun: number;
  readonly last: number;
  /** When it was reset or closed by both. */
  readonly over: number;
}

/** A conversation that is nothing but a segment of one end, and resets of the other. */
interface Candidate {
  readonly stream: number;
  readonly segment: Moment;
  readonly frames: readonly number[];
  readonly end: string;
  readonly alias: string;
  readonly aliasPort: number;
}

/** Beyond this, connections are kept only where a stray has already come. */
const MOST = 4096;
/** The segment and a few repeats of it, each answered. */
const FEW = 16;
/** Of a connection that has sent more, many numbers would fit by chance. */
const MOST_SENT = 1 << 28;

/** Segments that met no socket, and the connections to which they may belong. */
export class Strays {
  private readonly bySocket = new Map<string, Known[]>();
  private readonly candidates: Candidate[] = [];
  private readonly reached = new Set<string>();
  private kept = 0;

  learn(flow: Flow): void {
    if (flow.client.hasSyn && flow.server.hasSyn) for (const end of [flow.client, flow.server]) this.keep(flow, end);
    else this.suspect(flow);
  }

  get all(): Stray[] {
    return this.candidates.flatMap((candidate) => {
      const known = this.bySocket.get(candidate.end)?.find((one) => isPartOf(one, candidate));
      return known === undefined ? [] : [strayOf(known, candidate)];
    });
  }

  private keep(flow: Flow, end: Endpoint): void {
    const socket = socketText(end);
    if (this.kept >= MOST && !this.reached.has(socket)) return;
    this.kept++;
    const all = this.bySocket.get(socket) ?? [];
    all.push(knownOf(flow, end));
    this.bySocket.set(socket, all);
  }

  private suspect({ stream, first, second, timeline }: Flow): void {
    const isLone = first.segments + second.segments <= FEW && second.segments > 0;
    if (!isLone || this.candidates.length === MOST) return;
    const { moments } = timeline;
    const segment = moments.find(({ side }) => side === first.side);
    if (segment === undefined || (segment.flags & (ACK | SYN | RST)) !== ACK) return;
    const answers = moments.filter(({ side }) => side === second.side);
    if (!answers.every(({ flags, seq }) => (flags & (RST | ACK)) === RST && seq === segment.ack)) return;
    const end = socketText(second);
    const frames = [segment.frame, ...answers.map(({ frame }) => frame)];
    this.candidates.push({ stream, segment, frames, end, alias: socketText(first), aliasPort: first.port });
    this.reached.add(end);
  }
}

function knownOf({ stream, first, second, firstTime, lastTime, timeline }: Flow, end: Endpoint): Known {
  const peer = end === first ? second : first;
  const wasReset = first.wasReset || second.wasReset;
  const reset = wasReset ? timeline.moments.find(({ flags }) => flags & RST)?.time : undefined;
  const isClosed = first.hasFin && second.hasFin;
  const closed = isClosed ? Math.max(first.finRepeats.first, second.finRepeats.first) : undefined;
  return {
    stream,
    peer: socketText(peer),
    peerPort: peer.port,
    iss: end.iss,
    sndNxt: end.sndNxt,
    windowEdge: end.windowEdge,
    stamps: end.hasTimestamps ? [end.firstSynTsval, end.lastTsval] : undefined,
    begun: firstTime,
    last: lastTime,
    over: Math.min(reset ?? Number.POSITIVE_INFINITY, closed ?? Number.POSITIVE_INFINITY),
  };
}

/** The segment acknowledges what that end has sent, and echoes its clock, or comes from the port that the peer has. */
function isPartOf(known: Known, { segment, alias, aliasPort }: Candidate): boolean {
  const sent = distance(known.sndNxt, known.iss);
  const acknowledged = distance(segment.ack, known.iss);
  const isWhileOpen = segment.time >= known.begun && segment.time <= known.over;
  if (alias === known.peer || !isWhileOpen || sent > MOST_SENT || acknowledged < 1 || acknowledged > sent) return false;
  if (known.stamps === undefined || !segment.hasTimestamps) return known.stamps === undefined && aliasPort === known.peerPort;
  const [first, last] = known.stamps;
  return distance(segment.tsecr, first) >= 0 && distance(last, segment.tsecr) >= 0;
}

function strayOf({ stream, peer, windowEdge, stamps, last }: Known, { stream: strayStream, segment, frames, end, alias }: Candidate): Stray {
  return {
    streams: [stream, strayStream],
    frames,
    end,
    peer,
    alias,
    echoes: stamps !== undefined,
    wasOutside: distance(segment.seq, windowEdge) > 0,
    pause: Math.max(0, segment.time - last),
  };
}
