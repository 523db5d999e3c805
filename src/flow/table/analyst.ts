import type { Segment } from '../../decode/segment.js';
import type { Entry } from './entry.js';

/** Who analyses conversations that the table finds: this thread, or another one that is told of them. */
export interface Analyst {
  /** A segment of one of its conversations was captured. */
  take(segment: Segment, entry: Entry): void;
  /** A segment of one of its conversations is quoted by an ICMP error, or was sampled by a switch. */
  mention(segment: Segment, entry: Entry, isQuoted: boolean): void;
  /** A segment with MPTCP options was captured that belongs to somebody else's conversation: it can name a connection that one of its own joins. */
  overhear(segment: Segment, stream: number): void;
  /** One of its conversations is over, and with it the one before it: what the later one shows of the earlier one is known by then. */
  end(entry: Entry, now: number): void;
  /** Undefined while it keeps up. */
  caughtUp?(): Promise<void> | undefined;
}

/** The number of who analyses the conversation that begins with a segment; NOBODY when another process does. */
export type Assignment = (segment: Segment) => number;
