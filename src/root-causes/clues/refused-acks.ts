import { ACK } from '../../decode/flags.js';
import { kindOf, RESENT_TIMEOUT } from '../../flow/verdict.js';
import { isAcknowledgment, type Story } from '../../patterns/story.js';
import type { Case } from '../cause.js';

/**
 * Acknowledgments of the client after a SYN-ACK that was repeated in spite of one, and before a further one. TCP_DEFER_ACCEPT ignores none of
 * these: it repeats the SYN-ACK only when its time is over, and takes the next ACK (syn_ack_recalc, tcp_check_req).
 */
export function ignoredOnceMore({ client, server }: Story): number {
  const acks = client.moments.filter(isAcknowledgment);
  const synAcks = server.syns.filter(({ flags }) => flags & ACK);
  const repeat = synAcks.find(({ frame }) => frame > (acks[0]?.frame ?? Number.POSITIVE_INFINITY));
  const last = synAcks.at(-1);
  return acks.filter(({ frame }) => repeat !== undefined && last !== undefined && frame > repeat.frame && frame < last.frame).length;
}

/** What one end sent again by the timer all went to a server that had not taken the connection yet. */
export function sentToRequest({ story, part }: Case): boolean {
  const taken = story.server.moments.find(isAcknowledgment);
  const timeouts = part.moments.filter(({ verdict }) => kindOf(verdict) === RESENT_TIMEOUT);
  return part.role === 'client' && timeouts.every(({ time }) => taken === undefined || time < taken.time);
}
