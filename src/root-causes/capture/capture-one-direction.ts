import { shareText } from '../../hosts/wording.js';
import { oneDirectionOnly } from '../../patterns/capture/one-direction-only.js';
import { type Cause, explainHost } from '../cause.js';

export const captureOneDirection: Cause = {
  id: 'capture-one-direction',
  title: 'Only one direction passed the point of capture',
  where: 'the capture',
  isBenign: true,
  mechanism: `The kernel at the captured end advances RCV.NXT only for data that has arrived (tcp_rcv_nxt_update()), so an acknowledgment that grows
    proves that the other end spoke. Its packets took another way: asymmetric routing, a bond or ECMP whose other link was not captured, a mirror
    port of one direction, direct server return, where answers bypass the load balancer, or a capture filter such as "src host" or "dst port".`,
  explains: [
    explainHost(oneDirectionOnly, ({ oneSided, conversations }) => ({
      certainty: 'certain',
      because: [
        `in ${shareText(oneSided, conversations, 'conversation')} one end acknowledges bytes, or a SYN, that are not in the capture`,
        ...(oneSided === conversations && conversations > 1
          ? ['it is so in every conversation, as with a filter or a mirror port of one direction']
          : []),
      ],
    })),
  ],
  confirm: [
    { run: 'ps -o args= -C tcpdump', expect: 'a filter that names only one side, such as "src host A" or "dst port 443"' },
    { run: 'tracepath -n PEER', expect: 'from both hosts: other hops in one direction than in the other' },
    { run: 'ip route get PEER', expect: 'on the capturing host: another interface than the one that was captured' },
  ],
  remedy: [
    'Nothing on the connection. Capture both directions: "host A and port P" instead of src and dst, and all links of a bond.',
    'Where routing is asymmetric capture on one of the two ends: both directions pass there.',
  ],
  avoid: ['Taking the missing packets for lost ones, or the peer for dead: the acknowledgments show that it answers.'],
  mimics: [
    { cause: 'ack-path-loss', tell: 'there data is sent again because no acknowledgment arrives' },
    { cause: 'syn-unanswered-blackhole', tell: 'there nothing is ever acknowledged' },
  ],
  sources: ['RFC 9293 section 3.4', 'net/ipv4/tcp_input.c: tcp_rcv_nxt_update', 'pcap-filter(7)'],
  capture: 'capture/one-direction-only',
};
