import type { Moment } from '../../flow/timeline.js';
import { isResent } from '../../flow/verdict.js';
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

/** Of what was sent again: that of which the copy before came to the receiving host, where this was captured, with a wrong checksum. */
export function damagedBefore(again: readonly Moment[], { story, part, peer }: Pick<Case, 'story' | 'part' | 'peer'>): readonly Moment[] {
  const { badChecksumFrames } = part.endpoint;
  if (badChecksumFrames.length === 0 || !story.isAt(peer)) return [];
  return again.filter(({ earlier }) => earlier !== undefined && badChecksumFrames.includes(earlier.frame));
}
