import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import { type ResetForm, resetForm } from '../story.js';

interface Evidence {
  /** Nanoseconds from the SYN to the reset. */
  delay: number;
  form: ResetForm;
  ttl: number;
  /** How often the client tried within this flow. */
  syns: number;
}

export const connectionRefused: Pattern<'connection-refused', Evidence> = {
  id: 'connection-refused',
  title: 'Connection refused',
  severity: 'failure',
  needs: RESET,
  about:
    'The SYN is answered by a reset: nobody listens on that port, or something on the way refuses on behalf of the server. The application gets ECONNREFUSED.',
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>   # connection-refused
    0.010 < R. 0:0(0)       ack 1001 win 0                                                       # connection-refused
  `,
  recognise({ role }, { client, server }) {
    if (role !== 'client') return undefined;
    const [syn] = client.syns;
    const reset = server.resets.find(({ ack }) => syn !== undefined && ack === ((syn.seq + 1 + syn.length) | 0));
    if (syn === undefined || reset === undefined || server.syns.length > 0) return undefined;
    const asked = client.syns.findLast(({ frame }) => frame < reset.frame) ?? syn;
    const evidence = { delay: reset.time - asked.time, form: resetForm(reset, server), ttl: reset.ttl, syns: client.syns.length };
    return { evidence, moments: [asked, reset] };
  },
  tell: ({ delay }) => `The SYN was answered with a reset within ${durationText(delay)}.`,
};
