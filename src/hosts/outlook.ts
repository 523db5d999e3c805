import type { RunningTimer } from '../flow/timers/timer.js';

/**
 * What a running timer leads to if nothing more comes, counted from `start`: "ends with ETIMEDOUT at +127 to +131 s (tcp_syn_retries)".
 * The setting is named only where the host looks like Linux.
 */
export function outlookText({ from, to, outcome, setting, kind }: RunningTimer, start: number, isLinux: boolean): string {
  if (!Number.isFinite(to))
    return kind === 'persist' || kind === 'keepalive'
      ? 'lasts as long as the probes are answered'
      : 'repeats in no rhythm that is a default: nobody knows when it ends';
  const seconds = (time: number): string => `+${Math.round((time - start) / 1e9)}`;
  const when = seconds(from) === seconds(to) ? seconds(from) : `${seconds(from)} to ${seconds(to)}`;
  return `${OUTCOMES[outcome]} at ${when} s (${isLinux ? setting : 'if it is Linux'})`;
}

const OUTCOMES: Readonly<Record<RunningTimer['outcome'], string>> = {
  ETIMEDOUT: 'ends with ETIMEDOUT',
  'given up': 'is given up',
  forgotten: 'is forgotten',
  over: 'is over',
};
