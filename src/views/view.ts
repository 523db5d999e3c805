import type { Report } from '../report.js';

/** A view turns the report into text. It is pure: it prints nothing and knows nothing but what it is given. */
export type View = (report: Report, options: ViewOptions) => Iterable<string>;

export interface ViewOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
  /** Only characters of ASCII. */
  readonly ascii: boolean;
  /** So many findings are told in full; the others are listed. */
  readonly top: number;
  /** Characters that the text may have, where it is for a ticket. */
  readonly limit?: number;
  /** More of everything: notes in full, all suspects, all states. */
  readonly verbose: boolean;
}
