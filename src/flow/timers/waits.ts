import {
  EARLIEST,
  FIRST_TIMEOUT,
  isDue,
  KEEP_ALIVE_INTERVAL,
  LATEST,
  LONGEST_DELAYED_ACK,
  LONGEST_TIMEOUT,
  MILLISECOND,
  SHORTEST_DELAYED_ACK,
  SHORTEST_TIMEOUT,
} from '../timers.js';
import { KEEP_ALIVE_PROBE, kindOf, RESENT_FIN, RESENT_PROBE, RESENT_SYN, RESENT_TIMEOUT, type Verdict, WINDOW_PROBE } from '../verdict.js';
import { SYN_SCHEDULES } from './schedules.js';

/** The timer that made an end send something, and how often its wait had been doubled before. */
export interface TimerWait {
  readonly timer: 'SYN timeout' | 'retransmission timeout' | 'tail loss probe' | 'persist timer' | 'keep-alive interval';
  readonly doublings: number;
}

/** A probe waits for two round trips, and where one segment alone is under way for a delayed ACK as well (tcp_schedule_loss_probe()). */
const PROBE_SLACK = SHORTEST_TIMEOUT + 16 * MILLISECOND;
/** The retransmission timeout follows the variance of the round trip: it may be so much longer than its floor. */
const VARIANCE = 1.5;

/** Which timer explains that so many nanoseconds passed before a segment that was judged so; undefined when none does by its defaults. */
export function waitBehind(verdict: Verdict, gap: number, roundTrip: number): TimerWait | undefined {
  switch (kindOf(verdict)) {
    case RESENT_SYN:
      return SYN_SCHEDULES.some(({ waits }) => waits.some((wait) => isDue(gap, wait)))
        ? { timer: 'SYN timeout', doublings: doublings(gap, FIRST_TIMEOUT) }
        : undefined;
    case RESENT_PROBE:
      return gap >= roundTrip && gap <= roundTrip * 2 * LATEST + PROBE_SLACK ? { timer: 'tail loss probe', doublings: 0 } : undefined;
    case RESENT_TIMEOUT:
    case RESENT_FIN:
      return backedOff('retransmission timeout', gap, roundTrip);
    case WINDOW_PROBE:
      return backedOff('persist timer', gap, roundTrip);
    case KEEP_ALIVE_PROBE:
      return isDue(gap, KEEP_ALIVE_INTERVAL, roundTrip) ? { timer: 'keep-alive interval', doublings: 0 } : undefined;
    default:
      return undefined;
  }
}

/** Whether an acknowledgment was held back for data to go with, as far as its delay tells; other stacks are a little off Linux's figures. */
export function isDelayedAck(waited: number, roundTrip: number): boolean {
  return waited > SHORTEST_DELAYED_ACK * 0.75 + roundTrip && waited < LONGEST_DELAYED_ACK * 1.25 + roundTrip;
}

function backedOff(timer: TimerWait['timer'], gap: number, roundTrip: number): TimerWait | undefined {
  const shortest = SHORTEST_TIMEOUT + roundTrip;
  const count = doublings(gap, shortest);
  const nominal = Math.min(shortest * 2 ** count, LONGEST_TIMEOUT);
  return gap >= nominal * EARLIEST && gap <= nominal * VARIANCE ? { timer, doublings: count } : undefined;
}

/** How often `first` was doubled to make the gap, which may be somewhat longer, never shorter. */
function doublings(gap: number, first: number): number {
  return Math.max(0, Math.floor(Math.log2(gap / (first * EARLIEST))));
}
