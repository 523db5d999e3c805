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
    for (let i = 0; i < order.length; ) {
      const at = rowOf(order, i++) * WORDS;
      const [frame = 0, stream = 0, seen = 0, first = 0] = this.words.subarray(at, at + WORDS);
      let code = first;
      for (let next = 0; i < order.length; i++, code = this.words[next + 3] as number) {
        next = rowOf(order, i) * WORDS;
        if (this.words[next] !== frame || this.words[next + 1] !== CORRECTION) break;
      }
      if (stream === CORRECTION || this.wanted?.has(stream) === false) continue;
      const verdict = verdictName(code);
      for (const { bit, id } of observations) if (seen & bit) yield { frame, stream, flag: id, verdict };
      if (seen === 0) yield { frame, stream, flag: '-', verdict };
    }
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

function rowOf(order: BigUint64Array, i: number): number {
  return Number((order[i] as bigint) & 0xffffffffn);
}

const WORDS = 4;
/** Instead of a flow: the verdict on a frame that was noted before. */
const CORRECTION = -1;
const LOW = endianness() === 'LE' ? 0 : 1;
const HIGH = 1 - LOW;
