import { checkTcp } from './checksum.js';
import { SYN } from './flags.js';
import type { Packet } from './packet.js';
import { endOf, type Segment } from './segment.js';
import { CUT, SEGMENT, type Skipped } from './skipped.js';

// Option kinds, https://www.iana.org/assignments/tcp-parameters
const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
const MSS = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
const TIMESTAMPS = 8;
const MD5_SIGNATURE = 19;
const AUTHENTICATION = 29;
const MPTCP = 30;
const MP_CAPABLE = 0;
const MP_JOIN = 1;
const FAST_OPEN = 34;
const EXPERIMENT = 254;
const EXPERIMENTAL_FAST_OPEN = 0xf989;

/** No-operation, no-operation, timestamps of length 10: how nearly every segment starts its options. */
const ALIGNED_TIMESTAMPS = 0x0101080a;

/** Reads the TCP header. One of which only the first 16 bytes were captured still counts; its options do not. */
export function decodeTcp(packet: Packet): Skipped {
  const { view, at, end, segment } = packet;
  if (end - at < 16) return CUT;
  const offsetAndFlags = view.getUint16(at + 12);
  const headerLength = (offsetAndFlags >>> 12) << 2;
  const flags = offsetAndFlags & 0x1ff;
  const length = packet.wireEnd - at - headerLength;
  segment.sourcePort = view.getUint16(at);
  segment.destinationPort = view.getUint16(at + 2);
  segment.seq = view.getInt32(at + 4);
  segment.ack = view.getInt32(at + 8);
  segment.flags = flags;
  segment.window = view.getUint16(at + 14);
  segment.checksum = end - at >= 18 ? view.getUint16(at + 16) : 0;
  segment.malformed = headerLength < 20 || length < 0;
  segment.optionsCut = at + headerLength > end || end - at < 20;
  segment.length = length;
  segment.end = endOf(segment);
  segment.optionKinds = 0;
  segment.mss = -1;
  segment.windowScale = -1;
  segment.sackPermitted = false;
  segment.hasTimestamps = false;
  segment.sackCount = 0;
  segment.fastOpen = -1;
  segment.authentication = 0;
  segment.mptcp = 0;
  if (headerLength === 32 && !segment.optionsCut && view.getInt32(at + 20) === ALIGNED_TIMESTAMPS) {
    segment.hasTimestamps = true;
    segment.tsval = view.getInt32(at + 24);
    segment.tsecr = view.getInt32(at + 28);
  } else if (headerLength > 20 && !segment.malformed) {
    decodeOptions(view, at + 20, Math.min(at + headerLength, end), segment);
  }
  segment.checksumVerdict = checkTcp(packet);
  return SEGMENT;
}

/** Options as far as they reach: one that is cut off or has an impossible length ends the list. */
function decodeOptions(view: DataView, start: number, end: number, segment: Segment): void {
  for (let at = start; at < end; ) {
    const kind = view.getUint8(at);
    if (segment.flags & SYN && segment.optionKinds < 1 << 25) segment.optionKinds = (segment.optionKinds << 5) | Math.min(kind, 31);
    if (kind === END_OF_OPTIONS) return;
    if (kind === NO_OPERATION) {
      at++;
      continue;
    }
    if (at + 2 > end) return;
    const size = view.getUint8(at + 1);
    if (size < 2 || at + size > end) return;
    decodeOption(view, kind, at, size, segment);
    at += size;
  }
}

function decodeOption(view: DataView, kind: number, at: number, size: number, segment: Segment): void {
  switch (kind) {
    case MSS:
      if (size === 4) segment.mss = view.getUint16(at + 2);
      break;
    case WINDOW_SCALE:
      if (size === 3) segment.windowScale = Math.min(view.getUint8(at + 2), 14); // RFC 7323 section 2.3
      break;
    case SACK_PERMITTED:
      segment.sackPermitted = true;
      break;
    case SACK:
      segment.sackCount = Math.min((size - 2) >> 3, 4);
      for (let i = 0; i < segment.sackCount * 2; i++) segment.sackEdges[i] = view.getInt32(at + 2 + i * 4);
      break;
    case TIMESTAMPS:
      if (size !== 10) break;
      segment.hasTimestamps = true;
      segment.tsval = view.getInt32(at + 2);
      segment.tsecr = view.getInt32(at + 6);
      break;
    case MD5_SIGNATURE:
    case AUTHENTICATION:
      segment.authentication = kind;
      break;
    case MPTCP:
      if (size >= 3) decodeMptcp(view, at, size, segment);
      break;
    case FAST_OPEN:
      segment.fastOpen = size - 2;
      break;
    case EXPERIMENT:
      if (size >= 4 && view.getUint16(at + 2) === EXPERIMENTAL_FAST_OPEN) segment.fastOpen = size - 4;
      break;
  }
}

/** RFC 8684 sections 3.1 and 3.2 */
function decodeMptcp(view: DataView, at: number, size: number, segment: Segment): void {
  const subtype = view.getUint8(at + 2) >>> 4;
  segment.mptcp |= 1 << subtype;
  if (subtype === MP_CAPABLE) {
    segment.mptcpVersion = view.getUint8(at + 2) & 0x0f;
    segment.mptcpKeyCount = size >= 20 ? 2 : size >= 12 ? 1 : 0;
    for (let i = 0; i < segment.mptcpKeyCount * 2; i++) segment.mptcpKeys[i] = view.getInt32(at + 4 + i * 4);
  }
  if (subtype === MP_JOIN && segment.flags & SYN && size >= 8) segment.mptcpToken = view.getInt32(at + 4);
}
