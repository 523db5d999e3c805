import { isBefore } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import type { Part } from '../../patterns/story.js';

/** Of a sender that counts its packets two close ones do not differ by more in IP ID. */
const CLOSE = 256;

/** Repetitions that came before what they repeat: the first copy was captured later, and by its timestamp or IP ID it had been sent sooner. */
export function aheadOfTheirFirst({ moments }: Part): Moment[] {
  const withPayload = moments.filter(({ length }) => length > 0);
  return withPayload.filter((repetition, i) =>
    withPayload.slice(i + 1).some((other) => other.seq === repetition.seq && wasSentSooner(other, repetition)),
  );
}

function wasSentSooner(one: Moment, other: Moment): boolean {
  if (one.hasTimestamps && other.hasTimestamps && one.tsval !== other.tsval) return isBefore(one.tsval, other.tsval);
  const step = ((one.ipId - other.ipId) << 16) >> 16;
  return one.ipId > 0 && other.ipId > 0 && step < 0 && -step < CLOSE;
}
