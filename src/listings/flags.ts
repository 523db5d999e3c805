import { endianness } from 'node:os';
import type { Capture } from '../capture/capture.js';
import type { Segment } from '../decode/segment.js';
import type { Flow } from '../flow/flow.js';
import { type Seen, WIRESHARK } from '../flow/seen.js';
import { type Verdict, verdictName } from '../flow/verdict.js';
import { type Follower, type FollowOptions, follow } from '../follow.js';
import { observations } from '../observations/index.js';

/** One flag of one frame, or a verdict on a frame without a flag. */
export interface FlagRow {
  frame: number;
  stream: number;
  /** Wireshark's name, or "-". */
  flag: string;
  verdict: string;
}

/** Every frame about which there is something to say, in the order of the capture. */
export async function listFlags(capture: Capture, options: FollowOptions = {}): Promise<Iterable<FlagRow>> {
  const notes = new Notes(options.filter !== undefined);
  await follow(capture, notes, options);
  return notes.rows();
}

/** Four words a row, since there can be millions. Later frames can change the verdict on earlier ones: that is a row of its own. */
class Notes implements Follower {
  readonly inAnyOrder: boolean = true;
  private words = new Int32Array(4096);
  private count = 0;
  /** With a filter: the flows that it lets pass, known only when they are over. */
  private readonly wanted: Set<number> | undefined;

  constructor(isFiltered: boolean) {
    this.wanted = isFiltered ? new Set() : undefined;
  }

  noted(segment: Segment, flow: Flow, seen: Seen, verdict: Verdict): void {
    // Wireshark prints no flag of a segment whose options it could not read, although it counts it.
    const printed = segment.optionsCut || segment.malformed ? 0 : seen & WIRESHARK;
    if ((printed | verdict) !== 0) this.add(segment.frame, flow.stream, printed, verdict);
  }

  corrected(frame: number, verdict: Verdict): void {
    this.add(frame, CORRECTION, 0, verdict);
  }

  over(flow: Flow): void {
    this.wanted?.add(flow.stream);
  }

  *rows(): Generator<FlagRow, void, void> {
    const order = this.inOrderOfFrames();
    for (let i = 0; i < order.length; i++) {
      const [frame = 0, stream = 0, seen = 0] = this.row(order, i);
      if (stream === CORRECTION || this.wanted?.has(stream) === false) continue;
      const verdict = verdictName(this.lastVerdict(order, i));
      for (const { bit, id } of observations) if (seen & bit) yield { frame, stream, flag: id, verdict };
      if (seen === 0) yield { frame, stream, flag: '-', verdict };
    }
  }

  private row(order: BigUint64Array, i: number): Int32Array {
    const at = Number((order[i] as bigint) & 0xffffffffn) * WORDS;
    return this.words.subarray(at, at + WORDS);
  }

  /** The verdict of a row, or the last of the corrections behind it. */
  private lastVerdict(order: BigUint64Array, i: number): Verdict {
    const [frame, , , first = 0] = this.row(order, i);
    let last = first;
    for (let next = i + 1; next < order.length; next++) {
      const [other, stream, , verdict = 0] = this.row(order, next);
      if (other !== frame || stream !== CORRECTION) break;
      last = verdict;
    }
    return last;
  }

  private add(frame: number, stream: number, seen: Seen, verdict: Verdict): void {
    if (this.count + WORDS > this.words.length) this.grow();
    this.words[this.count] = frame;
    this.words[this.count + 1] = stream;
    this.words[this.count + 2] = seen;
    this.words[this.count + 3] = verdict;
    this.count += WORDS;
  }

  /** The rows by frame, those of one as they came: what numbers can be sorted by without a function. */
  private inOrderOfFrames(): BigUint64Array {
    const order = new BigUint64Array(this.count / WORDS);
    const halves = new Uint32Array(order.buffer);
    for (let row = 0; row < order.length; row++) {
      halves[row * 2 + LOW] = row;
      halves[row * 2 + HIGH] = this.words[row * WORDS] as number;
    }
    return order.sort();
  }

  private grow(): void {
    const larger = new Int32Array(this.words.length * 2);
    larger.set(this.words);
    this.words = larger;
  }
}

const WORDS = 4;
/** Instead of a flow: the verdict on a frame that was noted before. */
const CORRECTION = -1;
const LOW = endianness() === 'LE' ? 0 : 1;
const HIGH = 1 - LOW;
