import { createHash } from 'node:crypto';
import { type AnalyzeOptions, read } from '../analyze.js';
import type { Capture } from '../capture/capture.js';
import { CaptureError } from '../capture/error.js';
import type { Shard } from '../flow/table/shard.js';
import type { Label } from '../shards/label.js';
import { gatheringOptions, partialLines } from '../shards/partial.js';
import { INTERRUPTED } from './exit-codes.js';
import { writeFile, writeLines } from './out.js';
import { type Plan, type Reading, sayDamage, watched } from './reading.js';

/** Does one share of the work and writes the part that comes of it. What is damaged stands in it, and is a matter of the merge. */
export async function writeShard({ captures, plan, files }: Reading, options: AnalyzeOptions, shard: Shard, out: string | undefined): Promise<void> {
  if (captures.length > 1)
    throw new CaptureError('captures of the same traffic are compared by one process: leave out --shard, or add --several timeline');
  if (plan.anonymize?.how === 'prefix' && plan.anonymize.isDrawn) throw new CaptureError('all shards need the same key: add --anon-key-file');
  if (out === undefined && process.stdout.isTTY) throw new CaptureError('a part is not for people: write it to a file with --out');
  const made = await watched(captures, () => read(captures[0] as Capture, { ...options, shard }));
  if (process.exitCode === INTERRUPTED) throw new CaptureError('interrupted: shards that stop at different packets do not fit together');
  const lines = partialLines(made, shard, { ...gatheringOptions(options), ...readingOptions(plan) });
  if (out !== undefined && out !== '-') await writeFile(out, lines, files);
  else await writeLines(lines, process.stdout);
  sayDamage(captures);
  process.exitCode = 0;
}

function readingOptions({ filter, anonymize }: Plan): Label['options'] {
  const key = anonymize?.key && createHash('sha256').update('tcpexplain').update(anonymize.key).digest('hex').slice(0, 16);
  return { ...(filter && { filter }), ...(anonymize && { anonymize: anonymize.how }), ...(key && { key }) };
}
