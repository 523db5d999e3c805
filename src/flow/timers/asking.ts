import type { Endpoint } from '../endpoint.js';
import type { Flow } from '../flow.js';
import { firstFiringAfter, KEEP_ALIVE_PROBES, modelTimeout, nextWait, SHORTEST_TIMEOUT } from '../timers.js';
import { KEEP_ALIVE_PROBE, WINDOW_PROBE } from '../verdict.js';
import { probesSince, repeatsOf } from './probes.js';
import type { Patience, RunningTimer } from './timer.js';

/** Asks a receiver without room; it goes on for ever as long as that answers. */
export function persistTimer(flow: Flow, endpoint: Endpoint, { retries, setting, outcome }: Patience): RunningTimer | undefined {
  const peer = flow.peer(endpoint);
  const { closedWindow } = peer;
  if (!closedWindow?.isClosed) return undefined;
  const probes = probesSince(flow, endpoint, WINDOW_PROBE, closedWindow.since);
  if (probes.length === 0) return undefined;
  const repeats = repeatsOf(probes);
  const next = nextWait(repeats, SHORTEST_TIMEOUT + endpoint.roundTrips.smoothed);
  const inVain = probes.filter((time) => time > peer.lastTime);
  const isAnswered = inVain.length === 0;
  const at = isAnswered ? Number.POSITIVE_INFINITY : firstFiringAfter(inVain[0] ?? 0, modelTimeout(retries), repeats.last, next);
  return { kind: 'persist', repeats, fired: inVain.length, nextAt: repeats.last + next, from: at, to: at, outcome, setting };
}

/** Asks an idle peer; only probes that were seen prove that the application wants that (SO_KEEPALIVE). */
export function keepAliveTimer(flow: Flow, endpoint: Endpoint): RunningTimer | undefined {
  const { lastTime } = flow.peer(endpoint);
  const probes = probesSince(flow, endpoint, KEEP_ALIVE_PROBE, 0);
  const inVain = probes.filter((time) => time > lastTime);
  if (inVain.length === 0) return idleTimer(probes, lastTime);
  if (inVain.length === 1) return undefined; // the interval shows between two
  const repeats = repeatsOf(inVain);
  const nextAt = repeats.last + repeats.lastGap;
  const end = Math.max(repeats.first + KEEP_ALIVE_PROBES * repeats.lastGap, nextAt);
  return { kind: 'keepalive', repeats, fired: inVain.length, nextAt, from: end, to: end, outcome: 'ETIMEDOUT', setting: 'tcp_keepalive_probes' };
}

/** All probes were answered: the next one comes as long after the last word of the peer as the others did (tcp_keepalive_timer()). */
function idleTimer(probes: readonly number[], heardAt: number): RunningTimer | undefined {
  if (probes.length < 2) return undefined;
  const idle = Math.min(...probes.slice(1).map((time, i) => time - (probes[i] ?? time)));
  const never = Number.POSITIVE_INFINITY;
  const times = { nextAt: heardAt + idle, from: never, to: never };
  return { kind: 'keepalive', repeats: undefined, fired: 0, ...times, outcome: 'ETIMEDOUT', setting: 'tcp_keepalive_time' };
}
