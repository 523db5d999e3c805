import { RST } from '../../decode/flags.js';
import type { Moment } from '../../flow/timeline.js';
import { isAcknowledgment, type Part } from '../../patterns/story.js';

const INITIAL_TTLS: readonly number[] = [64, 128, 255];
/** Some systems send resets with another initial TTL than everything else. */
const SAME_DISTANCE = 2;
/** From one segment of a connection to the next the IP ID grows by one, or by the segments that the network card makes of it. */
const NEAR = 256;
/** Nanoseconds: what comes so much later has not merely been overtaken. */
const LATER = 100e6;

/** What says that a reset was not made by the host whose address it carries. */
export interface Origin {
  /** Clauses; empty when nothing does. */
  readonly signs: readonly string[];
  /** It has come another way, or from another distance. */
  readonly hasOtherTtl: boolean;
}

/** `isLinux`: it counts the IP ID for each connection, so that a jump tells something. */
export function originOf(reset: Moment, sender: Part, isLinux: boolean): Origin {
  const signs: string[] = [];
  const before = lastBefore(reset, sender);
  if (before === undefined) return { signs, hasOtherTtl: false };
  const isOtherSystem = !isLinux && Math.abs(hopsOf(before.ttl) - hopsOf(reset.ttl)) <= SAME_DISTANCE;
  const hasOtherTtl = before.ttl !== reset.ttl && !isOtherSystem;
  const name = sender.endpoint.family === 4 ? 'TTL' : 'hop limit';
  if (hasOtherTtl) signs.push(`its ${name} is ${reset.ttl}, that of the packets before it ${before.ttl}`);
  const step = ((reset.ipId - before.ipId) << 16) >> 16;
  if (isLinux && reset.ipId > 0 && before.ipId > 0 && Math.abs(step) > NEAR)
    signs.push(`its IP ID is ${reset.ipId}, the one before was ${before.ipId}`);
  const goesOn = sender.moments.some((moment) => moment.time > reset.time + LATER && isAcknowledgment(moment) && moment.length > 0);
  if (goesOn) signs.push('that address went on sending data afterwards, as if it had not reset anything');
  return { signs, hasOtherTtl };
}

/** How the last segment before the reset looked, and when it was sent. Its IP ID is 0 when only an older one is still remembered. */
export function lastBefore(reset: Moment, { endpoint, moments }: Part): { ttl: number; ipId: number; time: number } | undefined {
  const { transmissions } = endpoint;
  for (let position = transmissions.end - 1; position >= transmissions.oldest; position--) {
    const isBefore = transmissions.frameOf(position) < reset.frame && !(transmissions.flagsOf(position) & RST);
    if (isBefore) return { ttl: transmissions.ttlOf(position), ipId: transmissions.ipIdOf(position), time: transmissions.timeOf(position) };
  }
  const older = moments.findLast((moment) => moment.frame < reset.frame && !(moment.flags & RST));
  return older === undefined ? undefined : { ttl: older.ttl, ipId: 0, time: older.lastTime };
}

/** Routers that a packet has passed, if it started with one of the usual values. */
function hopsOf(ttl: number): number {
  return (INITIAL_TTLS.find((initial) => initial >= ttl) ?? 255) - ttl;
}
