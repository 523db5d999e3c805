import { RST } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';

/** Segments of one end, the other never seen, from which on the other direction is missing rather than silent. */
const ENOUGH = 3;

/** No handshake, and no end that only ever resets: what it refuses may never have been a connection. */
export function isMidstream({ first, second, timeline }: Flow): boolean {
  if (first.hasSyn || second.hasSyn) return false;
  return [first, second].every(({ side, segments }) => segments === 0 || segments > timeline.segments.count(RST, side));
}

/** One end was never seen, yet what the other acknowledges shows that it spoke. */
export function isOneSided({ first, second, timeline }: Flow): boolean {
  if (second.segments > 0 || first.segments < ENOUGH || !hasSpoken(first) || !first.hasRcvNxt) return false;
  const acknowledged = timeline.moments.find(({ ack }) => ack !== 0)?.ack ?? first.rcvNxt;
  return first.hasSyn || acknowledged !== first.rcvNxt;
}

/** One SYN of the handshake was captured, and something of the open connection, but not the SYN of the other end. */
export function lacksSyn({ first, second, timeline }: Flow): boolean {
  if (first.hasSyn === second.hasSyn) return false;
  const [end, other] = first.hasSyn ? [first, second] : [second, first];
  return other.dataSegments > 0 || end.segments - end.syns - timeline.segments.count(RST, end.side) > 0;
}

/** It has sent more than its SYN. */
export function hasSpoken({ segments, syns }: Endpoint): boolean {
  return segments > syns;
}
