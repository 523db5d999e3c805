import { FIN, RST, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import type { Seq } from '../../decode/sequence.js';
import { NOTHING } from '../listed.js';
import { Rows } from '../memory/rows.js';
import { NONE as NO_ROOM, type Slab } from '../memory/slab.js';
import type { Seen } from '../seen.js';
import type { Judgement } from '../verdict/proof.js';
import type { Transmissions } from '../verdict/transmissions.js';
import { kindOf, NONE, type Verdict } from '../verdict.js';
import { Forgotten } from './forgotten.js';
import type { Earlier, Moment, Side } from './moment.js';
import {
  addTo,
  firstWith,
  flagsOf,
  frameOf,
  type Header,
  isOf,
  objectOf,
  pack,
  saysTheSame,
  seqOf,
  sideOf,
  standFor,
  timeOf,
  unpack,
} from './packed.js';

/** So many moments most flows have at most. */
const USUAL = 16;
/** Of a flow with more moments than this the middle is folded. */
const FIRST_KEPT = 200;
const LAST_KEPT = 200;
/** So many moments back one that says the same is looked for. */
const NEAR = 3;
const CONTROL = SYN | FIN | RST;
/** The place of a moment that there is not. */
export const NOWHERE = -1;

/**
 * The segments of a flow that are worth remembering, in the order of the capture. Most say no more than their header does: a row of
 * numbers until somebody reads them. One that was judged, or has SACK blocks, is an object from the start.
 */
export class Moments {
  /** All flags of their headers together, and all that was seen of them. */
  flags = 0;
  seen: Seen = 0;
  /** One of them closes the window of its sender. */
  hasZeroWindow = false;
  /** The kinds of the verdicts that were given, a bit each, whatever became of them. */
  verdicts = 0;
  /** Those that were forgotten to keep the list bounded. */
  forgotten = 0;
  /** What those were judged; undefined where none is forgotten. */
  forgottenVerdicts: Forgotten | undefined = undefined;
  private readonly rows: Rows;
  private objects: Map<number, Moment> | undefined = undefined;
  private made = 0;
  private list: readonly Moment[] | undefined = undefined;
  private isSettled = false;
  private isReleased = false;

  constructor(slab: Slab) {
    this.rows = new Rows(slab, USUAL);
  }

  get all(): readonly Moment[] {
    this.list ??= this.listed();
    return this.list;
  }

  /** Those that say more than their headers, as far as they are remembered. */
  get judged(): Iterable<Moment> {
    return this.objects?.values() ?? NOTHING;
  }

  // What their headers say can be read where it lies.

  /** The place of the first, from a place on, whose flags, of those in `among`, are `flags`; of one side, or of both. NOWHERE without. */
  first(flags: number, among: number = flags, side?: Side, from = 0): number {
    this.demand();
    if ((this.flags & flags) !== flags) return NOWHERE;
    const { slab, length } = this.rows;
    const place = firstWith(slab, this.rows.row(from), this.rows.row(length), among, flags, side) - this.rows.row(0);
    return place < length ? place : NOWHERE;
  }

  /** How many have this flag; of one side, or of both. */
  count(flag: number, side?: Side): number {
    let count = 0;
    for (let i = this.first(flag, flag, side); i !== NOWHERE; i = this.first(flag, flag, side, i + 1)) count++;
    return count;
  }

  sideAt(place: number): Side {
    return sideOf(this.rows.slab, this.rows.row(place));
  }

  seqAt(place: number): Seq {
    return seqOf(this.rows.slab, this.rows.row(place));
  }

  frameAt(place: number): number {
    return frameOf(this.rows.slab, this.rows.row(place));
  }

  timeAt(place: number): number {
    return timeOf(this.rows.slab, this.rows.row(place));
  }

  /** Returns the moment of a segment that was judged: what comes later may prove the verdict wrong. */
  remember(segment: Segment, side: Side, seen: Seen, verdict: Verdict, earlier: Earlier | undefined, judgement: Judgement): Moment | undefined {
    this.list = undefined;
    if (verdict !== NONE) this.verdicts |= 1 << kindOf(verdict);
    const alike = this.alike(segment, side, seen, verdict);
    if (alike >= 0) return this.fold(alike, segment);
    const row = this.add(segment, side, seen);
    if (row === NO_ROOM) {
      this.forgotten++;
      return undefined;
    }
    const saysMore = verdict !== NONE || segment.sackCount > 0 || judgement.by !== 'nothing' || judgement.needless !== 'nothing';
    const moment = saysMore ? this.tellMore(row, segment, verdict, earlier, judgement) : undefined;
    this.bound();
    return moment;
  }

  /** Remembers a routine segment after all, unless it is among the last moments already. */
  recall(sent: Transmissions, position: number, side: Side): void {
    const { rows } = this;
    const frame = sent.frameOf(position);
    for (let i = Math.max(0, rows.length - 4); i < rows.length; i++) {
      const object = this.object(i);
      if (object === undefined ? isOf(rows.slab, rows.row(i), frame) : object.frame === frame || object.lastFrame === frame) return;
    }
    this.list = undefined;
    const [seq, end, flags, tsval] = [sent.seqOf(position), sent.endOf(position), sent.flagsOf(position), sent.tsvalOf(position)];
    const length = ((end - seq) | 0) - (flags & FIN ? 1 : 0) - (flags & SYN ? 1 : 0);
    const header = { ack: sent.ackOf(position), window: sent.sumsOf(position) >>> 16, ttl: sent.ttlOf(position), ipId: sent.ipIdOf(position) };
    const options = { hasTimestamps: tsval !== 0, tsval, tsecr: 0 };
    this.add({ frame, time: sent.timeOf(position), flags, seq, length, ...header, ...options }, side, 0);
    this.bound();
  }

  /** Takes back those of a verdict that proves wrong. */
  forget(verdict: Verdict): Moment[] {
    this.list = undefined;
    const wrong: Moment[] = [];
    for (let i = this.rows.length - 1; i >= 0; i--) {
      const moment = this.object(i);
      if (moment?.verdict !== verdict) continue;
      wrong.unshift(moment);
      this.remove(i, 1);
    }
    this.forgottenVerdicts?.takeBack(verdict);
    return wrong;
  }

  /** They no longer lie in what all flows share. Nothing more is to come. */
  settle(): void {
    if (this.isSettled || this.isReleased) return;
    this.rows.settle();
    this.isSettled = true;
    this.list = undefined; // made again for who reads it: until then rows take less room
  }

  /** Nobody reads them any more, unless they have settled. */
  release(): void {
    if (this.isSettled) return;
    this.rows.clear();
    this.isReleased = true;
  }

  private listed(): Moment[] {
    this.demand();
    const list: Moment[] = [];
    for (let i = 0; i < this.rows.length; i++) list.push(this.at(i));
    return list;
  }

  private demand(): void {
    if (this.isReleased) throw new Error('a flow is read after it was let go of');
  }

  private at(i: number): Moment {
    return this.object(i) ?? unpack(this.rows.slab, this.rows.row(i));
  }

  private object(i: number): Moment | undefined {
    const number = this.objects === undefined ? 0 : objectOf(this.rows.slab, this.rows.row(i));
    return number === 0 ? undefined : this.objects?.get(number);
  }

  /** Room for one more; of too many those in the middle go. */
  private add(header: Header, side: Side, seen: Seen): number {
    this.flags |= header.flags;
    this.seen |= seen;
    if (header.window === 0 && !(header.flags & (SYN | RST))) this.hasZeroWindow = true;
    const row = this.rows.add();
    if (row === NO_ROOM) this.forgotten++;
    else pack(this.rows.slab, row, header, side, seen);
    return row;
  }

  private tellMore(row: number, segment: Segment, verdict: Verdict, earlier: Earlier | undefined, judgement: Judgement): Moment {
    const { by, frame, needless } = judgement;
    const moment: Moment = {
      ...unpack(this.rows.slab, row),
      sack: blocksOf(segment),
      verdict,
      earlier,
      proof: by === 'nothing' ? undefined : { by, frame },
      needless: needless === 'nothing' ? undefined : { by: needless, frame: 0 },
    };
    this.objects ??= new Map();
    this.objects.set(++this.made, moment);
    standFor(this.rows.slab, row, this.made);
    return moment;
  }

  private bound(): void {
    if (this.rows.length <= FIRST_KEPT + LAST_KEPT) return;
    const judged = Array.from({ length: LAST_KEPT / 2 }, (_, i) => this.object(FIRST_KEPT + i)).filter((moment) => moment !== undefined);
    this.forgottenVerdicts ??= new Forgotten();
    this.forgottenVerdicts.add(judged);
    this.remove(FIRST_KEPT, LAST_KEPT / 2);
    this.forgotten += LAST_KEPT / 2;
  }

  private remove(from: number, count: number): void {
    for (let i = from; i < from + count; i++) this.objects?.delete(objectOf(this.rows.slab, this.rows.row(i)));
    this.rows.remove(from, count);
  }

  /** A routine segment that says the same as one of the last few of its side is counted with it. -1 when there is none. */
  private alike(segment: Segment, side: Side, seen: Seen, verdict: Verdict): number {
    const { rows } = this;
    const isRoutine = segment.length === 0 && !(segment.flags & CONTROL) && seen !== 0 && verdict === NONE;
    if (!isRoutine && rows.length < FIRST_KEPT) return -1;
    for (let i = rows.length - 1; i >= 0 && i >= rows.length - NEAR; i--) {
      const row = rows.row(i);
      if (flagsOf(rows.slab, row) & CONTROL) return -1;
      if (saysTheSame(rows.slab, row, side, seen) && (this.object(i)?.verdict ?? NONE) === verdict) return i;
    }
    return -1;
  }

  private fold(i: number, { frame, time }: Segment): Moment | undefined {
    const moment = this.object(i);
    if (moment === undefined) addTo(this.rows.slab, this.rows.row(i), frame, time);
    else {
      moment.count++;
      moment.lastFrame = frame;
      moment.lastTime = time;
    }
    return moment;
  }
}

function blocksOf({ sackCount, sackEdges }: Segment): readonly Seq[] {
  if (sackCount === 0) return NOTHING;
  const blocks: Seq[] = [];
  for (let i = 0; i < sackCount * 2; i++) blocks.push(sackEdges[i] as Seq);
  return blocks;
}
