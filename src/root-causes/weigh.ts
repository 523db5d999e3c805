import { type Fingerprint, isOlder } from '../hosts/fingerprint.js';
import type { Hosts } from '../hosts/hosts.js';
import type { Found } from '../patterns/index.js';
import { asFarAsSeen } from './as-far-as-seen.js';
import type { Case, Cause, Standing, Weight, Where } from './cause.js';
import { explanationsOf, hostExplanationsOf } from './explanations.js';
import type { Sign } from './testimony/sign.js';

/** A cause in question, with what speaks for and against it. */
export interface Suspect {
  readonly cause: Cause;
  /** Whose doing it is in this case. */
  readonly where: Where;
  readonly certainty: Standing;
  readonly because: readonly string[];
  readonly against: readonly string[];
  /** What the facts of a host say about this very case, beside what they say about the cause. */
  readonly signs: readonly Sign[];
  /** Facts of a host that speak for it. */
  readonly facts: readonly string[];
  /** Facts with which it cannot have been; empty while it is in question. */
  readonly ruledOut: readonly string[];
  /** The host whose kernel it would be looks like Linux; undefined for causes that are no host's. */
  readonly isLinux: boolean | undefined;
}

/** Every cause that explains what was found, the most probable first. */
export function suspectsOf(found: Found, given: Case): Suspect[] {
  const suspects = explanationsOf(found.pattern.id).flatMap(({ cause, explanation }) => {
    const weighed = explanation.weigh(found.match.evidence, given);
    if (weighed === undefined) return [];
    const where = weighed.where ?? cause.where;
    const weight = where === 'the capture' ? weighed : asFarAsSeen(weighed, given);
    const host = where === 'this end' ? given.part : where === 'the peer' ? given.peer : undefined;
    return judge(cause, where, weight, host && given.looks(host));
  });
  return suspects.sort(bySuspicion);
}

/** The same for what many flows show together. */
export function suspectsOfHosts(hostPattern: string, evidence: unknown, hosts: Hosts, looks: (where: Where) => Fingerprint | undefined): Suspect[] {
  const suspects = hostExplanationsOf(hostPattern).flatMap(({ cause, explanation }) => {
    const weight = explanation.weigh(evidence, hosts);
    return weight === undefined ? [] : judge(cause, cause.where, weight, looks(cause.where));
  });
  return suspects.sort(bySuspicion);
}

/** A kernel that cannot do it is struck out, with a word where the reader named it; of a host that is not Linux nothing is certain that only Linux does. */
function judge(cause: Cause, where: Where, { certainty, because, against = [], facts = [] }: Weight, looks: Fingerprint | undefined): Suspect[] {
  const suspect: Suspect = { cause, where, certainty, because, against, signs: facts, facts: [], ruledOut: [], isLinux: looks?.isLinux };
  if (looks === undefined) return [suspect];
  const { since, before } = cause.kernels ?? {};
  const isTooNew = before !== undefined && looks.since !== undefined && !isOlder(looks.since, before);
  const isOlderThanThat = looks.kernel !== undefined && since !== undefined && isOlder(looks.kernel.version, since);
  const isTooOld = isOlderThanThat || (since !== undefined && looks.before !== undefined && !isOlder(since, looks.before));
  if (isTooNew || isTooOld) {
    if (looks.kernel === undefined) return [];
    const misfit = `the kernel is ${looks.kernel.release}; only kernels ${isTooNew ? `before ${before}` : `since ${since}`} do that`;
    if (!looks.kernel.isBackported) return [{ ...suspect, ruledOut: [misfit] }];
    return [{ ...suspect, certainty: weaker(certainty), against: [...against, `${misfit}, unless its vendor has changed it`] }];
  }
  const isForeign = !looks.isLinux && looks.reasons.length > 1;
  if (!isForeign || cause.isOfAnyStack) return [suspect];
  return [{ ...suspect, certainty: weaker(certainty), against: [...against, `that host does not look like Linux: ${looks.reasons.join(', ')}`] }];
}

const RANK: Record<Standing, number> = { confirmed: 4, certain: 3, likely: 2, possible: 1 };

export function weaker(certainty: Standing): Standing {
  return certainty === 'certain' ? 'likely' : certainty === 'likely' ? 'possible' : certainty;
}

/** The most probable first. */
export function bySuspicion(a: Suspect, b: Suspect): number {
  const balance = ({ because, facts, against }: Suspect): number => because.length + facts.length - against.length * 2;
  return RANK[b.certainty] - RANK[a.certainty] || balance(b) - balance(a);
}
