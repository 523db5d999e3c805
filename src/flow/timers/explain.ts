import { CLOSE_WAIT, CLOSING, ESTABLISHED, FIN_WAIT1, FIN_WAIT2, LAST_ACK, type State, SYN_RECV, SYN_SENT, TIME_WAIT } from '../state.js';
import {
  DATA_RETRIES,
  EARLIEST,
  FIN_TIMEOUT,
  isDue,
  KEEP_ALIVE_IDLE,
  KEEP_ALIVE_INTERVAL,
  KEEP_ALIVE_PROBES,
  LATEST,
  LONGEST_TIMEOUT,
  modelTimeout,
  ORPHAN_RETRIES,
  TIME_WAIT_LENGTH,
} from '../timers.js';
import { SYN_ACK_SCHEDULES, SYN_SCHEDULES } from './schedules.js';

/** A timer that can end a state. */
export interface EndingTimer {
  /** A sysctl below net.ipv4, or the name of a constant of the kernel. */
  readonly setting: string;
  /** How long the state lasts by default, nanoseconds: it fires within. */
  readonly soonest: number;
  readonly latest: number;
}

const SYN_ENDS = SYN_SCHEDULES.map(({ waits }) => waits.reduce((sum, wait) => sum + wait, 0));
const SYN_ACK_ENDS = SYN_ACK_SCHEDULES.map(({ waits }) => waits.reduce((sum, wait) => sum + wait, 0));
const ORPHAN = retrying('tcp_orphan_retries', ORPHAN_RETRIES);
const DATA = retrying('tcp_retries2', DATA_RETRIES);

const BY_STATE: Readonly<Partial<Record<State, readonly EndingTimer[]>>> = {
  [SYN_SENT]: SYN_ENDS.map((end) => exactly('tcp_syn_retries', end)),
  [SYN_RECV]: SYN_ACK_ENDS.map((end) => exactly('tcp_synack_retries', end)),
  [ESTABLISHED]: [DATA, exactly('tcp_keepalive_time', KEEP_ALIVE_IDLE + KEEP_ALIVE_PROBES * KEEP_ALIVE_INTERVAL)],
  [CLOSE_WAIT]: [DATA],
  [FIN_WAIT1]: [ORPHAN, DATA],
  [CLOSING]: [ORPHAN, DATA],
  [LAST_ACK]: [ORPHAN, DATA],
  [FIN_WAIT2]: [exactly('tcp_fin_timeout', FIN_TIMEOUT)],
  [TIME_WAIT]: [exactly('TCP_TIMEWAIT_LEN', TIME_WAIT_LENGTH)],
};

/** Which timer, by its default, explains that the state ended after so many nanoseconds; undefined when none does. */
export function timerThatEnded(state: State, lasted: number): EndingTimer | undefined {
  return endingTimers(state).find(({ soonest, latest }) =>
    soonest === latest ? isDue(lasted, soonest) : lasted >= soonest * EARLIEST && lasted <= latest * LATEST,
  );
}

/** The timers that can end a state. */
export function endingTimers(state: State): readonly EndingTimer[] {
  return BY_STATE[state] ?? [];
}

function exactly(setting: string, length: number): EndingTimer {
  return { setting, soonest: length, latest: length };
}

/** It is over at the first firing after the modelled time, which depends on the round trip: at most one longest wait later, or twice as late. */
function retrying(setting: string, retries: number): EndingTimer {
  const soonest = modelTimeout(retries);
  return { setting, soonest, latest: Math.min(soonest * 2, soonest + LONGEST_TIMEOUT) };
}
