import type { Moment } from '../flow/timeline.js';
import type { Transcript } from '../observations/observation.js';
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
