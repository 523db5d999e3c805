import type { Direction } from '../../capture/frame.js';
import { endOf, type Segment } from '../../decode/segment.js';

/** Words of a row. */
export const WIDTH = 12;
// A double at the begin of the row, then words.
const FRAME = 2;
const SEQ = 3;
const ACK = 4;
const LENGTH = 5;
/** Flags of the TCP header, and the window behind them. */
const FLAGS = 6;
/** Checksum, and the number of the interface behind it. */
const SUM = 7;
/** Identification of the IP header and one, and small numbers behind it. */
const IP = 8;
/** TTL, the VLAN tag and one, and what is either so or not. */
const BITS = 9;
const TSVAL = 10;
const TSECR = 11;

// Behind TTL and VLAN tag.
const HAS_TIMESTAMPS = 1 << 24;
const OPTIONS_CUT = 1 << 25;
const MALFORMED = 1 << 26;
const HAS_MORE = 1 << 27;
const SACK_PERMITTED = 1 << 28;
/** Addresses and ports are the conversation's: the segment goes there or back. */
const IS_BACK = 1 << 29;

// The second row of a segment, with what few have.
const ENCAPSULATION = 0;
const OPTION_KINDS = 1;
/** Maximum segment size and one, and the number of SACK blocks behind it. */
const MSS = 2;
/** Window scale and one, length of the Fast Open cookie and one, kind of the authentication: a byte each. */
const RARE = 3;
const SACK_EDGES = 4;

/** A segment of a conversation as one row, or two. Whether it fits: what is left out concerns other conversations. */
export function fitsRow({ mptcp, interfaceId }: Segment): boolean {
  return mptcp === 0 && interfaceId >>> 15 === 0;
}

/** Writes it at the word `at`, and what few have at `more`; negative when it has nothing of that. */
export function writeRow(segment: Segment, isThere: boolean, words: Int32Array, doubles: Float64Array, at: number, more: number): void {
  doubles[at / 2] = segment.time;
  words[at + FRAME] = segment.frame;
  words[at + SEQ] = segment.seq;
  words[at + ACK] = segment.ack;
  words[at + LENGTH] = segment.length;
  words[at + FLAGS] = segment.flags | (segment.window << 16);
  words[at + SUM] = segment.checksum | (segment.interfaceId << 16);
  words[at + IP] = (segment.ipId + 1) | (segment.ecn << 17) | (segment.direction << 19) | ((segment.checksumVerdict + 1) << 21);
  words[at + BITS] = bitsOf(segment, more >= 0) | (isThere ? 0 : IS_BACK);
  words[at + TSVAL] = segment.tsval;
  words[at + TSECR] = segment.tsecr;
  if (more >= 0) writeMore(segment, words, more);
}

/**
 * Fills the cursor with what stands there; `segment` already has the family, and addresses and ports of one direction. The second row, if there is
 * one, is at `more`.
 */
export function readRow(segment: Segment, words: Int32Array, doubles: Float64Array, at: number, more: number): void {
  segment.time = doubles[at / 2] as number;
  segment.frame = words[at + FRAME] as number;
  segment.seq = words[at + SEQ] as number;
  segment.ack = words[at + ACK] as number;
  segment.length = words[at + LENGTH] as number;
  const flags = words[at + FLAGS] as number;
  segment.flags = flags & 0xffff;
  segment.window = flags >>> 16;
  segment.end = endOf(segment);
  const sum = words[at + SUM] as number;
  segment.checksum = sum & 0xffff;
  segment.interfaceId = sum >>> 16;
  const ip = words[at + IP] as number;
  segment.ipId = (ip & 0x1ffff) - 1;
  segment.ecn = (ip >>> 17) & 3;
  segment.direction = ((ip >>> 19) & 3) as Direction;
  segment.checksumVerdict = (ip >>> 21) - 1;
  const bits = words[at + BITS] as number;
  segment.ttl = bits & 0xff;
  segment.vlan = ((bits >>> 8) & 0xffff) - 1;
  segment.hasTimestamps = (bits & HAS_TIMESTAMPS) !== 0;
  segment.optionsCut = (bits & OPTIONS_CUT) !== 0;
  segment.malformed = (bits & MALFORMED) !== 0;
  segment.sackPermitted = (bits & SACK_PERMITTED) !== 0;
  segment.tsval = words[at + TSVAL] as number;
  segment.tsecr = words[at + TSECR] as number;
  if (bits & HAS_MORE) readMore(segment, words, more);
  else readNoMore(segment);
}

/** Whether it has a second row. */
export function hasMore(words: Int32Array, at: number): boolean {
  return ((words[at + BITS] as number) & HAS_MORE) !== 0;
}

/** Whether it was sent by the end that sent the first one. */
export function wentThere(words: Int32Array, at: number): boolean {
  return ((words[at + BITS] as number) & IS_BACK) === 0;
}

/** What few have: options other than timestamps, and labels or tunnels around it. */
export function needsMore(segment: Segment): boolean {
  const { sackCount, mss, windowScale, fastOpen, authentication, optionKinds } = segment;
  const isPlain = sackCount === 0 && mss < 0 && windowScale < 0 && fastOpen < 0 && authentication === 0 && optionKinds === 0;
  return !isPlain || segment.encapsulation !== encapsulationBy(segment.vlan);
}

function bitsOf({ ttl, vlan, hasTimestamps, optionsCut, malformed, sackPermitted }: Segment, isLonger: boolean): number {
  const bits = (hasTimestamps ? HAS_TIMESTAMPS : 0) | (optionsCut ? OPTIONS_CUT : 0) | (malformed ? MALFORMED : 0);
  return ttl | ((vlan + 1) << 8) | bits | (sackPermitted ? SACK_PERMITTED : 0) | (isLonger ? HAS_MORE : 0);
}

function writeMore(segment: Segment, words: Int32Array, at: number): void {
  words[at + ENCAPSULATION] = segment.encapsulation;
  words[at + OPTION_KINDS] = segment.optionKinds;
  words[at + MSS] = (segment.mss + 1) | (segment.sackCount << 17);
  words[at + RARE] = (segment.windowScale + 1) | ((segment.fastOpen + 1) << 8) | (segment.authentication << 16);
  for (let i = 0; i < segment.sackCount * 2; i++) words[at + SACK_EDGES + i] = segment.sackEdges[i] as number;
}

function readMore(segment: Segment, words: Int32Array, at: number): void {
  segment.encapsulation = words[at + ENCAPSULATION] as number;
  segment.optionKinds = words[at + OPTION_KINDS] as number;
  const mss = words[at + MSS] as number;
  segment.mss = (mss & 0x1ffff) - 1;
  segment.sackCount = mss >>> 17;
  const rare = words[at + RARE] as number;
  segment.windowScale = (rare & 0xff) - 1;
  segment.fastOpen = ((rare >>> 8) & 0xff) - 1;
  segment.authentication = rare >>> 16;
  for (let i = 0; i < segment.sackCount * 2; i++) segment.sackEdges[i] = words[at + SACK_EDGES + i] as number;
}

function readNoMore(segment: Segment): void {
  segment.encapsulation = encapsulationBy(segment.vlan);
  segment.optionKinds = 0;
  segment.mss = -1;
  segment.windowScale = -1;
  segment.fastOpen = -1;
  segment.authentication = 0;
  segment.sackCount = 0;
}

/** Of a segment around which there is a VLAN tag at most. */
function encapsulationBy(vlan: number): number {
  return vlan + 1;
}
