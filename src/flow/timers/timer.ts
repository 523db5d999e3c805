import { DATA_RETRIES, ORPHAN_RETRIES, type Repeats } from '../timers.js';

/** Names as `ss -o` has them. */
export type TimerKind = 'on' | 'persist' | 'keepalive' | 'timewait';

/** A timer that runs at one end. Times in nanoseconds since the capture's epoch, by the kernel's defaults. */
export interface RunningTimer {
  readonly kind: TimerKind;
  /** What was sent, and how often; undefined when the timer only waits. */
  readonly repeats: Repeats | undefined;
  /** How often it has fired since the other end was heard: what `ss` shows as the third figure. */
  readonly fired: number;
  /** When it fires next. */
  readonly nextAt: number;
  /** When the kernel gives up, at the soonest and at the latest; never as long as the peer answers, or nobody knows: infinity. */
  readonly from: number;
  readonly to: number;
  /** What happens then. */
  readonly outcome: 'ETIMEDOUT' | 'given up' | 'forgotten' | 'over';
  /** The setting that decides. */
  readonly setting: string;
}

/** How often something is sent in vain, and what happens then: while an application has the socket, and when it is on its own. */
export interface Patience extends Pick<RunningTimer, 'setting' | 'outcome'> {
  readonly retries: number;
}

export const OPEN: Patience = { retries: DATA_RETRIES, setting: 'tcp_retries2', outcome: 'ETIMEDOUT' };
export const ORPHAN: Patience = {
  retries: ORPHAN_RETRIES,
  setting: 'tcp_orphan_retries, if it is closed and not only shut down',
  outcome: 'given up',
};
