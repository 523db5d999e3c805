import type { Moment } from '../../flow/timeline.js';
import { type Schedule, SYN_SCHEDULES, schedulesOf } from '../../flow/timers/schedules.js';

/** How a client spaces its SYNs, which tells the age of its kernel. */
export type SynSchedule = Schedule['id'] | 'unknown';

/** The first three SYNs tell the schedules apart. */
export function synSchedule(syns: readonly Moment[]): SynSchedule {
  const [first, second = first, third = second] = syns;
  if (first === undefined || second === undefined || third === undefined) return 'unknown';
  const count = Math.min(syns.length, 3);
  const fitting = schedulesOf({ count, first: first.time, last: third.time, lastGap: third.time - second.time }, SYN_SCHEDULES);
  return fitting.length === 1 ? (fitting[0]?.id ?? 'unknown') : 'unknown';
}
