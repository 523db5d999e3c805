import { ACK, RST, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import type { Flow } from '../flow.js';
import { type Numbering, prepare } from '../wireshark.js';
import { address, ENDS, isThere, LONGER_BY, NOT_LONGER, writeEnds } from './between.js';
import {
  ANALYST_SHIFT,
  BACK_ENDS,
  BACK_NUMBERED,
  BASE_BACK,
  BASE_THERE,
  ENDED,
  HASH,
  IS_KNOWN,
  IS_WANTED,
  LAST_TIME,
  LONGER,
  NOBODY,
  NUMBERED,
  PREVIOUS,
  STATE,
  STREAM,
  THERE_ENDS,
  THERE_NUMBERED,
  WIDTH,
} from './entry-row.js';
import type { Mentioned } from './mentions.js';
import { Waiting } from './waiting.js';

/** Words that say to another thread between whom a conversation is. */
export const BETWEEN: number = 1 + ENDS + LONGER_BY;

/**
 * A cursor on a conversation as the table knows it: between whom it is, what decides whether a SYN begins another one, and those of its segments that
 * wait to be analysed. All that is more is its flow's.
 */
export class Entry extends Waiting {
  /** A conversation begins with a segment. `previous` is the entry of the one before it, `analyst` the number of who analyses it, or NOBODY. */
  begin(stream: number, hash: number, segment: Segment, previous: number, analyst: number): void {
    this.be(stream, hash, previous);
    if (segment.family === 6) this.beLonger();
    const { words, doubles } = this.entries;
    words[this.at + STATE] = (analyst + 1) << ANALYST_SHIFT;
    doubles[(this.at + LAST_TIME) / 2] = segment.time;
    writeEnds(segment, words, this.at, this.longer);
  }

  /** It stands for a conversation of which nothing is known yet. */
  be(stream: number, hash: number, previous: number): void {
    const { words } = this.entries;
    const { at } = this;
    words.fill(NOBODY, at, at + WIDTH);
    words[at + STATE] = 0;
    words[at + STREAM] = stream;
    words[at + HASH] = hash;
    words[at + PREVIOUS] = previous;
  }

  /** It is over: nothing is held any more for its sake. */
  end(): void {
    const { entries, number } = this;
    const longer = this.word(LONGER);
    this.flow = this.mentioned = undefined;
    this.givenUpAt = Number.POSITIVE_INFINITY;
    if (longer !== NOBODY) entries.give(longer, 1);
    entries.give(number, 1);
  }

  get stream(): number {
    return this.word(STREAM);
  }

  get hash(): number {
    return this.word(HASH);
  }

  /** The number of who analyses it; NOBODY when another process does. */
  get analyst(): number {
    return (this.word(STATE) >>> ANALYST_SHIFT) - 1;
  }

  /** When its last segment was captured, nanoseconds. */
  get lastTime(): number {
    return this.entries.doubles[(this.at + LAST_TIME) / 2] as number;
  }

  /** Both ends have sent a FIN, or one a reset. */
  get hasEnded(): boolean {
    return (this.word(STATE) & ENDED) === ENDED;
  }

  /** It is to be told of: one of its segments passes the reader's filter. */
  get isWanted(): boolean {
    return (this.word(STATE) & IS_WANTED) !== 0;
  }

  set isWanted(isWanted: boolean) {
    this.mark(IS_WANTED, isWanted);
  }

  /** Its analyst has been told of it. */
  get isKnown(): boolean {
    return (this.word(STATE) & IS_KNOWN) !== 0;
  }

  set isKnown(isKnown: boolean) {
    this.mark(IS_KNOWN, isKnown);
  }

  /** The conversation between the same two ports that this one follows. */
  get previous(): Entry | undefined {
    const previous = this.word(PREVIOUS);
    return previous === NOBODY ? undefined : new Entry(this.entries, previous);
  }

  set previous(previous: Entry | undefined) {
    this.entries.words[this.at + PREVIOUS] = previous?.number ?? NOBODY;
  }

  /** Undefined until a segment of it has been analysed, and for good when another shard does that. */
  get flow(): Flow | undefined {
    return this.entries.flows[this.number];
  }

  set flow(flow: Flow | undefined) {
    this.entries.flows[this.number] = flow;
  }

  /** What Wireshark learnt of it while other packets only spoke of it. */
  get mentioned(): Mentioned | undefined {
    const { mentioned } = this.entries;
    return mentioned.size === 0 ? undefined : mentioned.get(this.number);
  }

  set mentioned(mentioned: Mentioned | undefined) {
    if (mentioned !== undefined) this.entries.mentioned.set(this.number, mentioned);
    else if (this.entries.mentioned.size > 0) this.entries.mentioned.delete(this.number);
  }

  /** When it was left alone although it may have gone on, to make room for others; nanoseconds. */
  get givenUpAt(): number {
    const { givenUpAt } = this.entries;
    return (givenUpAt.size === 0 ? undefined : givenUpAt.get(this.number)) ?? Number.POSITIVE_INFINITY;
  }

  set givenUpAt(time: number) {
    if (time !== Number.POSITIVE_INFINITY) this.entries.givenUpAt.set(this.number, time);
    else if (this.entries.givenUpAt.size > 0) this.entries.givenUpAt.delete(this.number);
  }

  /** Sent by the end that sent the first segment. */
  isThere(segment: Segment): boolean {
    return isThere(segment, this.entries.words, this.at, this.longer);
  }

  /** Fills in between whom segments in both directions are. */
  address(there: Segment, back: Segment): void {
    address(there, back, this.entries.words, this.at, this.longer);
  }

  /** Writes between whom it is into BETWEEN words, from `start` on, */
  copyBetween(to: Int32Array, start: number): void {
    const { words } = this.entries;
    const { longer } = this;
    to[start] = longer === NOT_LONGER ? 4 : 6;
    to.set(words.subarray(this.at, this.at + ENDS), start + 1);
    if (longer !== NOT_LONGER) to.set(words.subarray(longer, longer + LONGER_BY), start + 1 + ENDS);
  }

  /** and reads it from there. */
  beBetween(from: Int32Array, start: number): void {
    if (from[start] === 6) this.beLonger();
    const { words } = this.entries;
    const { longer } = this;
    words.set(from.subarray(start + 1, start + 1 + ENDS), this.at);
    if (longer !== NOT_LONGER) words.set(from.subarray(start + 1 + ENDS, start + BETWEEN), longer);
  }

  /** A SYN with another initial sequence number than its sender had: the ports are used again. */
  isReusedBy(segment: Segment): boolean {
    const isThere = this.isThere(segment);
    const isNumbered = (this.word(STATE) & (isThere ? THERE_NUMBERED : BACK_NUMBERED)) !== 0;
    return isNumbered && this.word(isThere ? BASE_THERE : BASE_BACK) !== segment.seq;
  }

  /** A FIN or a reset was captured. */
  hearEnd(segment: Segment): void {
    this.mark(segment.flags & RST ? ENDED : this.isThere(segment) ? THERE_ENDS : BACK_ENDS, true);
  }

  /** A SYN was captured: it goes on, whatever its ends have sent. */
  goOn(): void {
    this.mark(ENDED, false);
  }

  /** A segment of it was captured. What Wireshark takes for the begin of the sequence numbers follows the rules of its analysis. */
  meet(segment: Segment): void {
    if (segment.length < 0) return;
    this.entries.doubles[(this.at + LAST_TIME) / 2] = segment.time;
    if ((this.word(STATE) & NUMBERED) === NUMBERED && !(segment.flags & SYN)) return;
    const isThere = this.isThere(segment);
    this.read(isThere ? FORWARD : REVERSE, isThere ? REVERSE : FORWARD);
    prepare(segment, FORWARD, REVERSE);
    if ((segment.flags & (SYN | ACK)) === (SYN | ACK)) FORWARD.baseSeq = segment.seq; // reused ports, by the rules of moveOn
    this.write(isThere ? FORWARD : REVERSE, isThere ? REVERSE : FORWARD);
  }

  /** A segment of it is quoted or sampled. */
  mention(segment: Segment): void {
    if ((segment.flags & (SYN | ACK)) !== (SYN | ACK)) return;
    const isThere = this.isThere(segment);
    if (this.word(STATE) & (isThere ? THERE_NUMBERED : BACK_NUMBERED)) this.entries.words[this.at + (isThere ? BASE_THERE : BASE_BACK)] = segment.seq;
  }

  private get longer(): number {
    const longer = this.word(LONGER);
    return longer === NOBODY ? NOT_LONGER : longer * WIDTH;
  }

  private beLonger(): void {
    const longer = this.entries.add();
    this.entries.words[this.at + LONGER] = longer; // not before: the words may lie elsewhere now
  }

  private mark(bits: number, isSo: boolean): void {
    const state = this.word(STATE);
    this.entries.words[this.at + STATE] = isSo ? state | bits : state & ~bits;
  }

  private read(there: Numbering, back: Numbering): void {
    const state = this.word(STATE);
    there.hasBaseSeq = (state & THERE_NUMBERED) !== 0;
    there.baseSeq = this.word(BASE_THERE);
    back.hasBaseSeq = (state & BACK_NUMBERED) !== 0;
    back.baseSeq = this.word(BASE_BACK);
  }

  private write(there: Numbering, back: Numbering): void {
    this.mark(THERE_NUMBERED, there.hasBaseSeq);
    this.mark(BACK_NUMBERED, back.hasBaseSeq);
    this.entries.words[this.at + BASE_THERE] = there.baseSeq;
    this.entries.words[this.at + BASE_BACK] = back.baseSeq;
  }
}

/** Refilled for each segment that says where sequence numbers begin. */
const FORWARD: Numbering = { baseSeq: 0, hasBaseSeq: false };
const REVERSE: Numbering = { baseSeq: 0, hasBaseSeq: false };
