import { shareText } from '../../hosts/wording.js';
import { endedEarly } from '../../patterns/capture/ended-early.js';
import { type Cause, explainHost } from '../cause.js';

export const captureEndsEarly: Cause = {
  id: 'capture-ends-early',
  title: 'The capture ended while the conversation was going on',
  where: 'the capture',
  isBenign: true,
  mechanism: `A connection lives until an application closes it or a timer of the kernel gives up, and an idle one lives on without a packet: Linux
    has no idle timeout for ESTABLISHED sockets, and SO_KEEPALIVE asks for the first time after net.ipv4.tcp_keepalive_time, two hours. A capture
    that is stopped, or reaches its -c, -G or -W limit, before that shows neither FIN nor RST, and that says nothing about the application.`,
  explains: [
    explainHost(endedEarly, ({ open, conversations, withDataUnderWay }) => {
      const because = [`${shareText(open, conversations, 'conversation')} had no FIN, no RST and no unanswered repeat when the capture ended`];
      if (withDataUnderWay > 0)
        because.push(`in ${open > 1 ? `${withDataUnderWay} of them` : 'it'} data was under way that nobody had acknowledged yet`);
      return { certainty: 'certain', because };
    }),
  ],
  confirm: [
    { run: 'capinfos -a -e -u FILE', expect: 'the end of the capture is the time of the last segments of these conversations, or shortly after' },
    { run: "ss -tn state established 'dst PEER'", expect: 'the connection is still there on both hosts, if they can be asked soon enough' },
  ],
  remedy: ['Nothing. To see the end, capture longer: stop after the application reports its error, not before.'],
  avoid: ['Counting these conversations as leaks or hangs: a leak shows a FIN of one end that the other never follows.'],
  mimics: [
    { cause: 'close-wait-leak', tell: 'there one end has sent its FIN, and the other end does not follow' },
    { cause: 'data-timeout-silent-abort', tell: 'there data is sent again and again without an answer before the silence' },
  ],
  sources: ['RFC 9293 section 3.6', 'RFC 1122 section 4.2.3.6', 'tcpdump(1): -c, -G, -W'],
  capture: 'capture/ended-early',
};
