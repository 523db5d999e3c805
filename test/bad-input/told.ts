import { analyze } from '../../src/analyze.js';
import { CaptureError } from '../../src/capture/error.js';
import { captureOf } from '../bytes.js';
import { broken } from '../fuzz/promises.js';

/** What is said of a file: how many frames and segments were read, why the reading stopped, and what else was in it. Refusals are one line. */
export async function told(file: Buffer): Promise<string> {
  const promises = await broken(file);
  if (promises.length > 0) return promises.join('; ');
  const capture = captureOf(file);
  try {
    const { capture: summary } = await analyze(capture);
    const skipped = Object.entries(summary.skipped).map(([what, count]) => `, ${count} ${what}`);
    const damage = capture.damage.map(
      ({ what, offset, unread }) => `; ${what}, at byte ${offset}${unread === undefined ? '' : `, ${unread} unread`}`,
    );
    return `${summary.segments} of ${summary.frames}${skipped.join('')}${damage.join('')}`;
  } catch (error) {
    if (error instanceof CaptureError) return `refused: ${error.message}`;
    throw error;
  }
}
