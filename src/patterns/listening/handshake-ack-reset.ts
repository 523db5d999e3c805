import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import { isAcknowledgment, resetForm } from '../story.js';

interface Evidence {
  /** Nanoseconds from the ACK to the reset. */
  delay: number;
  /** Nanoseconds from the SYN-ACK to the segment that the reset answers: that ACK, or one after it. */
  waited: number;
}

export const handshakeAckReset: Pattern<'handshake-ack-reset', Evidence> = {
  id: 'handshake-ack-reset',
  title: 'Handshake completed by the client, then reset',
  severity: 'failure',
  needs: RESET,
  about: `The server offers the connection with its SYN-ACK, and answers the ACK that completes the handshake with a reset.
    The client's connect() has already succeeded; the next read or write fails with ECONNRESET.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.001 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>    # handshake-ack-reset
    0.041 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 140 ecr 900>                         # handshake-ack-reset
    0.041 < R  5001:5001(0)          win 0                                                          # handshake-ack-reset
  `,
  recognise({ role }, { client, server, isOpenedByServer }) {
    if (role !== 'server') return undefined;
    const [synAck, ...repeats] = server.syns;
    const reset = server.resets.find((moment) => resetForm(moment, server) === 'answer');
    if (synAck === undefined || reset === undefined || isOpenedByServer || repeats.length > 0) return undefined;
    const ack = client.moments.find((moment) => isAcknowledgment(moment) && moment.frame > synAck.frame && moment.frame < reset.frame);
    if (ack === undefined || reset.seq !== ack.ack) return undefined;
    const answered = client.moments.findLast((moment) => isAcknowledgment(moment) && moment.frame < reset.frame) ?? ack;
    const evidence = { delay: reset.time - ack.time, waited: answered.time - synAck.time };
    return { evidence, moments: [...new Set([synAck, ack, answered, reset])] };
  },
  tell: ({ delay }) => `${durationText(delay)} after the client had completed the handshake, the server reset the connection.`,
};
