import { FIN, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import { isAfter, isBefore, type Seq } from '../../decode/sequence.js';
import type { WiresharkDirection } from './direction.js';
import type { WiresharkFigures } from './figures.js';

/** No entry. */
export const NONE = -1;
/** Wireshark stops listing a direction's segments at so many. */
const MOST = 10_000;
/** So many entries are kept for all flows together; beyond, a direction counts as full. */
const MOST_OF_ALL = 1 << 22;

/**
 * The segments that Wireshark believes to be unacknowledged, of all directions of all flows: linked lists in one slab,
 * from the oldest to the newest, so that an idle flow costs nothing and a busy one allocates nothing.
 */
export class Unacked {
  seq: Int32Array = new Int32Array(FIRST_SIZE);
  end: Int32Array = new Int32Array(FIRST_SIZE);
  frame: Int32Array = new Int32Array(FIRST_SIZE);
  time: Float64Array = new Float64Array(FIRST_SIZE);
  private next: Int32Array = new Int32Array(FIRST_SIZE);
  /** Entries that were in use before, linked. */
  private free: number = NONE;
  private used = 0;

  /** Lists a segment that takes sequence space; false when the list is full, and Wireshark loses track. */
  push({ seq, length, flags, frame, time }: Segment, direction: WiresharkDirection): boolean {
    if (direction.unacked >= MOST) return false;
    const entry = this.take();
    if (entry === NONE) return false;
    this.seq[entry] = seq;
    this.end[entry] = seq + length + (flags & (SYN | FIN) ? 1 : 0);
    this.frame[entry] = frame;
    this.time[entry] = time;
    this.next[entry] = NONE;
    const { newest } = direction;
    if (newest === NONE) {
      direction.oldest = entry;
      direction.ascends = true;
    } else {
      this.next[newest] = entry;
      if (isBefore(seq, this.end[newest] as Seq)) direction.ascends = false;
    }
    direction.newest = entry;
    direction.unacked++;
    return true;
  }

  /** Drops what an acknowledgment covers. Of several entries with the same end the oldest is the one it is for. */
  acknowledge(ack: Seq, direction: WiresharkDirection, now: number, figures: WiresharkFigures): void {
    let before = NONE;
    let entry = direction.oldest;
    if (entry === NONE) return;
    let isAnswered = false;
    // Of an ascending list all that follows is kept with the first entry that is; not so when the ack field is half the number space away.
    const endsEarly = direction.ascends && isAfter(this.end[direction.newest] as Seq, ack);
    while (entry !== NONE) {
      const end = this.end[entry] as Seq;
      const following = this.next[entry] as number;
      if (isAfter(end, ack)) {
        if (isBefore(this.seq[entry] as Seq, ack)) this.seq[entry] = ack;
        if (endsEarly) return;
        before = entry;
      } else {
        if (ack === end && !isAnswered) {
          figures.acknowledges(this.frame[entry] as number, now - (this.time[entry] as number));
          isAnswered = true;
        }
        this.drop(direction, before, entry, following);
      }
      entry = following;
    }
  }

  /** A flow is over. */
  release(direction: WiresharkDirection): void {
    const { oldest, newest } = direction;
    if (oldest === NONE) return;
    this.next[newest] = this.free;
    this.free = oldest;
    direction.oldest = direction.newest = NONE;
    direction.unacked = 0;
  }

  /** From the first to the last sequence number that is listed, not what is missing between. */
  span({ oldest, baseSeq }: WiresharkDirection): number {
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (let entry = oldest; entry !== NONE; entry = this.next[entry] as number) {
      first = Math.min(first, ((this.seq[entry] as number) - baseSeq) >>> 0);
      last = Math.max(last, ((this.end[entry] as number) - baseSeq) >>> 0);
    }
    return oldest === NONE ? 0 : (last - first) >>> 0; // Wireshark's sum wraps, too
  }

  private drop(direction: WiresharkDirection, before: number, entry: number, following: number): void {
    if (before === NONE) direction.oldest = following;
    else this.next[before] = following;
    if (following === NONE) direction.newest = before;
    direction.unacked--;
    this.next[entry] = this.free;
    this.free = entry;
  }

  private take(): number {
    const { free } = this;
    if (free !== NONE) {
      this.free = this.next[free] as number;
      return free;
    }
    if (this.used === MOST_OF_ALL) return NONE;
    if (this.used === this.seq.length) this.grow();
    return this.used++;
  }

  private grow(): void {
    const size = this.seq.length * 2;
    this.seq = enlarged(this.seq, new Int32Array(size));
    this.end = enlarged(this.end, new Int32Array(size));
    this.frame = enlarged(this.frame, new Int32Array(size));
    this.next = enlarged(this.next, new Int32Array(size));
    this.time = enlarged(this.time, new Float64Array(size));
  }
}

const FIRST_SIZE = 1024;

function enlarged<Words extends Int32Array | Float64Array>(from: Words, to: Words): Words {
  to.set(from);
  return to;
}
