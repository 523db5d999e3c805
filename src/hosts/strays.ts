import { ACK, RST, SYN } from '../decode/flags.js';
import { distance, type Seq } from '../decode/sequence.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import type { Moment } from '../flow/timeline.js';
import { socketText } from './address.js';
import { First } from './memory/first.js';
import type { Outline } from './outline.js';

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
  readonly socket: string;
  readonly peer: string;
  readonly peerPort: number;
  readonly iss: Seq;
  readonly sndNxt: Seq;
  readonly windowEdge: Seq;
  /** The first and the last timestamp it sent; undefined without. */
  readonly stamps: readonly [first: number, last: number] | undefined;
  readonly begun: number;
  readonly last: number;
  /** When it was reset or closed by both; undefined while it is open. */
  readonly over: number | undefined;
}

/** A conversation that is nothing but a segment of one end, and resets of the other. */
interface Candidate {
  readonly stream: number;
  readonly segment: Pick<Moment, 'time' | 'seq' | 'ack' | 'hasTimestamps' | 'tsecr'>;
  readonly frames: readonly number[];
  readonly end: string;
  readonly alias: string;
  readonly aliasPort: number;
}

const MOST = 4096;
/** The segment and a few repeats of it, each answered. */
const FEW = 16;
/** Of a connection that has sent more, many numbers would fit by chance. */
const MOST_SENT = 1 << 28;

/** Segments that met no socket, and the connections to which they may belong. */
export class Strays {
  private readonly candidates: First<Candidate> = new First<Candidate>(MOST);
  /** Both ends of each. */
  private readonly known: First<Known> = new First<Known>(MOST * 2);

  learn(outline: Outline): void {
    const { client, server } = outline.flow;
    if (!client.hasSyn || !server.hasSyn) this.suspect(outline.flow);
    else if (this.known.isOpenTo(outline.flow.stream)) {
      this.known.add(knownOf(outline, client));
      this.known.add(knownOf(outline, server));
    }
  }

  merge(other: Strays): void {
    this.candidates.merge(other.candidates);
    this.known.merge(other.known);
  }

  get all(): Stray[] {
    const candidates = this.candidates.all;
    if (candidates.length === 0) return [];
    const reached = new Set(candidates.map(({ end }) => end));
    const known = this.known.all.filter(({ socket }) => reached.has(socket));
    return candidates.flatMap((candidate) => {
      const one = known.find((each) => each.socket === candidate.end && isPartOf(each, candidate));
      return one === undefined ? [] : [strayOf(one, candidate)];
    });
  }

  private suspect({ stream, first, second, timeline }: Flow): void {
    const isLone = first.segments + second.segments <= FEW && second.segments > 0;
    if (!isLone || !this.candidates.isOpenTo(stream)) return;
    const { moments } = timeline;
    const segment = moments.find(({ side }) => side === first.side);
    if (segment === undefined || (segment.flags & (ACK | SYN | RST)) !== ACK) return;
    const answers = moments.filter(({ side }) => side === second.side);
    if (!answers.every(({ flags, seq }) => (flags & (RST | ACK)) === RST && seq === segment.ack)) return;
    const { time, seq, ack, hasTimestamps, tsecr } = segment;
    this.candidates.add({
      stream,
      segment: { time, seq, ack, hasTimestamps, tsecr },
      frames: [segment.frame, ...answers.map(({ frame }) => frame)],
      end: socketText(second),
      alias: socketText(first),
      aliasPort: first.port,
    });
  }
}

function knownOf({ flow, wasReset }: Outline, end: Endpoint): Known {
  const { stream, first, second, firstTime, lastTime, timeline } = flow;
  const peer = flow.peer(end);
  const reset = wasReset ? timeline.moments.find(({ flags }) => flags & RST)?.time : undefined;
  const isClosed = first.hasFin && second.hasFin;
  return {
    stream,
    socket: socketText(end),
    peer: socketText(peer),
    peerPort: peer.port,
    iss: end.iss,
    sndNxt: end.sndNxt,
    windowEdge: end.windowEdge,
    stamps: end.hasTimestamps ? [end.firstSynTsval, end.lastTsval] : undefined,
    begun: firstTime,
    last: lastTime,
    over: reset ?? (isClosed ? Math.max(first.finRepeats.first, second.finRepeats.first) : undefined),
  };
}

/** The segment acknowledges what that end has sent, and echoes its clock, or comes from the port that the peer has. */
function isPartOf(known: Known, { segment, alias, aliasPort }: Candidate): boolean {
  const sent = distance(known.sndNxt, known.iss);
  const acknowledged = distance(segment.ack, known.iss);
  const isWhileOpen = segment.time >= known.begun && segment.time <= (known.over ?? segment.time);
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
