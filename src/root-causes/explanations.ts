import type { Cause, Explanation, HostExplanation } from './cause.js';
import { causes } from './index.js';

/** A cause, and what it says about one pattern. */
export interface Account<Kind> {
  readonly cause: Cause;
  readonly explanation: Kind;
}

const ofFlows = new Map<string, Account<Explanation>[]>();
const ofHosts = new Map<string, Account<HostExplanation>[]>();
for (const cause of causes) {
  for (const explanation of cause.explains) {
    if ('pattern' in explanation) add(ofFlows, explanation.pattern, { cause, explanation });
    else add(ofHosts, explanation.hostPattern, { cause, explanation });
  }
}

/** The causes that explain a pattern of a flow, in the order of the catalogue. */
export function explanationsOf(pattern: string): readonly Account<Explanation>[] {
  return ofFlows.get(pattern) ?? [];
}

/** The causes that explain what many flows show together, in the order of the catalogue. */
export function hostExplanationsOf(hostPattern: string): readonly Account<HostExplanation>[] {
  return ofHosts.get(hostPattern) ?? [];
}

function add<Kind>(accounts: Map<string, Account<Kind>[]>, pattern: string, account: Account<Kind>): void {
  const known = accounts.get(pattern);
  if (known === undefined) accounts.set(pattern, [account]);
  else known.push(account);
}
