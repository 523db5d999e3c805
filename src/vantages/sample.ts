import { Capture } from '../capture/capture.js';
import { CaptureError } from '../capture/error.js';
import type { ByteSource } from '../capture/source.js';
import { SYN } from '../decode/flags.js';
import { decode } from '../decode/link.js';
import { Packet } from '../decode/packet.js';
import type { Segment } from '../decode/segment.js';
import { SEGMENT } from '../decode/skipped.js';
import { fingerprint, stamps } from './fingerprint.js';

/** What a file holds, as far as is needed to tell whether another one holds the same. */
export interface Sample {
  /** Seconds since 1970 of the first frame that was looked at, and of the last; infinite without any. */
  readonly first: number;
  readonly last: number;
  /** Segments by what routers and NAT leave alone; the same without the IP ID, which some rewrite; without sequence numbers, which some shift. */
  readonly segments: Prints;
  readonly contents: Prints;
  readonly stamps: Prints;
}

/** So many prints of a file are kept; of more, those that any other file would keep as well. */
const MOST_PRINTS = 1 << 14;

/** A set of hashes of bounded size: when it is full, only every second one stays, chosen by the hash itself. */
export class Prints {
  private mask = 0;
  private hashes = new Set<number>();

  add(hash: number): void {
    if ((hash & this.mask) !== 0) return;
    this.hashes.add(hash);
    if (this.hashes.size <= MOST_PRINTS) return;
    this.mask = this.mask * 2 + 1;
    this.hashes = new Set([...this.hashes].filter((each) => (each & this.mask) === 0));
  }

  /** How many hashes both would have kept, and of how many of the smaller. */
  sharedWith(other: Prints): { shared: number; of: number } {
    const mask = this.mask | other.mask;
    const kept = (hashes: ReadonlySet<number>): number[] => [...hashes].filter((each) => (each & mask) === 0);
    const [mine, theirs] = [kept(this.hashes), kept(other.hashes)];
    return { shared: mine.filter((each) => other.hashes.has(each)).length, of: Math.min(mine.length, theirs.length) };
  }
}

/** Of what cannot be read, or not yet. */
export function emptySample(): { -readonly [Part in keyof Sample]: Sample[Part] } {
  return {
    first: Number.POSITIVE_INFINITY,
    last: Number.POSITIVE_INFINITY,
    segments: new Prints(),
    contents: new Prints(),
    stamps: new Prints(),
  };
}

/** Looks at no more than `most` frames of a file. What cannot be read has an empty sample: it is complained about when its turn comes. */
export async function sampleOf(source: () => Promise<ByteSource>, most: number): Promise<Sample> {
  const capture = new Capture([source]);
  const packet = new Packet();
  packet.checksumBudget = 0;
  const sample = emptySample();
  try {
    for await (const frame of capture) {
      while (frame.number < most && frame.next()) {
        const time = frame.epoch + frame.time / 1e9;
        if (frame.number === 1) sample.first = time;
        sample.last = time;
        if (decode(frame, packet) === SEGMENT) note(packet.segment, sample);
      }
      if (frame.number >= most) break;
    }
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
  }
  return sample;
}

/** The IP ID tells a segment from its repetitions; without one the timestamp does, nearly, and for a SYN it is enough. One without either is known by its number. */
function note({ seq, ack, flags, tsval, tsecr, hasTimestamps, ipId, length }: Segment, sample: Sample): void {
  const identity = flags & SYN && hasTimestamps ? 0 : Math.imul(Math.max(ipId, 0), 0x2c1b3c6d);
  const stamp = hasTimestamps ? tsval : 0;
  if (hasTimestamps || identity !== 0 || flags & SYN) sample.segments.add(fingerprint(seq, ack, flags, stamp ^ identity));
  if (hasTimestamps) sample.contents.add(fingerprint(seq, ack, flags, stamp));
  if (hasTimestamps && tsecr !== 0) sample.stamps.add(stamps(tsval, tsecr ^ identity, length, flags));
}

/** The two hold the same packets: rotated files would have a few repetitions in common at most, where one was cut off from the next. */
export function holdTheSame(a: Sample, b: Sample): boolean {
  const { shared, of } = a.segments.sharedWith(b.segments);
  if ((shared > 0 && shared >= of * LARGE_PART) || (shared >= FEW && shared >= of * SMALL_PART)) return true;
  return [a.contents.sharedWith(b.contents), a.stamps.sharedWith(b.stamps)].some((each) => each.shared >= FEW && each.shared >= each.of * HALF);
}

const FEW = 3;
const SMALL_PART = 0.01;
const LARGE_PART = 0.3;
const HALF = 0.5;
