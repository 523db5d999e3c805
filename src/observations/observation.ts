import type { Segment } from '../decode/segment.js';
import type { WiresharkConversation, WiresharkDirection } from '../flow/wireshark.js';

/**
 * One question about one segment. `id` is the file's name and what the reader types after `tcpexplain explain`.
 * Wireshark's flags carry Wireshark's names and follow its rules exactly, also where they guess; `verdict`, in
 * flow/, says what really happened.
 */
export interface Observation {
  readonly id: string;
  readonly title: string;
  /** Its bit in flow/seen.ts. */
  readonly bit: number;
  /** What it says, for somebody who has not met it before. */
  readonly about: string;
  /** When not to believe it. */
  readonly doubt?: string;
  /** Segments, with the observation at the end of the lines on which it is made. Shown by `explain`, executed by the tests. */
  readonly example: Transcript;
  /** The question, asked before what is known moves on. `forward` is the direction in which the segment travels. */
  isSeen(segment: Segment, forward: WiresharkDirection, reverse: WiresharkDirection, conversation: WiresharkConversation): boolean;
}

/**
 * Segments in the notation of packetdrill: seconds, `>` client to server or `<` back, flags, first:last(length),
 * ack, win, options in angle brackets; behind `#` what is seen of that segment.
 */
export type Transcript = string;
