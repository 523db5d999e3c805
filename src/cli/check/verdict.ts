import { basename } from 'node:path';
import { analyze } from '../../analyze.js';
import { Capture } from '../../capture/capture.js';
import { CaptureError } from '../../capture/error.js';
import { fileSource } from '../../capture/source.js';
import { lineDiff } from '../../views/line-diff.js';
import { markdown } from '../../views/markdown.js';
import { readSmall } from '../small-file.js';
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
  const wanted = await expectedIn(expected);
  if (wanted === undefined) return { kind: 'new', actual };
  const diff = lineDiff(wanted.replaceAll('\r\n', '\n'), actual);
  return diff.length === 0 ? { kind: 'same' } : { kind: 'changed', actual, diff };
}

/** Bytes; no report on what lies in one folder is so long. */
const MOST_EXPECTED = 1 << 25;

/** Undefined where there is none. */
async function expectedIn(path: string): Promise<string | undefined> {
  try {
    return (await readSmall(path, MOST_EXPECTED)).toString();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw error instanceof CaptureError ? error : new CaptureError(`${path} cannot be read (${code ?? String(error)})`);
  }
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
