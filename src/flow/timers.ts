/** Repetitions of one segment: a SYN, a SYN-ACK or a FIN. Times in nanoseconds since the capture's epoch. */
export interface Repeats {
  /** How often it was sent, the first time included. */
  count: number;
  first: number;
  last: number;
  /** Between the last two. */
  lastGap: number;
}

const SECOND = 1e9;

/** Linux timers fire late, never early: the timer wheel is up to 12.5 % coarse (since 4.8), and clocks vary. */
export const EARLIEST = 0.98;
export const LATEST = 1.13;

/** TCP_TIMEWAIT_LEN, a constant of the kernel. */
export const TIME_WAIT_LENGTH: number = 60 * SECOND;
/** TCP_RTO_MIN: nothing is sent again on a timer sooner. */
export const SHORTEST_TIMEOUT: number = SECOND / 5;
/** net.ipv4.tcp_fin_timeout: how long an orphan stays in FIN_WAIT2. */
export const FIN_TIMEOUT: number = 60 * SECOND;

/** Repetitions of a SYN with default settings: tcp_syn_retries 6, to which 6.5 added tcp_syn_linear_timeouts 4. */
const SYN_REPEATS = 6;
const LINEAR_SYN_REPEATS = 10;
/** tcp_synack_retries */
const SYN_ACK_REPEATS = 5;
/** An orphan repeats its FIN 8 times on the timer (tcp_orphan_retries 0 means 8), after one tail loss probe. */
const FIN_REPEATS = 8;

/** When a client gives up connecting: after the wait that follows its last SYN. Undefined while it may still try. */
export function giveUpAfterSyn(syns: Repeats, now: number): number | undefined {
  const isLinear = syns.count > 5 && syns.last - syns.first < 12 * SECOND;
  const isComplete = syns.count - 1 === (isLinear || syns.count > SYN_REPEATS + 1 ? LINEAR_SYN_REPEATS : SYN_REPEATS);
  return giveUp(syns, SECOND, isComplete, now);
}

/** When a server forgets a request that was never completed. */
export function giveUpAfterSynAck(synAcks: Repeats, now: number): number | undefined {
  return giveUp(synAcks, SECOND, synAcks.count - 1 === SYN_ACK_REPEATS, now);
}

/** When an orphan whose FIN is not acknowledged is given up. */
export function giveUpAfterFin(fins: Repeats, now: number): number | undefined {
  return fins.count > 1 ? giveUp(fins, SECOND, fins.count - 1 > FIN_REPEATS, now) : undefined;
}

/** The wait doubles each time; it is over for good when nothing was sent after one more of them, or nothing is left to send. */
function giveUp(repeats: Repeats, firstWait: number, isComplete: boolean, now: number): number | undefined {
  const wait = repeats.count > 1 ? repeats.lastGap * 2 : firstWait;
  const end = repeats.last + wait;
  return isComplete || end + wait * (LATEST - 1) < now ? end : undefined;
}
