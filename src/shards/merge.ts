import type { Read } from '../analyze.js';
import { CaptureError } from '../capture/error.js';
import { listText } from '../hosts/wording.js';
import type { Label } from './label.js';
import type { Partial } from './partial.js';

/** What was gathered of some conversations takes over what was gathered of others of the same capture. */
export function join(one: Gathered, other: Gathered): void {
  one.gathered.merge(other.gathered);
  if (other.recorder !== undefined) one.recorder?.merge(other.recorder);
}

/** What was gathered of some conversations of a capture. */
export type Gathered = Pick<Read, 'gathered' | 'recorder'>;

/** What the shards of one capture have read, as if one had read it all. What belongs to no flow is known to the first. */
function mergeReads(first: Read, others: readonly Read[]): Read {
  for (const other of others) join(first, other);
  const filtered = others.reduce((sum, { followed }) => sum + followed.filtered, first.followed.filtered);
  return { ...first, followed: { ...first.followed, filtered } };
}

/** The parts of one capture, in any order. Throws CaptureError when one is missing, there twice, or of something else. */
export function mergePartials(partials: readonly Partial[]): { read: Read; options: Label['options'] } {
  const sorted = partials.toSorted((a, b) => a.label.shard - b.label.shard);
  const [first, ...others] = sorted;
  if (first === undefined) throw new CaptureError('there is nothing to merge');
  for (const other of others) demandKinship(first, other);
  const { of, options } = first.label;
  sorted.forEach((one, i) => {
    const before = sorted[i - 1];
    if (before?.label.shard === one.label.shard)
      throw new CaptureError(`shard ${one.label.shard} of ${of} is there twice: ${before.name} and ${one.name}`);
  });
  const there = new Set(sorted.map(({ label: { shard } }) => shard));
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((shard) => !there.has(shard));
  if (missing.length > 0) throw new CaptureError(`${missingText(missing)} of ${of} ${missing.length === 1 ? 'is' : 'are'} missing`);
  const read = mergeReads(
    first.read,
    others.map((other) => other.read),
  );
  for (const list of [read.capture.files, read.capture.damage, read.gathered.flows, read.gathered.examples]) demandDifferent(list);
  return { read, options };
}

/** A few bytes say that a list holds the same thing a million times; to tell of it as often takes gigabytes. */
function demandDifferent(list: readonly unknown[]): void {
  if (new Set(list).size < list.length) throw new RangeError('the same is there twice');
}

function demandKinship(one: Partial, other: Partial): void {
  const names = `${one.name} and ${other.name}`;
  if (one.label.of !== other.label.of)
    throw new CaptureError(`${names} do not belong together: one is of ${one.label.of} shards, the other of ${other.label.of}`);
  if (one.label.capture !== other.label.capture) throw new CaptureError(`${names} do not belong together: they are of different captures`);
  const [these, those] = [one.label.options, other.label.options].map((options) => JSON.stringify(options));
  if (these !== those) throw new CaptureError(`${names} do not belong together: they were made with different options, ${these} and ${those}`);
}

const MOST_NAMED = 10;

function missingText(missing: readonly number[]): string {
  const more = missing.length - MOST_NAMED;
  const named = missing.slice(0, MOST_NAMED).map(String);
  return `${missing.length === 1 ? 'shard' : 'shards'} ${listText(more > 0 ? [...named, `${more} more`] : named)}`;
}
