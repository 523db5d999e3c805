import { ACK, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import type { Flow } from '../flow.js';
import { prepare } from '../wireshark.js';
import type { Analyst } from './analyst.js';
import type { EntryList } from './list.js';
import type { Mentioned } from './mentions.js';
import { Waiting, type WaitingRoom } from './waiting.js';

/**
 * A conversation as the table knows it: between whom it is, what decides whether a SYN begins another one, and those of its segments that wait to
 * be analysed. All that is more is its flow's.
 */
export class Entry extends Waiting {
  // What every segment touches.
  list: EntryList | undefined = undefined;
  /** When its last segment was captured, in whole seconds. */
  lastSecond = 0;
  /** Whether its ends have sent a FIN or a reset: a bit each. */
  ends = 0;
  /** It is known where the sequence numbers of both directions begin, for Wireshark. */
  private isNumbered = false;
  /** It is to be told of: one of its segments passes the reader's filter. */
  isWanted = false;
  /** Its analyst has been told of it. */
  isKnown = false;
  /** Who analyses it; undefined when another process does. */
  analyst: Analyst | undefined = undefined;
  /** The conversation between the same two ports that this one follows. */
  previous: Entry | undefined = undefined;
  /** Undefined until a segment of it has been analysed, and for good when another shard does that. */
  flow: Flow | undefined = undefined;

  // What few do.
  /** Its neighbours in its list. */
  older: Entry | undefined = undefined;
  newer: Entry | undefined = undefined;
  stream = 0;
  hash = 0;
  private readonly there = new Numbering();
  private readonly back = new Numbering();
  /** What Wireshark learnt of it while other packets only spoke of it. */
  mentioned: Mentioned | undefined = undefined;
  /** When it was left alone although it may have gone on, to make room for others. Nanoseconds. */
  givenUpAt: number = Number.POSITIVE_INFINITY;

  constructor(
    room: WaitingRoom,
    /** Of those that the table has made; one that is used again keeps it. */
    readonly number: number,
  ) {
    super(room);
  }

  /** A conversation begins with a segment. */
  begin(stream: number, hash: number, segment: Segment, previous: Entry | undefined, analyst: Analyst | undefined): void {
    this.be(stream, hash, previous);
    this.analyst = analyst;
    this.ends = 0;
    this.isNumbered = this.there.hasBaseSeq = this.back.hasBaseSeq = false;
    this.lastSecond = Math.floor(segment.time / 1e9);
    this.beOf(segment);
  }

  /** It stands for a conversation of which nothing is known yet. */
  be(stream: number, hash: number, previous: Entry | undefined): void {
    this.stream = stream;
    this.hash = hash;
    this.previous = previous;
    this.isKnown = this.isWanted = false;
    this.givenUpAt = Number.POSITIVE_INFINITY;
  }

  /** It is over: nothing is held any more for its sake. */
  end(): void {
    this.flow = this.previous = this.mentioned = undefined;
  }

  /** A SYN with another initial sequence number than its sender had: the ports are used again. */
  isReusedBy(segment: Segment): boolean {
    const { hasBaseSeq, baseSeq } = this.isThere(segment) ? this.there : this.back;
    return hasBaseSeq && baseSeq !== segment.seq;
  }

  /** A segment of it was captured. What Wireshark takes for the begin of the sequence numbers follows the rules of its analysis. */
  meet(segment: Segment): void {
    if (segment.length < 0) return;
    this.lastSecond = Math.floor(segment.time / 1e9);
    if (this.isNumbered && !(segment.flags & SYN)) return;
    const { there, back } = this;
    const isThere = this.isThere(segment);
    const forward = isThere ? there : back;
    prepare(segment, forward, isThere ? back : there);
    if ((segment.flags & (SYN | ACK)) === (SYN | ACK)) forward.baseSeq = segment.seq; // reused ports, by the rules of moveOn
    this.isNumbered = there.hasBaseSeq && back.hasBaseSeq;
  }

  /** A segment of it is quoted or sampled. */
  mention(segment: Segment): void {
    const forward = this.isThere(segment) ? this.there : this.back;
    if (forward.hasBaseSeq && (segment.flags & (SYN | ACK)) === (SYN | ACK)) forward.baseSeq = segment.seq;
  }
}

class Numbering {
  baseSeq = 0;
  hasBaseSeq = false;
}
