import type { Moment } from '../flow/timeline.js';
import type { Hosts } from '../hosts/hosts.js';
import type { Transcript } from '../observations/observation.js';
import type { Signs } from './signs.js';
import type { Part, Story } from './story.js';

/** note: worth knowing, nothing is wrong. warning: slower or shakier than it should be. failure: something did not work. */
export type Severity = 'note' | 'warning' | 'failure';

/** What a pattern found in the story of a flow. */
export interface Match<Evidence> {
  readonly evidence: Evidence;
  /** The segments that prove it, in the order of the capture. */
  readonly moments: readonly Moment[];
  /** Further segments that prove it, too routine to be remembered. */
  readonly frames?: readonly number[];
  /** When this occurrence is more or less serious than the pattern usually is. */
  readonly severity?: Severity;
}

/**
 * One story that a flow can tell, whoever or whatever is behind it: that is for the root causes to say.
 * `id` is the file's name and what the reader types after `tcpexplain explain`.
 */
export interface Pattern<Id extends string, Evidence> {
  readonly id: Id;
  readonly title: string;
  readonly severity: Severity;
  /** Without one of these it cannot be there, and nobody asks. */
  readonly needs: Signs;
  readonly about: string;
  /** Segments that tell the story; those that prove it end in `# id`. Shown by `explain`, executed by the tests. */
  readonly example: Transcript;
  /** Asked for each end of a flow: does it tell this story? */
  recognise(part: Part, story: Story): Match<Evidence> | undefined;
  /** The story in one sentence, for the report. */
  tell(evidence: Evidence): string;
}

/** The evidence that a pattern finds. */
export type EvidenceOf<P> = P extends Pattern<string, infer Evidence> ? Evidence : never;

/** What many flows of one host say together. */
export interface HostMatch<Evidence> {
  /** The listener or address it is about, as people write it. */
  readonly subject: string;
  readonly evidence: Evidence;
  readonly streams: readonly number[];
  readonly frames: readonly number[];
  readonly severity?: Severity;
}

/** A story that only many flows together tell; it is said once, not once a flow. */
export interface HostPattern<Id extends string, Evidence> {
  readonly id: Id;
  readonly title: string;
  readonly severity: Severity;
  readonly about: string;
  /** As of a pattern; a digit before the direction tells the flows apart. */
  readonly example: Transcript;
  recognise(hosts: Hosts): HostMatch<Evidence>[];
  tell(evidence: Evidence): string;
}
