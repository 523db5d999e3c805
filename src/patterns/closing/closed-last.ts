import { isAfter } from '../../decode/sequence.js';
import type { Part } from '../part.js';

/** Its FIN acknowledges that of its peer: it goes from CLOSE_WAIT to LAST_ACK. Where FINs cross nobody is in either. */
export function closedLast({ fins }: Part, peer: Part): boolean {
  const [fin] = fins;
  return fin !== undefined && peer.endpoint.hasFin && isAfter(fin.ack, peer.endpoint.finSeq);
}
