import { ACK, FIN, RST, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import type { WiresharkConversation } from '../wireshark.js';
import { NOT_SCALED, UNKNOWN_SCALE, type WiresharkDirection } from './direction.js';

/** What Wireshark learns of the fixed header apart from its sequence analysis. `length`: the bytes of payload, as far as it knows. */
export function learnFlags(segment: Segment, length: number, conversation: WiresharkConversation, forward: WiresharkDirection): void {
  const { flags } = segment;
  if (conversation.isBegun) conversation.completeness |= completenessOf(flags, length);
  else begin(conversation, flags, length);
  if (flags & SYN) {
    forward.isFirstAck = true;
    if (!(flags & ACK)) conversation.synTime = segment.time;
  } else if (flags & ACK) {
    if (conversation.initialRtt === 0) conversation.initialRtt = segment.time - conversation.synTime || 0; // NaN without a SYN
    forward.isFirstAck = false;
  }
}

/** What it learns of the options, if it reaches them. */
export function learnOptions(segment: Segment, forward: WiresharkDirection, reverse: WiresharkDirection): void {
  const { flags } = segment;
  forward.sackedBytes = segment.sackCount > 0 ? sackedBytes(segment) : 0;
  if (segment.windowScale >= 0) forward.windowScale = segment.windowScale;
  if (flags & SYN && !segment.optionsCut) agreeOnScale(flags, forward, reverse);
}

/** Wireshark 4.0 keeps three of at most four blocks. */
function sackedBytes({ sackCount, sackEdges }: Segment): number {
  let bytes = 0;
  for (let i = 0; i < Math.min(sackCount, 3) * 2; i += 2) bytes += ((sackEdges[i + 1] as number) - (sackEdges[i] as number)) >>> 0;
  return bytes;
}

function agreeOnScale(flags: number, forward: WiresharkDirection, reverse: WiresharkDirection): void {
  if (forward.windowScale === UNKNOWN_SCALE) {
    forward.windowScale = NOT_SCALED;
    reverse.windowScale = NOT_SCALED;
  } else if (flags & ACK && reverse.windowScale === NOT_SCALED) {
    forward.windowScale = NOT_SCALED;
  }
}

// tcp.completeness
export const SYN_SEEN: number = 1;
const SYN_ACK_SEEN = 2;
const ACK_SEEN = 4;
const DATA_SEEN = 8;
const FIN_SEEN = 16;
const RST_SEEN = 32;

/** The segment that creates a conversation counts only when it is a SYN. */
function begin(conversation: WiresharkConversation, flags: number, length: number): void {
  const isSyn = (flags & (SYN | ACK)) === SYN;
  const seen = isSyn ? SYN_SEEN | (length > 0 ? DATA_SEEN : 0) : 0;
  if (conversation.reusedIn === 0) conversation.completeness = seen; // otherwise it stands already
  conversation.isBegun = true;
}

function completenessOf(flags: number, length: number): number {
  if ((flags & (SYN | FIN | RST | ACK)) === ACK) return length > 0 ? DATA_SEEN : ACK_SEEN;
  return completenessOfControl(flags, length);
}

function completenessOfControl(flags: number, length: number): number {
  if (flags & RST && !(flags & ACK)) return RST_SEEN;
  if ((flags & (SYN | ACK)) === (SYN | ACK)) return SYN_ACK_SEEN;
  if (!(flags & ACK)) return 0;
  const end = (flags & FIN ? FIN_SEEN : 0) | (flags & RST ? RST_SEEN : 0);
  return end | (length > 0 ? DATA_SEEN : ACK_SEEN);
}
