import { distance } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import type { Part } from '../../patterns/story.js';

/** A segment for `server` echoes a timestamp that the server has not sent, neither in its SYN-ACK nor later. 0 echoes nothing. */
export function echoesForeign({ hasTimestamps, tsecr }: Moment, { syns: [synAck], endpoint }: Part): boolean {
  if (!hasTimestamps || tsecr === 0 || synAck === undefined || !synAck.hasTimestamps) return false;
  return distance(tsecr, synAck.tsval) < 0 || distance(tsecr, endpoint.lastTsval) > 0;
}
