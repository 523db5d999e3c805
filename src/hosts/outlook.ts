import type { RunningTimer } from '../flow/timers/running.js';

/** "ETIMEDOUT expected at +127 to +131 s (tcp_syn_retries)", counted from `start`; what a running timer leads to if nothing more comes. */
export function outlookText({ from, to, outcome, setting, kind }: RunningTimer, start: number): string {
  if (!Number.isFinite(to))
    return kind === 'persist' ? 'lasts as long as the probes are answered' : 'its repetitions follow no default: nobody knows when it ends';
  const seconds = (time: number): string => `+${Math.round((time - start) / 1e9)}`;
  const when = seconds(from) === seconds(to) ? seconds(from) : `${seconds(from)} to ${seconds(to)}`;
  return `${OUTCOMES[outcome]} at ${when} s (${setting})`;
}

const OUTCOMES: Readonly<Record<RunningTimer['outcome'], string>> = { ETIMEDOUT: 'ETIMEDOUT expected', forgotten: 'forgotten', over: 'over' };
