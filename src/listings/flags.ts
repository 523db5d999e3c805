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

/** Four words a frame, since there can be millions; later frames can change the verdict on earlier ones. */
class Notes implements Follower {
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
    if ((printed | verdict) === 0) return;
    if (this.count + WORDS > this.words.length) this.grow();
    this.words[this.count] = segment.frame;
    this.words[this.count + 1] = flow.stream;
    this.words[this.count + 2] = printed;
    this.words[this.count + 3] = verdict;
    this.count += WORDS;
  }

  corrected(frame: number, verdict: Verdict): void {
    const at = this.find(frame);
    if (at >= 0) this.words[at + 3] = verdict;
  }

  over(flow: Flow): void {
    this.wanted?.add(flow.stream);
  }

  *rows(): Generator<FlagRow, void, void> {
    for (let at = 0; at < this.count; at += WORDS) {
      const [frame = 0, stream = 0, seen = 0, code = 0] = this.words.subarray(at, at + WORDS);
      if (this.wanted?.has(stream) === false) continue;
      const verdict = verdictName(code);
      for (const { bit, id } of observations) if (seen & bit) yield { frame, stream, flag: id, verdict };
      if (seen === 0) yield { frame, stream, flag: '-', verdict };
    }
  }

  /** Frames are noted in ascending order. */
  private find(frame: number): number {
    let low = 0;
    let high = this.count / WORDS - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.words[middle * WORDS] as number;
      if (found === frame) return middle * WORDS;
      if (found < frame) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  private grow(): void {
    const larger = new Int32Array(this.words.length * 2);
    larger.set(this.words);
    this.words = larger;
  }
}

const WORDS = 4;
