import { RESENT_TIMEOUT } from '../../flow/verdict.js';
import { countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { judged, OPENING } from '../signs.js';
import { isAcknowledgment } from '../story.js';

interface Evidence {
  /** Segments of the client after the handshake that nothing answered. */
  segments: number;
  /** Of these, with data sent again. */
  resends: number;
  /** Nanoseconds that they were ignored for, from the SYN-ACK on. */
  span: number;
  /** The server took the connection after all. */
  wasTaken: boolean;
}

/** Nanoseconds: a server that waits for the ACK repeats its SYN-ACK after one second. */
const REPETITION_DUE = 1.3e9;

export const ignoredAfterHandshake: Pattern<'ignored-after-handshake', Evidence> = {
  id: 'ignored-after-handshake',
  title: 'Connected, but nothing is acknowledged',
  severity: 'failure',
  needs: OPENING | judged(RESENT_TIMEOUT),
  about: `The client has a SYN-ACK and believes to be connected; whatever it sends stays without any answer, and the server does not even
    repeat its SYN-ACK, as it would if it were waiting for the ACK.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.001 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>    # ignored-after-handshake
    0.041 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 140 ecr 900>                         # ignored-after-handshake
    0.050 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 150 ecr 900>                         # ignored-after-handshake
    0.300 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 400 ecr 900>                         # ignored-after-handshake
    0.700 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 800 ecr 900>                         # ignored-after-handshake
    1.500 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 1600 ecr 900>                        # ignored-after-handshake
  `,
  recognise({ role }, story) {
    if (role !== 'client') return undefined;
    const { client, server, flow } = story;
    const [synAck, ...repeats] = server.syns;
    if (synAck === undefined || repeats.length > 0 || server.resets.length > 0) return undefined;
    const taken = server.moments.find(isAcknowledgment);
    const sent = client.moments.filter((moment) => isAcknowledgment(moment) && moment.frame > synAck.frame && !(taken && moment.frame > taken.frame));
    const ignored = taken === undefined ? sent : sent.slice(0, -1); // the last one was accepted
    const data = ignored.filter(({ length }) => length > 0);
    const span = (taken?.time ?? flow.lastTime) - synAck.time;
    if (data.length < 3 || span < REPETITION_DUE) return undefined;
    if (taken !== undefined && !story.isAt(server)) return undefined; // elsewhere a path that loses data for a while looks the same
    const evidence = { segments: ignored.length, resends: data.length - 1, span, wasTaken: taken !== undefined };
    return { evidence, moments: [synAck, ...ignored.slice(0, 6)], severity: taken === undefined ? 'failure' : 'warning' };
  },
  tell: ({ segments, resends, span, wasTaken }) => {
    const outcome = wasTaken ? '; in the end the connection was accepted' : '';
    return `After the SYN-ACK nothing came from the server for ${durationText(span)}: ${countText(segments, 'segment')} of the client, ${resends} of them data sent again, stayed unanswered${outcome}.`;
  },
};
