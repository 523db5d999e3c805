import type { Seq } from '../../decode/sequence.js';
import type { Slab } from '../memory/slab.js';
import type { Seen } from '../seen.js';
import { NONE } from '../verdict.js';
import type { Moment, Side } from './moment.js';

/** Words of a row. */
export const WIDTH = 16;

const FORM = 0;
const FRAME = 1;
const SEQ = 2;
const ACK = 3;
const LENGTH = 4;
const WINDOW = 5;
const IP_ID = 6;
const TSVAL = 7;
const TSECR = 8;
const SEEN = 9;
/** How many segments are folded into it; of one that is an object, its number, negated. */
const COUNT = 10;
const LAST_FRAME = 11;
// The last four words are two doubles
const TIME = 6;
const LAST_TIME = 7;

// Bits of the first word; below them are the flags of the header
const TTL = 16;
const STAMPED = 1 << 12;
const SECOND_SIDE = 1 << 13;
const FLAGS = 0xfff;

/** What a row holds of a header. */
export type Header = Pick<
  Moment,
  'frame' | 'time' | 'flags' | 'seq' | 'ack' | 'length' | 'window' | 'ttl' | 'ipId' | 'hasTimestamps' | 'tsval' | 'tsecr'
>;

const NO_BLOCKS: readonly Seq[] = [];

export function pack({ words, doubles }: Slab, row: number, header: Header, side: Side, seen: Seen): void {
  const at = row * WIDTH;
  words[at + FORM] = (header.flags & FLAGS) | (header.ttl << TTL) | (header.hasTimestamps ? STAMPED : 0) | (side === 1 ? SECOND_SIDE : 0);
  words[at + FRAME] = words[at + LAST_FRAME] = header.frame;
  words[at + SEQ] = header.seq;
  words[at + ACK] = header.ack;
  words[at + LENGTH] = header.length;
  words[at + WINDOW] = header.window;
  words[at + IP_ID] = header.ipId;
  words[at + TSVAL] = header.tsval;
  words[at + TSECR] = header.tsecr;
  words[at + SEEN] = seen;
  words[at + COUNT] = 1;
  doubles[at / 2 + TIME] = doubles[at / 2 + LAST_TIME] = header.time;
}

/** A segment that was not judged. */
export function unpack({ words, doubles }: Slab, row: number): Moment {
  const [at, half] = [row * WIDTH, (row * WIDTH) / 2];
  const form = words[at + FORM] as number;
  return {
    side: form & SECOND_SIDE ? 1 : 0,
    frame: words[at + FRAME] as number,
    time: doubles[half + TIME] as number,
    flags: form & FLAGS,
    seq: words[at + SEQ] as number,
    ack: words[at + ACK] as number,
    length: words[at + LENGTH] as number,
    window: words[at + WINDOW] as number,
    ttl: form >>> TTL,
    ipId: words[at + IP_ID] as number,
    hasTimestamps: (form & STAMPED) !== 0,
    tsval: words[at + TSVAL] as number,
    tsecr: words[at + TSECR] as number,
    sack: NO_BLOCKS,
    seen: words[at + SEEN] as number,
    verdict: NONE,
    earlier: undefined,
    proof: undefined,
    needless: undefined,
    count: words[at + COUNT] as number,
    lastFrame: words[at + LAST_FRAME] as number,
    lastTime: doubles[half + LAST_TIME] as number,
  };
}

/** One more segment is folded into a row. */
export function addTo({ words, doubles }: Slab, row: number, frame: number, time: number): void {
  words[row * WIDTH + COUNT]++;
  words[row * WIDTH + LAST_FRAME] = frame;
  doubles[(row * WIDTH) / 2 + LAST_TIME] = time;
}

/** The first of the rows [from, to) whose flags, of those in `among`, are `flags`; of one side, or of both. Returns `to` when there is none. */
export function firstWith({ words }: Slab, from: number, to: number, among: number, flags: number, side: Side | undefined): number {
  const mask = side === undefined ? among : among | SECOND_SIDE;
  const form = side === 1 ? flags | SECOND_SIDE : flags;
  let row = from;
  while (row < to && ((words[row * WIDTH + FORM] as number) & mask) !== form) row++;
  return row;
}

export function flagsOf({ words }: Slab, row: number): number {
  return (words[row * WIDTH + FORM] as number) & FLAGS;
}

export function sideOf({ words }: Slab, row: number): Side {
  return (words[row * WIDTH + FORM] as number) & SECOND_SIDE ? 1 : 0;
}

export function frameOf({ words }: Slab, row: number): number {
  return words[row * WIDTH + FRAME] as number;
}

export function seqOf({ words }: Slab, row: number): Seq {
  return words[row * WIDTH + SEQ] as number;
}

export function timeOf({ doubles }: Slab, row: number): number {
  return doubles[(row * WIDTH) / 2 + TIME] as number;
}

/** A segment of this side without payload, of which the same was seen. */
export function saysTheSame({ words }: Slab, row: number, side: Side, seen: Seen): boolean {
  const isOfSide = (((words[row * WIDTH + FORM] as number) & SECOND_SIDE) !== 0) === (side === 1);
  return isOfSide && words[row * WIDTH + SEEN] === seen && (words[row * WIDTH + LENGTH] as number) <= 0;
}

/** The first and the last segment of a row is in this frame. */
export function isOf({ words }: Slab, row: number, frame: number): boolean {
  return words[row * WIDTH + FRAME] === frame || words[row * WIDTH + LAST_FRAME] === frame;
}

/** The number of the object that a row stands for; 0 when it stands for itself. */
export function objectOf({ words }: Slab, row: number): number {
  return Math.max(0, -(words[row * WIDTH + COUNT] as number));
}

export function standFor({ words }: Slab, row: number, object: number): void {
  words[row * WIDTH + COUNT] = -object;
}
