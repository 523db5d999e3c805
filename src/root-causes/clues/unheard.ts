import { isBefore } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import { isResent, SPURIOUS } from '../../flow/verdict.js';
import type { Part, Story } from '../../patterns/story.js';
import type { Case } from '../cause.js';

/** One such can be a timer that fired while its acknowledgment came in. */
const BY_CHANCE = 1;

/**
 * Captured at the sender: what it sent again although the acknowledgment had been captured before. It came to the host, but never to its TCP.
 * None when that may be chance.
 */
export function unheardAcks(story: Story, part: Part): readonly Moment[] {
  if (!story.isAt(part)) return [];
  const unheard = part.moments.filter(({ verdict, needless }) => isResent(verdict) && needless?.by === 'acknowledged');
  return unheard.length > BY_CHANCE ? unheard : [];
}

/** Nothing that comes to the host, where this was captured, gets to the TCP of this end: no acknowledgment, and none of what its peer repeats. */
export function isDeaf(story: Story, part: Part): boolean {
  const { hasResent, sndUna, sndNxt } = story.other(part).endpoint;
  return hasResent && isBefore(sndUna, sndNxt) && unheardAcks(story, part).length > 0;
}

/** Of what was sent again, and was needed: that of which the copy before came to the receiving host, where this was captured, with a wrong checksum. */
export function damagedBefore(again: readonly Moment[], { story, part, peer }: Pick<Case, 'story' | 'part' | 'peer'>): readonly Moment[] {
  const { badChecksumFrames } = part.endpoint;
  if (badChecksumFrames.length === 0 || !story.isAt(peer)) return [];
  return again.filter(({ earlier, verdict }) => !(verdict & SPURIOUS) && earlier !== undefined && badChecksumFrames.includes(earlier.frame));
}
