import { type Fingerprint, isOlder } from '../hosts/fingerprint.js';
import type { Hosts } from '../hosts/hosts.js';
import type { Found } from '../patterns/index.js';
import type { Case, Cause, Certainty, Weight, Where } from './cause.js';

/** A cause in question, with what speaks for and against it. */
export interface Suspect {
  readonly cause: Cause;
  /** Whose doing it is in this case. */
  readonly where: Where;
  readonly certainty: Certainty;
  readonly because: readonly string[];
  readonly against: readonly string[];
  /** The host whose kernel it would be looks like Linux; undefined for causes that are no host's. */
  readonly isLinux: boolean | undefined;
}

/** Every cause that explains what was found, the most probable first. */
export function suspectsOf(found: Found, given: Case, causes: readonly Cause[]): Suspect[] {
  const suspects = causes.flatMap((cause) =>
    cause.explains.flatMap((explanation) => {
      if (!('pattern' in explanation) || explanation.pattern !== found.pattern.id) return [];
      const weight = explanation.weigh(found.match.evidence, given);
      if (weight === undefined) return [];
      const where = weight.where ?? cause.where;
      const host = where === 'this end' ? given.part : where === 'the peer' ? given.peer : undefined;
      return judge(cause, where, weight, host && given.looks(host));
    }),
  );
  return suspects.sort(bySuspicion);
}

/** The same for what many flows show together. */
export function suspectsOfHosts(hostPattern: string, evidence: unknown, hosts: Hosts, causes: readonly Cause[]): Suspect[] {
  const suspects = causes.flatMap((cause) =>
    cause.explains.flatMap((explanation) => {
      if (!('hostPattern' in explanation) || explanation.hostPattern !== hostPattern) return [];
      const weight = explanation.weigh(evidence, hosts);
      return weight === undefined ? [] : judge(cause, cause.where, weight, undefined);
    }),
  );
  return suspects.sort(bySuspicion);
}

/** A kernel that cannot do it is struck out; of a host that is not Linux nothing is certain that only Linux does. */
function judge(cause: Cause, where: Where, { certainty, because, against = [] }: Weight, looks: Fingerprint | undefined): Suspect[] {
  const suspect: Suspect = { cause, where, certainty, because, against, isLinux: looks?.isLinux };
  if (looks === undefined) return [suspect];
  const { since, before } = cause.kernels ?? {};
  const isTooNew = before !== undefined && looks.since !== undefined && !isOlder(looks.since, before);
  const isTooOld = since !== undefined && looks.before !== undefined && !isOlder(since, looks.before);
  if (isTooNew || isTooOld) return [];
  const isForeign = !looks.isLinux && looks.reasons.length > 1;
  if (!isForeign || cause.isOfAnyStack) return [suspect];
  return [{ ...suspect, certainty: weaker(certainty), against: [...against, `that host does not look like Linux: ${looks.reasons.join(', ')}`] }];
}

const RANK: Record<Certainty, number> = { certain: 3, likely: 2, possible: 1 };

function weaker(certainty: Certainty): Certainty {
  return certainty === 'certain' ? 'likely' : certainty === 'likely' ? 'possible' : certainty;
}

function bySuspicion(a: Suspect, b: Suspect): number {
  const balance = ({ because, against }: Suspect): number => because.length - against.length * 2;
  return RANK[b.certainty] - RANK[a.certainty] || balance(b) - balance(a);
}
