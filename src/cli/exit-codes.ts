// 0: analysed, and
/** a finding at or above --fail-on, or an expectation that is not met. */
export const FOUND = 1;
/** A usage error, or nothing that could be analysed. */
export const UNUSABLE = 2;
/** Damaged or cut input: what was readable was analysed. */
export const DAMAGED = 3;
export const INTERRUPTED = 130;
