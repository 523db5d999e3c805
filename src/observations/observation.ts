import type { Segment } from '../decode/segment.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';

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
  /** The question, asked before what is known moves on. */
  isSeen(segment: Segment, sender: Endpoint, receiver: Endpoint, flow: Flow): boolean;
}

/**
 * Segments in the notation of packetdrill: seconds, `>` client to server or `<` back, flags, first:last(length),
 * ack, win, options in angle brackets; behind `#` what is seen of that segment.
 */
export type Transcript = string;
