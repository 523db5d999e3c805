import type { Sockets } from './sockets.js';

/**
 * What a host says about a cause, read from its settings, counters, sockets and log. Of everything named here the report quotes what was read.
 * A counter is exact only in its network namespace; that and the time are for whoever reads it to get right.
 */
export interface Sign {
  /** Whose facts these are; without it those of the host whose doing the cause is. */
  readonly at?: Witness;
  /** Settings that must be known, and must fit, before counters prove it. */
  readonly given?: Readonly<Record<string, Need>>;
  /** Settings without which it cannot be; a name with * stands for all that fit. Another value rules the cause out. */
  readonly needs?: Readonly<Record<string, Need>>;
  /** Counters that it always raises, and nothing else all of them; of names in one list one is enough. They prove it, or rule it out by standing still. */
  readonly proof?: readonly (string | readonly string[])[];
  /** Counters that nothing else raises, but it not always. They prove it. */
  readonly shows?: readonly string[];
  /** Counters that it always raises, as other things do. They prove nothing, but rule it out by standing still. */
  readonly raises?: readonly (string | readonly string[])[];
  /** Counters that others must have left alone: standing still they prove that this host did not send what bears its address. */
  readonly still?: readonly string[];
  /** Settings and counters worth quoting beside; they decide nothing. */
  readonly quotes?: readonly string[];
  /** What a socket in the listing shows when this is the cause, as a clause. It proves it. */
  readonly sockets?: (sockets: Sockets) => string | undefined;
  /** What the kernel then writes into its log, and for nothing else. */
  readonly log?: RegExp;
  /** What the kernel may have written into its log shortly before, as it does for other things. It fits, and proves nothing. */
  readonly logHint?: RegExp;
}

/** 'the path' is what lies between the ends. 'the end that resets' is the one end whose address the resets carry. */
export type Witness = 'this end' | 'the peer' | 'the path' | 'the end that resets';

export interface Need {
  /** "not 0": how the need is put in words. */
  readonly text: string;
  holds(value: string): boolean;
}

export function is(...values: readonly string[]): Need {
  return { text: values.join(' or '), holds: (value) => values.includes(value) };
}

export function not(...values: readonly string[]): Need {
  return { text: `not ${values.join(' or ')}`, holds: (value) => !values.includes(value) };
}

/** A setting whose bits are switches. */
export function withBit(bit: number): Need {
  return { text: `a number with bit ${bit}`, holds: (value) => (Number(value) & bit) !== 0 };
}

/** For a number that is inferred from what was measured. */
export function near(number: number): Need {
  return { text: `about ${number}`, holds: (value) => Math.abs(Number(value) - number) <= 1 };
}

export function farFrom(number: number): Need {
  return { text: `not about ${number}`, holds: (value) => Math.abs(Number(value) - number) > 1 };
}

export function atMost(number: number): Need {
  return { text: `at most ${number}`, holds: (value) => Number(value) <= number };
}
