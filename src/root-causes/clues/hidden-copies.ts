import { SPURIOUS } from '../../flow/verdict.js';
import type { Part } from '../../patterns/story.js';

/** The receiver of this end's data reports nothing as received twice, though an acknowledgment shows that something was: late and lost look the same. */
export function hidesCopies({ moments, endpoint }: Part): boolean {
  return endpoint.arrivedTwice === 0 && moments.some(({ verdict, needless }) => verdict & SPURIOUS && needless !== undefined);
}
