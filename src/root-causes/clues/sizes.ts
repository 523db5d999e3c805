import type { Case } from '../cause.js';

/** TCP options that a full segment has to leave room for. */
const OPTIONS = 12;

/**
 * Seen at the receiver: most of what came was sent again, and nothing ever came that was as large as the handshake allows. Whatever got lost
 * may have been too large, and what came then was cut smaller.
 */
export function arrivesOnlySmall({ story, part, peer }: Case, resends: number, dataSegments: number): boolean {
  const { mss } = peer.endpoint;
  const largest = part.endpoint.pace?.largest ?? 0;
  return story.isAt(peer) && mss > 0 && resends * 2 > dataSegments && dataSegments > 2 && largest < mss - OPTIONS;
}
