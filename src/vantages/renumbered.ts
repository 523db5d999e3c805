import type { CommonTime } from './cover.js';
import type { Found, Passage } from './passage.js';
import { hasTimestamps } from './trace.js';

/** Nanoseconds that a segment may seem to arrive too early, and longer than it is under way. */
const SLACK = 1e6;
const LONGEST = 10e9;

/**
 * Segments whose sequence numbers something has begun to shift in the middle of the connection: among those that are left, the ones that agree in
 * IP ID, timestamps, length and control bits, and there is only one of them at either point. Fills in `found`.
 */
export function matchRenumbered({ up, down, ups, downs }: Passage, { arrivals, origins, copies }: Found, time: CommonTime): void {
  const left = new Map<string, number[]>();
  const keyOf = (trace: typeof up, record: number): string | undefined => {
    const { ipId, tsval, tsecr, length, flags, options } = trace;
    if ((ipId[record] as number) <= 0 || !hasTimestamps(options[record] as number)) return undefined;
    return `${ipId[record]} ${tsval[record]} ${tsecr[record]} ${length[record]} ${(flags[record] as number) & 0x17}`;
  };
  for (const [i, record] of ups.entries()) {
    const key = (arrivals[i] as number) < 0 ? keyOf(up, record) : undefined;
    if (key !== undefined) left.set(key, [...(left.get(key) ?? []), i]);
  }
  if (left.size === 0) return;
  for (const [j, record] of downs.entries()) {
    if ((origins[j] as number) >= 0 || (copies[j] as number) >= 0) continue;
    const [i, another] = left.get(keyOf(down, record) ?? '') ?? [];
    if (i === undefined || another !== undefined || (arrivals[i] as number) >= 0) continue;
    const delay = time.arrived(down.time[record] as number) - time.sent(up.time[ups[i] as number] as number);
    if (delay < -SLACK || delay > LONGEST) continue;
    arrivals[i] = j;
    origins[j] = i;
  }
}
