import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import { isAcknowledgment, resetForm } from '../story.js';

interface Evidence {
  /** Nanoseconds from the first and from the last SYN to the reset: wherever it was captured, about what the client waited for the SYN-ACK. */
  waited: number;
  waitedSinceLast: number;
  syns: number;
  /** SYN-ACKs that were answered so. */
  resets: number;
}

/** Told of the client. */
export const synAckReset: Pattern<'syn-ack-reset', Evidence> = {
  id: 'syn-ack-reset',
  title: 'The client resets the SYN-ACK that it had asked for',
  severity: 'warning',
  needs: RESET,
  about: `The server accepts the connection, its SYN-ACK acknowledges just what the client sent, and the client answers with the reset of a host that
    knows nothing of it: the socket that sent the SYN is gone, or the SYN never came from a socket.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.800 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>    # syn-ack-reset
    0.801 > R  1001:1001(0)          win 0                                                          # syn-ack-reset
  `,
  recognise({ role }, { client, server }) {
    if (role !== 'client' || client.syns[0] === undefined) return undefined;
    const expected = (client.syns[0].seq + 1) | 0;
    const resets = client.resets.filter((moment) => resetForm(moment, client) === 'answer' && moment.seq === expected);
    const [reset] = resets;
    const synAck = server.syns.findLast(({ ack, frame }) => ack === expected && frame < (reset?.frame ?? 0));
    if (reset === undefined || synAck === undefined) return undefined;
    const hasConnected = client.moments.some((moment) => isAcknowledgment(moment) && moment.frame < reset.frame);
    if (hasConnected) return undefined;
    const asked = client.syns.filter(({ frame }) => frame < synAck.frame);
    const [first, last] = [asked[0] ?? client.syns[0], asked.at(-1) ?? client.syns[0]];
    const evidence = {
      waited: reset.time - first.time,
      waitedSinceLast: reset.time - (last.count > 1 ? last.lastTime : last.time),
      syns: asked.reduce((sum, { count }) => sum + count, 0),
      resets: resets.length,
    };
    return { evidence, moments: [synAck, reset] };
  },
  tell: ({ waited, resets }) =>
    `${durationText(waited)} after its first SYN the client reset ${resets > 1 ? 'the answer of the server, and further ones as well' : 'the answer of the server'}.`,
};
