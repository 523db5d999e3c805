import { ACK } from '../../decode/flags.js';
import type { Pattern } from '../pattern.js';
import { OPENING } from '../signs.js';

type Evidence = Record<string, never>;

export const simultaneousOpen: Pattern<'simultaneous-open', Evidence> = {
  id: 'simultaneous-open',
  title: 'Both ends opened at the same time',
  severity: 'note',
  needs: OPENING,
  about: 'Two SYNs crossed, and both ends became client and server at once (RFC 9293 section 3.5). Peer-to-peer programs do that on purpose.',
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>     # simultaneous-open
    0.001 < S  5000:5000(0)          win 64240 <mss 1460,sackOK,TS val 900 ecr 0,nop,wscale 7>     # simultaneous-open
    0.002 > S. 1000:1000(0) ack 5001 win 65160 <mss 1460,sackOK,TS val 102 ecr 900,nop,wscale 7>
    0.003 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 902 ecr 100,nop,wscale 7>
  `,
  recognise({ role }, { client, server }) {
    if (role !== 'client') return undefined;
    const ours = client.syns.find(({ flags }) => !(flags & ACK));
    const theirs = server.syns.find(({ flags }) => !(flags & ACK));
    return ours !== undefined && theirs !== undefined ? { evidence: {}, moments: [ours, theirs] } : undefined;
  },
  tell: () => 'The SYNs of both ends crossed, and both connected.',
};
