import { EARLIEST, FIRST_TIMEOUT, LATEST, nextWait, type Repeats, SECOND } from '../timers.js';

/** When a segment of the handshake is repeated, and when its sender gives up. */
export interface Schedule {
  readonly id: 'linear' | 'doubling' | 'three seconds';
  readonly kernels: string;
  /** The waits after each transmission, nanoseconds; after the last wait it is over. */
  readonly waits: readonly number[];
}

/** tcp_syn_retries 6, and tcp_syn_linear_timeouts 4 before the wait doubles: ETIMEDOUT after 131 s. */
const LINEAR: Schedule = { id: 'linear', kernels: '6.5 and later', waits: [1, 1, 1, 1, ...doublings(1, 7)].map(inNanoseconds) };
/** tcp_syn_retries 6 (5 before 3.7): ETIMEDOUT after 127 s (63 s). */
const DOUBLING: Schedule = { id: 'doubling', kernels: '3.1 to 6.4', waits: doublings(1, 7).map(inNanoseconds) };
/** tcp_syn_retries 5, and a first wait of 3 s: ETIMEDOUT after 189 s. */
const THREE_SECONDS: Schedule = { id: 'three seconds', kernels: 'before 3.1', waits: doublings(3, 6).map(inNanoseconds) };

/** tcp_synack_retries 5: the request is forgotten after 63 s (189 s before 3.1). */
const SYN_ACK: Schedule = { id: 'doubling', kernels: '3.1 and later', waits: doublings(1, 6).map(inNanoseconds) };

/** Nanoseconds that a request lives without its ACK, whatever the capture shows of it. */
export const REQUEST_LIFE: number = sum(SYN_ACK.waits);

/** How Linux spaces SYNs and SYN-ACKs, the most usual first. */
export const SYN_SCHEDULES: readonly Schedule[] = [LINEAR, DOUBLING, THREE_SECONDS];
export const SYN_ACK_SCHEDULES: readonly Schedule[] = [SYN_ACK, THREE_SECONDS];

/** The schedules that these repetitions follow so far; none when something else made them, several while they do not differ. */
export function schedulesOf({ count, first, last }: Repeats, schedules: readonly Schedule[]): readonly Schedule[] {
  if (count === 1) return schedules.filter((schedule) => schedule !== THREE_SECONDS);
  return schedules.filter(({ waits }) => {
    if (count > waits.length) return false;
    const nominal = sum(waits.slice(0, count - 1));
    return last - first >= nominal * EARLIEST && last - first <= nominal * LATEST;
  });
}

/** When whoever follows the schedule gives up, from what it has done so far. */
export function endOf({ waits }: Schedule, { count, last }: Repeats): number {
  return last + sum(waits.slice(count - 1));
}

/** How long whoever follows one of these schedules waits at most after what it has sent last: by the rules, not as late as timers fire. */
export function waitAfter(repeats: Repeats, fitting: readonly Schedule[]): number {
  const waits = fitting.map(({ waits }) => waits[repeats.count - 1] ?? 0);
  return waits.length > 0 ? Math.max(...waits) : nextWait(repeats, FIRST_TIMEOUT);
}

function doublings(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first * 2 ** i);
}

function inNanoseconds(seconds: number): number {
  return seconds * SECOND;
}

function sum(waits: readonly number[]): number {
  return waits.reduce((total, wait) => total + wait, 0);
}
