import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import type { Repeats } from '../timers.js';
import type { Verdict } from '../verdict.js';

/** When the end has sent segments of this verdict since then. */
export function probesSince(flow: Flow, endpoint: Endpoint, kind: Verdict, since: number): number[] {
  return flow.timeline.moments.filter((moment) => isOf(moment, endpoint) && moment.verdict === kind && moment.time > since).map(({ time }) => time);
}

function isOf({ side }: { side: number }, endpoint: Endpoint): boolean {
  return side === endpoint.side;
}

/** What was sent at these times, as one segment and its repetitions. */
export function repeatsOf(times: readonly number[]): Repeats {
  const last = times.at(-1) ?? 0;
  return { count: times.length, first: times[0] ?? 0, last, lastGap: last - (times.at(-2) ?? last) };
}
