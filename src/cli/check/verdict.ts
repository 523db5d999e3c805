import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { analyze } from '../../analyze.js';
import { Capture } from '../../capture/capture.js';
import { fileSource } from '../../capture/source.js';
import { lineDiff } from '../../views/line-diff.js';
import { markdown } from '../../views/markdown.js';
import type { Fixture } from './fixtures.js';

/** Whether a fixture's captures are still explained as expected. */
export type Verdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly actual: string; readonly diff: readonly string[] }
  /** Nothing is expected yet. */
  | { readonly kind: 'new'; readonly actual: string }
  /** A report is expected of a capture that is not there. */
  | { readonly kind: 'orphan' };

export async function verdictOn({ expected, captures }: Fixture): Promise<Verdict> {
  if (captures.length === 0) return { kind: 'orphan' };
  const actual = await reportOn(captures);
  const wanted = await readFile(expected, 'utf8').catch(() => undefined);
  if (wanted === undefined) return { kind: 'new', actual };
  const diff = lineDiff(wanted.replaceAll('\r\n', '\n'), actual);
  return diff.length === 0 ? { kind: 'same' } : { kind: 'changed', actual, diff };
}

/** Nobody reads these in a ticket: they may be as long as they are. */
const LIMIT = 1e6;

/** The reports on captures, one after the other under the name of each. */
async function reportOn(captures: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const path of captures) {
    const report = await analyze(new Capture([() => fileSource(path, basename(path))]));
    texts.push(
      [...markdown(report, { width: 100, color: false, ascii: false, top: Number.POSITIVE_INFINITY, verbose: true, limit: LIMIT })].join('\n'),
    );
  }
  return `${texts.join('\n\n')}\n`;
}
