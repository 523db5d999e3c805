import { csv } from '../views/csv.js';
import { json } from '../views/json.js';
import { junit } from '../views/junit.js';
import { markdown } from '../views/markdown.js';
import { ndjson } from '../views/ndjson.js';
import { sarif } from '../views/sarif.js';
import { terminal } from '../views/terminal.js';
import type { View } from '../views/view.js';

/** One way to say a report. */
export interface Format {
  readonly view: View;
  /** Programs read it: a report that has nothing to tell is one, too. */
  readonly isForPrograms?: true;
  /** It names the files with their hashes. */
  readonly hasHashes?: true;
}

/** What `--format` may say. */
export const FORMATS: Readonly<Record<string, Format>> = {
  text: { view: terminal },
  json: { view: json, isForPrograms: true, hasHashes: true },
  ndjson: { view: ndjson, isForPrograms: true },
  markdown: { view: markdown },
  csv: { view: csv, isForPrograms: true },
  junit: { view: junit, isForPrograms: true },
  sarif: { view: sarif, isForPrograms: true, hasHashes: true },
};
