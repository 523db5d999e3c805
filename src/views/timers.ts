import type { ReportedMoment, StateChange } from '../report.js';
import { durationText } from './wording.js';

/** How a change of state is known: "seen", "inferred", "timer", or "timer: tcp_syn_retries" where a default explains when it fired. */
export function basisText({ basis, timer }: StateChange): string {
  return timer ? `${basis}: ${timer}` : basis;
}

/** What made the sender wait, and how long: "retransmission timeout after 1.68 s, doubled 2 times"; empty when no timer's default explains it. */
export function waitText({ wait }: ReportedMoment): string {
  if (wait === undefined) return '';
  const { timer, seconds, doublings } = wait;
  const backOff = doublings === 0 ? '' : doublings === 1 ? ', doubled once' : `, doubled ${doublings} times`;
  return `${timer} after ${durationText(seconds)}${backOff}`;
}
