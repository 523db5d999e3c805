/**
 * What we say of a segment where Wireshark guesses: judged by SACK, timestamps, IP ID, timers and what came later.
 * A number, so that it can be stored by the million; resent ones may carry SPURIOUS.
 */
export type Verdict = number;

export const NONE = 0;
/** Sent again because the retransmission timer fired, and what is sent until that loss is repaired. */
export const RESENT_TIMEOUT = 1;
/** Sent again because the receiver's SACKs or duplicate ACKs asked for it. */
export const RESENT_FAST = 2;
/** The tail sent again early to learn what became of it (tail loss probe, RFC 8985 section 7). */
export const RESENT_PROBE = 3;
export const RESENT_SYN = 4;
export const RESENT_FIN = 5;
/** Sent once, overtaken on the way. */
export const REORDERED = 6;
/** The same packet twice: the network doubled it. */
export const NETWORK_DUPLICATE = 7;
/** The same packet twice: it was captured twice. */
export const CAPTURE_DUPLICATE = 8;
/** Asks a receiver without room whether it has some again. */
export const WINDOW_PROBE = 9;
/** Asks an idle peer whether it is still there. */
export const KEEP_ALIVE_PROBE = 10;

/** Added to a resent one that was proven needless: its bytes had not been lost, the receiver had them or got them later all the same (RFC 3522). */
export const SPURIOUS = 16;

const NAMES: readonly string[] = [
  '-',
  'resent-timeout',
  'resent-fast',
  'resent-probe',
  'resent-syn',
  'resent-fin',
  'reordered',
  'network-duplicate',
  'capture-duplicate',
  'window-probe',
  'keep-alive',
];

export function verdictName(verdict: Verdict): string {
  const name = NAMES[verdict & (SPURIOUS - 1)] ?? '-';
  return verdict & SPURIOUS ? `${name}-spurious` : name;
}

export function isResent(verdict: Verdict): boolean {
  const kind = verdict & (SPURIOUS - 1);
  return kind >= RESENT_TIMEOUT && kind <= RESENT_FIN;
}

/** The verdict without the remark that it was needless. */
export function kindOf(verdict: Verdict): Verdict {
  return verdict & (SPURIOUS - 1);
}
