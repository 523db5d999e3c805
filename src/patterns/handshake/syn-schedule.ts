import type { Moment } from '../../flow/timeline.js';

/** How a client spaces its SYNs, which tells the age of its kernel. */
export type SynSchedule = 'linear' | 'doubling' | 'three seconds' | 'unknown';

const SECOND = 1e9;

/**
 * Linux 6.5 and later repeats a SYN each second at first (tcp_syn_linear_timeouts), 3.1 to 6.4 after 1, 2, 4 s,
 * earlier ones after 3, 6, 12 s.
 */
export function synSchedule(syns: readonly Moment[]): SynSchedule {
  const gaps = syns.slice(1).map((syn, i) => (syn.time - (syns[i]?.time ?? 0)) / SECOND);
  if (isNear(gaps[0], 3)) return 'three seconds';
  if (!isNear(gaps[0], 1)) return 'unknown';
  if (isNear(gaps[1], 1)) return 'linear';
  return isNear(gaps[1], 2) ? 'doubling' : 'unknown';
}

function isNear(gap: number | undefined, nominal: number): boolean {
  return gap !== undefined && gap > nominal * 0.9 && gap < nominal * 1.2;
}
