import { isBefore } from '../../decode/sequence.js';
import type { Moment } from '../../flow/timeline.js';
import { kindOf, RESENT_TIMEOUT, SPURIOUS } from '../../flow/verdict.js';
import type { Part, Story } from '../story.js';

/**
 * Segments that had arrived behind a lost one, and were sent again along with it: when the timer fires everything that is under way counts as
 * lost (RFC 5681 section 3.1, tcp_enter_loss), and without SACK nothing tells the sender what is not.
 */
export function repeatedBehindLoss(part: Part, story: Story): Moment[] {
  const hasSack = part.endpoint.sackPermitted && story.other(part).endpoint.sackPermitted;
  if (hasSack || story.moments.some(({ sack }) => sack.length > 0)) return [];
  const timeouts = part.moments.filter(({ verdict }) => kindOf(verdict) === RESENT_TIMEOUT);
  const lost = timeouts.filter(({ verdict }) => !(verdict & SPURIOUS));
  return timeouts.filter(({ verdict, seq, earlier }) => {
    if (!(verdict & SPURIOUS) || earlier === undefined) return false;
    return lost.some((repair) => repair.time > earlier.time && isBefore(repair.seq, seq));
  });
}
