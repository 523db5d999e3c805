import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { STATE_NAMES } from '../flow/state.js';
import { runningTimer } from '../flow/timers/running.js';
import type { RunningTimer } from '../flow/timers/timer.js';
import { looksLikeLinux } from '../hosts/fingerprint.js';
import { outlookText } from '../hosts/outlook.js';
import type { PendingTimer } from '../report.js';

/** The timers that run at both ends when the capture is over. `start`: nanoseconds of its first frame. */
export function pendingTimers(flow: Flow, start: number): PendingTimer[] {
  const { client, server } = flow;
  return [client, server].flatMap((endpoint) => {
    const timer = runningTimer(flow, endpoint);
    return timer === undefined ? [] : [pending(endpoint, endpoint === client ? 'client' : 'server', timer, start)];
  });
}

function pending(endpoint: Endpoint, side: 'client' | 'server', timer: RunningTimer, start: number): PendingTimer {
  const [from, to] = [timer.from, timer.to].map((time) => (Number.isFinite(time) ? Math.round((time - start) / 1e6) / 1e3 : null)) as [
    number | null,
    number | null,
  ];
  const name = STATE_NAMES[endpoint.state] ?? '';
  const isLinux = looksLikeLinux(endpoint);
  return {
    side,
    state: name,
    timer: timer.kind,
    setting: isLinux ? timer.setting : null,
    from,
    to,
    sentence: `${name} ${outlookText(timer, start, isLinux)}`,
  };
}
