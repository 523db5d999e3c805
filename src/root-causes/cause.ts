import type { Fingerprint } from '../hosts/fingerprint.js';
import type { Hosts } from '../hosts/hosts.js';
import type { HostPattern, Pattern } from '../patterns/pattern.js';
import type { Part, Story } from '../patterns/story.js';
import type { Sign } from './testimony/sign.js';

/** How sure: certain = nothing else is known to produce it, likely = one producer dominates, possible = it would fit. */
export type Certainty = 'certain' | 'likely' | 'possible';

/** As a cause stands in the report: confirmed = a fact from the host itself proves it. */
export type Standing = 'confirmed' | Certainty;

/** What speaks for a cause in this case, and what against. Clauses, without a full stop. */
export interface Weight {
  readonly certainty: Certainty;
  readonly because: readonly string[];
  readonly against?: readonly string[];
  /** Whose it is in this case, when that is not what the cause says in general. */
  readonly where?: Where;
  /** What the facts of a host say about this very case. */
  readonly facts?: readonly Sign[];
}

/** The end that the pattern is told of, its peer, the path between them, or the capture itself. */
export type Where = 'this end' | 'the peer' | 'the path' | 'the capture';

/** What is known when a cause is weighed. */
export interface Case {
  readonly story: Story;
  /** The end that tells the pattern's story, and the other one. */
  readonly part: Part;
  readonly peer: Part;
  readonly hosts: Hosts;
  /** What the TCP stack of an end looks like. */
  looks(part: Part): Fingerprint;
  /** The evidence of another pattern that this flow shows as well, at either end; undefined when it does not. */
  // biome-ignore lint/suspicious/noExplicitAny: evidence is typed by the pattern that is asked for
  alsoShows<Evidence>(pattern: Pattern<string, Evidence> | Pattern<string, any>): Evidence | undefined;
}

/** A cause explains a pattern: how well, in a given case. Undefined when it cannot be. */
export interface Explanation {
  readonly pattern: string;
  // biome-ignore lint/suspicious/noExplicitAny: `explain` ties the evidence to its pattern
  weigh(evidence: any, given: Case): Weight | undefined;
}

/** A cause explains what a host shows by many flows. */
export interface HostExplanation {
  readonly hostPattern: string;
  // biome-ignore lint/suspicious/noExplicitAny: `explainHost` ties the evidence to its pattern
  weigh(evidence: any, hosts: Hosts): Weight | undefined;
}

export function explain<Evidence>(pattern: Pattern<string, Evidence>, weigh: (evidence: Evidence, given: Case) => Weight | undefined): Explanation {
  return { pattern: pattern.id, weigh };
}

export function explainHost<Evidence>(
  pattern: HostPattern<string, Evidence>,
  weigh: (evidence: Evidence, hosts: Hosts) => Weight | undefined,
): HostExplanation {
  return { hostPattern: pattern.id, weigh };
}

/** One cause, written for somebody who has it in front of them at night. */
export interface Cause {
  /** The file's name, and what the reader types after `tcpexplain explain`. */
  readonly id: string;
  readonly title: string;
  readonly where: Where;
  /** It is how things should be. */
  readonly isBenign?: true;
  /** Any TCP stack shows it so: that a host does not look like Linux is nothing against it. */
  readonly isOfAnyStack?: true;
  /** What happens, with the functions of the kernel that do it. */
  readonly mechanism: string;
  /** Kernels that can do it: from `since`, up to but not including `before`. */
  readonly kernels?: { readonly since?: string; readonly before?: string };
  readonly explains: readonly (Explanation | HostExplanation)[];
  readonly sysctls?: readonly string[];
  /** As `nstat -az` names them. */
  readonly counters?: readonly string[];
  /** SKB_DROP_REASON_ and SK_RST_REASON_ names, without the prefix. */
  readonly dropReasons?: readonly string[];
  readonly resetReasons?: readonly string[];
  /** What the facts that the reader saved on a host say about it. */
  readonly facts?: readonly Sign[];
  /** What to run on which host, and what it shows when this is the cause. */
  readonly confirm: readonly { readonly run: string; readonly expect: string }[];
  /** What to change, best first. */
  readonly remedy: readonly string[];
  /** What not to do, and why. */
  readonly avoid?: readonly string[];
  /** What looks alike, and what tells them apart. */
  readonly mimics?: readonly { readonly cause: string; readonly tell: string }[];
  /** RFC sections, kernel documentation. */
  readonly sources: readonly string[];
  /** The recording that proves it: <topic>/<plot>. */
  readonly capture: string;
}
