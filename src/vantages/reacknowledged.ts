import { ACK, SYN } from '../decode/flags.js';
import type { CommonTime } from './cover.js';
import type { Found, Passage } from './passage.js';

/** Nanoseconds that a segment may seem to arrive too early, and longer than it is under way. */
const SLACK = 1e6;
const LONGEST = 10e9;

/**
 * SYN-ACKs of which something on the way has changed the acknowledgment number: among those that are left at both points, each is the last
 * one with its sequence number, timestamp and options that can have arrived by then. Fills in `found`.
 */
export function matchReacknowledged({ up, down, ups, downs }: Passage, { arrivals, origins, copies }: Found, time: CommonTime): void {
  const keyOf = ({ seq, tsval, options }: typeof up, record: number): string => `${seq[record]} ${tsval[record]} ${options[record]}`;
  const isSynAck = ({ flags }: typeof up, record: number): boolean => ((flags[record] as number) & (SYN | ACK)) === (SYN | ACK);
  const left = new Map<string, number[]>();
  for (const [i, record] of ups.entries()) {
    if ((arrivals[i] as number) >= 0 || !isSynAck(up, record)) continue;
    const key = keyOf(up, record);
    left.set(key, [...(left.get(key) ?? []), i]);
  }
  if (left.size === 0) return;
  for (const [j, record] of downs.entries()) {
    if ((origins[j] as number) >= 0 || (copies[j] as number) >= 0 || !isSynAck(down, record)) continue;
    const arrived = time.arrived(down.time[record] as number);
    const delayOf = (i: number): number => arrived - time.sent(up.time[ups[i] as number] as number);
    const i = left.get(keyOf(down, record))?.findLast((one) => (arrivals[one] as number) < 0 && delayOf(one) >= -SLACK && delayOf(one) < LONGEST);
    if (i === undefined) continue;
    arrivals[i] = j;
    origins[j] = i;
  }
}
