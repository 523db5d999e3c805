import { ACK } from '../../decode/flags.js';
import { listText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { OPTIONS } from '../signs.js';

interface Evidence {
  /** Options that the client offered and the SYN-ACK does not take up. */
  missing: ('window scaling' | 'SACK' | 'timestamps')[];
  /** Nothing but the MSS came back. */
  onlyMss: boolean;
  clientOfferedTimestamps: boolean;
  /** The server goes on to send windows as if they were scaled: small enough to choke the transfer. */
  largestWindow: number;
}

export const optionsWithheld: Pattern<'options-withheld', Evidence> = {
  id: 'options-withheld',
  title: 'SYN-ACK takes up fewer options than were offered',
  severity: 'note',
  needs: OPTIONS,
  about: `Window scaling and SACK hold for a connection only when both SYNs carry them. Without scaling no more than 64 KB can be on the way,
    without SACK several losses in one window are repaired one a round trip.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,nop,nop,sackOK,nop,wscale 7>   # options-withheld
    0.001 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460>                               # options-withheld
    0.041 > .  1001:1001(0) ack 5001 win 64240
  `,
  recognise({ role }, { client, server }) {
    if (role !== 'server') return undefined;
    const syn = client.syns.find(({ flags }) => !(flags & ACK));
    const synAck = server.syns.find(({ flags }) => flags & ACK);
    if (syn === undefined || synAck === undefined) return undefined;
    const [offer, answer] = [client.endpoint, server.endpoint];
    if (!answer.hasOffer) return undefined;
    const missing: Evidence['missing'] = [];
    if (offer.windowScale >= 0 && answer.windowScale < 0) missing.push('window scaling');
    if (offer.sackPermitted && !answer.sackPermitted) missing.push('SACK');
    if (offer.timestamps && !answer.timestamps) missing.push('timestamps');
    if (missing.length === 0) return undefined;
    const onlyMss = answer.windowScale < 0 && !answer.sackPermitted && !answer.timestamps;
    const evidence = { missing, onlyMss, clientOfferedTimestamps: offer.timestamps, largestWindow: answer.largestWindow };
    return { evidence, moments: [syn, synAck], severity: missing.includes('window scaling') ? 'warning' : 'note' };
  },
  tell: ({ missing }) => `The client offered ${listText(missing)}, of which nothing is in the SYN-ACK.`,
};
