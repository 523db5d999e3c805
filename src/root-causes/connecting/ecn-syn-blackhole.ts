import { CWR, ECE } from '../../decode/flags.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { type Cause, explain } from '../cause.js';
import { not } from '../testimony/sign.js';

export const ecnSynBlackhole: Cause = {
  id: 'ecn-syn-blackhole',
  title: 'SYN that asks for ECN is dropped, the plain repetition gets through',
  where: 'the path',
  mechanism: `With net.ipv4.tcp_ecn = 1 (or the ecn feature of a route) the SYN carries the flags ECE and CWR. Some old firewalls drop what they
    take for reserved bits. Linux expects that: with net.ipv4.tcp_ecn_fallback = 1 the first repetition of the SYN asks for nothing any more
    (tcp_ecn_clear_syn, RFC 3168 section 6.1.1.1), so that the connection comes about, one second late, and without ECN. Every new connection
    through that box pays this second. By default (2) Linux does not ask for ECN, it only grants it.`,
  explains: [
    explain(synRepeated, ({ dropped, syns, answersFirst }, { story, peer }) => {
      if (dropped !== 'ECN' || answersFirst) return undefined;
      const plain = story.client.syns.filter(({ flags }) => !(flags & (ECE | CWR))).length;
      const because = ['the first SYN asked for ECN (ECE and CWR set) and got no answer'];
      if (plain === 1) because.push('the first SYN without these flags was answered');
      const against = [];
      if (syns > 2) against.push(`${plain - 1} plain SYNs were ignored as well: then the flags are not the reason`);
      if (story.isAt(peer)) against.push('the SYN with ECN was captured at the server, so no box on the path dropped it');
      return { certainty: against.length === 0 ? 'likely' : 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_ecn', 'net.ipv4.tcp_ecn_fallback'],
  counters: ['TcpExtTCPSynRetrans', 'TcpExtTCPTimeouts'],
  facts: [{ at: 'this end', needs: { 'net.ipv4.tcp_ecn_fallback': not('0') }, raises: ['TcpExtTCPSynRetrans'], quotes: ['net.ipv4.tcp_ecn'] }],
  confirm: [
    {
      run: 'sysctl net.ipv4.tcp_ecn net.ipv4.tcp_ecn_fallback; ip route get SERVER',
      expect: 'on the client: 1 (on 6.18 also 3 to 5), or "features ecn" on the route',
    },
    {
      run: "for i in 1 2 3 4 5; do curl -so /dev/null -w '%{time_connect}\\n' http://SERVER:PORT/; done",
      expect: 'each connect takes one second more than the round trip; with tcp_ecn = 2 none does',
    },
    { run: "tcpdump -ni any 'tcp[tcpflags] & tcp-syn != 0 and host CLIENT'", expect: 'on the server: only the plain SYN [S] arrives, never [SEW]' },
  ],
  remedy: [
    'Repair or configure the firewall, load balancer or tunnel that drops the SYN: walk the path with a capture on each hop.',
    'Until then ask for ECN only where it works: net.ipv4.tcp_ecn = 2, and "ip route change ... features ecn" for the networks that support it.',
  ],
  avoid: [
    'Setting net.ipv4.tcp_ecn_fallback = 0: then the connection does not come about at all.',
    'Setting net.ipv4.tcp_ecn = 0 on servers: it is the asking that gets dropped, and 2 already does not ask.',
  ],
  mimics: [
    { cause: 'syn-lost-on-path', tell: 'there it hits some SYNs, with or without ECN; here every connection that asks for it on that path' },
    { cause: 'tfo-blackhole-or-rejected', tell: 'there the first SYN carries data or a Fast Open cookie' },
  ],
  sources: [
    'RFC 3168 section 6.1.1.1',
    'Documentation/networking/ip-sysctl.rst: tcp_ecn, tcp_ecn_fallback',
    'net/ipv4/tcp_output.c: __tcp_retransmit_skb, tcp_ecn_clear_syn',
  ],
  capture: 'handshake/ecn-syn-dropped',
};
