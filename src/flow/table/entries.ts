import type { Segment } from '../../decode/segment.js';
import type { Flow } from '../flow.js';
import { Slab } from '../memory/slab.js';
import { isBack, isThere, NOT_LONGER } from './between.js';
import { LAST_WAITING, LONGER, NOBODY, WIDTH } from './entry-row.js';
import type { Mentioned } from './mentions.js';
import type { WaitingRoom } from './waiting.js';

/** What the table knows of its conversations: a row of numbers each, so that one of which little was heard takes little more than its segments. */
export class Entries extends Slab {
  /** By number: undefined until a segment has been analysed, and for good when another shard does that. */
  readonly flows: (Flow | undefined)[] = [];
  /** What Wireshark learnt of few of them while other packets only spoke of them, */
  readonly mentioned: Map<number, Mentioned> = new Map();
  /** and when few were left alone although they may have gone on, to make room for others; nanoseconds. */
  readonly givenUpAt: Map<number, number> = new Map();

  constructor(
    /** Where their segments wait. */
    readonly room: WaitingRoom,
  ) {
    super(WIDTH);
  }

  /** One more, which lies there until it is given back. */
  add(): number {
    const number = this.take(1);
    while (this.flows.length <= number) this.flows.push(undefined);
    return number;
  }

  /** Whether a segment is between its two ends. */
  isBetween(number: number, segment: Segment): boolean {
    const { words } = this;
    const at = number * WIDTH;
    const longer = words[at + LONGER] as number;
    const more = longer === NOBODY ? NOT_LONGER : longer * WIDTH;
    return isThere(segment, words, at, more) || isBack(segment, words, at, more);
  }

  /** Instead of entries what lies where their next segments will wait, */
  fetch(numbers: Int32Array, count: number): void {
    const { words, room } = this;
    for (let i = 0; i < count; i++) numbers[i] = words[(numbers[i] as number) * WIDTH + LAST_WAITING] as number;
    for (let i = 0; i < count; i++) numbers[i] = room.behind(numbers[i] as number);
  }
}
