import type { Lanes, Trace } from './trace.js';

/** One capture, as far as it is compared with others. */
export interface Recorded {
  readonly trace: Trace;
  readonly lanes: Lanes;
  /** Nanoseconds since its epoch of its first and of its last frame. */
  readonly start: number;
  readonly end: number;
  /** Seconds since a moment that is the same for all captures. */
  readonly epoch: number;
}

/** Up to when segments were recorded: the end of the capture, or where there was no more room. */
export function recordedUntil({ trace, end }: Recorded): number {
  return trace.left > 0 ? (trace.time[trace.count - 1] as number) : end;
}
