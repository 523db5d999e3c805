import type { Read } from '../analyze.js';

/** What the shards of one capture have read, as if one had read it all. What belongs to no flow is known to the first. */
export function mergeReads(first: Read, others: readonly Read[]): Read {
  for (const { gathered, recorder } of others) {
    first.gathered.merge(gathered);
    if (recorder !== undefined) first.recorder?.merge(recorder);
  }
  const filtered = others.reduce((sum, { followed }) => sum + followed.filtered, first.followed.filtered);
  return { ...first, followed: { ...first.followed, filtered } };
}
