/** Repetitions of one segment: a SYN, a SYN-ACK or a FIN. Times in nanoseconds since the capture's epoch. */
export interface Repeats {
  /** How often it was sent, the first time included. */
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Between the last two. */
  readonly lastGap: number;
}

/** A segment that was not sent yet. */
export const NEVER: Repeats = { count: 0, first: 0, last: 0, lastGap: 0 };

/** The segment was sent once more. */
export function repeated({ count, first, last }: Repeats, time: number): Repeats {
  return count === 0 ? { count: 1, first: time, last: time, lastGap: 0 } : { count: count + 1, first, last: time, lastGap: time - last };
}

// Durations are in nanoseconds; sysctls by their defaults, which `root-causes/sysctls` tells more about.
export const MILLISECOND = 1e6;
export const SECOND = 1e9;

/** Linux timers fire late, never early: the timer wheel is up to 12.5 % coarse (since 4.8), and clocks vary. */
export const EARLIEST = 0.98;
export const LATEST = 1.13;

/** TCP_TIMEOUT_INIT: the wait after a SYN, before anything is known of the path (RFC 6298 section 2.1). */
export const FIRST_TIMEOUT: number = SECOND;
/** TCP_RTO_MIN: nothing is sent again on a timer sooner. */
export const SHORTEST_TIMEOUT: number = 200 * MILLISECOND;
/** TCP_RTO_MAX (since 6.15 net.ipv4.tcp_rto_max_ms): no wait is longer. */
export const LONGEST_TIMEOUT: number = 120 * SECOND;
/** TCP_DELACK_MIN and TCP_DELACK_MAX: how long an acknowledgment waits for data to go with. */
export const SHORTEST_DELAYED_ACK: number = 40 * MILLISECOND;
export const LONGEST_DELAYED_ACK: number = 200 * MILLISECOND;
/** TCP_TIMEWAIT_LEN, a constant of the kernel. */
export const TIME_WAIT_LENGTH: number = 60 * SECOND;
/** net.ipv4.tcp_fin_timeout: how long an orphan stays in FIN_WAIT2. */
export const FIN_TIMEOUT: number = 60 * SECOND;
/** So long it lasts at least, whatever that says: 3.5 RTO (tcp_fin_time()). */
export const SHORTEST_FIN_WAIT2: number = 3.5 * SHORTEST_TIMEOUT;
/** net.ipv4.tcp_keepalive_time, tcp_keepalive_intvl and tcp_keepalive_probes. */
export const KEEP_ALIVE_IDLE: number = 7200 * SECOND;
export const KEEP_ALIVE_INTERVAL: number = 75 * SECOND;
export const KEEP_ALIVE_PROBES = 9;
/** net.ipv4.tcp_retries2: so many waits, each twice as long as the one before, an open connection stays without an answer. */
export const DATA_RETRIES = 15;
/** net.ipv4.tcp_orphan_retries: 0 means 8. For a connection that its application has closed. */
export const ORPHAN_RETRIES = 8;

/** Whether a timer of this length explains the gap; `slack` is what a peer and the path may add. */
export function isDue(gap: number, length: number, slack = 0): boolean {
  return gap >= length * EARLIEST && gap <= length * LATEST + slack;
}

/** The wait after the last of them: twice the one before. `first` when there was none before. */
export function nextWait({ count, lastGap }: Repeats, first: number): number {
  return count > 1 ? Math.min(lastGap * 2, LONGEST_TIMEOUT) : first;
}

/** `retries` waits from TCP_RTO_MIN on, each twice as long, up to the longest: tcp_model_timeout(). 924.6 s for 15, 102.2 s for 8. */
export function modelTimeout(retries: number): number {
  let sum = 0;
  for (let wait = SHORTEST_TIMEOUT, i = 0; i <= retries; i++, wait = Math.min(wait * 2, LONGEST_TIMEOUT)) sum += wait;
  return sum;
}

/** When the timer fires for the first time after `patience` has passed since `start`; it fires `wait` after `last`, then after twice that. */
export function firstFiringAfter(start: number, patience: number, last: number, wait: number): number {
  const end = start + patience;
  if (!(wait > 0)) return Math.max(last, end); // the clock of the capture went back
  let at = last + wait;
  let next = wait;
  for (; at < end && next < LONGEST_TIMEOUT; at += next) next = Math.min(next * 2, LONGEST_TIMEOUT);
  return at < end ? at + Math.ceil((end - at) / LONGEST_TIMEOUT) * LONGEST_TIMEOUT : at;
}
