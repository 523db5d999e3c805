/** States of a connection's end, RFC 9293 section 3.3.2, by the names that `ss` and the kernel's tracepoints use. */
export const UNKNOWN = 0;
export const CLOSED = 1;
export const LISTEN = 2;
export const SYN_SENT = 3;
export const SYN_RECV = 4;
export const ESTABLISHED = 5;
export const FIN_WAIT1 = 6;
export const FIN_WAIT2 = 7;
export const CLOSE_WAIT = 8;
export const CLOSING = 9;
export const LAST_ACK = 10;
export const TIME_WAIT = 11;

export type State = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;

export const STATE_NAMES: readonly string[] = [
  'UNKNOWN',
  'CLOSED',
  'LISTEN',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
];

/** How a transition is known: a segment shows it, something later reveals it, or a timer of the kernel must have fired. */
export type Basis = 'seen' | 'inferred' | 'timer';

/** The end has a connection: it is neither unknown, nor over, nor only waiting for one. */
export function isOpen(state: State): boolean {
  return state > LISTEN;
}
