import { DUPLICATE_ACK } from '../../flow/seen.js';
import type { Moment } from '../../flow/timeline.js';
import { KEEP_ALIVE_PROBE, WINDOW_PROBE } from '../../flow/verdict.js';
import type { Case } from '../cause.js';

/**
 * Duplicate ACKs of the peer that carry no SACK block although SACK was agreed on. They report no hole and no copy, so they answer a segment
 * that was unacceptable, and this end has sent none such, as far as captured.
 */
export function unprovokedAcks({ part, peer }: Case): Moment[] {
  const hasSack = part.endpoint.sackPermitted && peer.endpoint.sackPermitted;
  const hasProbed = part.moments.some(({ verdict }) => verdict === KEEP_ALIVE_PROBE || verdict === WINDOW_PROBE);
  if (!hasSack || hasProbed) return [];
  return peer.moments.filter(({ seen, sack, length }) => seen & DUPLICATE_ACK && sack.length === 0 && length === 0);
}
