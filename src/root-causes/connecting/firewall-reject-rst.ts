import { RST } from '../../decode/flags.js';
import { isSameAddress } from '../../hosts/address.js';
import { countText, durationText } from '../../hosts/wording.js';
import { connectionRefused } from '../../patterns/connecting/connection-refused.js';
import { handshakeAckReset } from '../../patterns/listening/handshake-ack-reset.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { type Part, resetForm } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';

/** Nanoseconds: accepted so shortly before or after, the port was open. */
const SHORTLY = 3e9;
/** Somebody nearer than the server answers in less than this share of the time that it takes. */
const SOONER = 0.6;

export const firewallRejectRst: Cause = {
  id: 'firewall-reject-rst',
  title: 'A packet filter answers with a reset on behalf of the server',
  where: 'the path',
  mechanism: `"reject with tcp reset" makes nf_send_reset() build the very packet that tcp_v4_send_reset() would: RST and ACK to a SYN, a bare RST
    to anything with an ACK, window 0, no options, IP ID 0. On the server itself nothing in the packet gives it away; only TcpOutRsts does not move.
    On a router it starts with the TTL of the router, so that it arrives with another TTL than the packets of the server. A rule that starts to
    match in the middle of a connection resets one end while the socket of the other lives on and goes on sending.`,
  explains: [
    explain(connectionRefused, ({ form }, { story, hosts }) => {
      const [reset] = story.server.resets;
      const [syn] = story.client.syns;
      if (reset === undefined || syn === undefined) return undefined;
      const because = [
        form === 'foreign' ? 'the reset is not made as the Linux stack makes it' : 'netfilter makes the same reset for a SYN that it rejects',
      ];
      if (hosts.vantages.endedHere(story.flow))
        return {
          certainty: 'likely',
          because: [...because, 'the SYN came in at the capturing host, which forwards between these two, and never left it'],
        };
      const near = hosts.listeners.called(story.serverSocket).around(syn.time, SHORTLY, 'accepted');
      const accepted = near.filter((one) => !isSameAddress(one.client, story.flow.client)).length;
      if (accepted > 0)
        because.push(`${countText(accepted, 'connection')} of other hosts to the same port came about within three seconds: somebody listens there`);
      const against: string[] = [];
      if (accepted === 0) against.push('a closed port answers with the same packet');
      if (reset.ipId > 0) against.push(`the reset has the IP ID ${reset.ipId}, and those of netfilter have 0`);
      return { certainty: accepted > 0 && accepted === near.length ? 'likely' : 'possible', because, against };
    }),
    explain(handshakeAckReset, ({ delay }, { story, part }) => {
      const synAck = story.server.syns[0];
      const foreign = foreignTtl(part, synAck?.ttl);
      if (foreign === undefined || synAck === undefined) return undefined;
      const because = [
        foreign,
        'the port is open: its SYN-ACK came through',
        'no kernel sends the SYN-ACK and the reset of one handshake with two TTLs',
      ];
      const trip = synAck.time - (story.client.syns.findLast(({ frame }) => frame < synAck.frame)?.time ?? synAck.time);
      if (delay < trip * SOONER)
        because.push(`the reset came after ${durationText(delay)}, when the server itself took ${durationText(trip)} to answer`);
      return { certainty: 'likely', because };
    }),
    explain(resetAnswered, (_, { part }) => {
      const reset = part.resets.find((moment) => resetForm(moment, part) === 'answer');
      if (reset === undefined) return undefined;
      const ttls = foreignTtl(part, part.moments.findLast(({ frame, flags }) => frame < reset.frame && !(flags & RST))?.ttl);
      const because = ttls === undefined ? [] : [ttls];
      const goesOn = part.moments.filter(({ frame, flags }) => frame > reset.frame && !(flags & RST)).length;
      if (goesOn > 0) because.push(`that end sent ${countText(goesOn, 'more segment')} of the connection after its own reset: its socket lives`);
      return because.length === 0 ? undefined : { certainty: 'likely', because };
    }),
  ],
  counters: ['TcpOutRsts', 'TcpAttemptFails'],
  dropReasons: ['NETFILTER_DROP'],
  facts: [{ at: 'the end that resets', still: ['TcpOutRsts'] }],
  confirm: [
    {
      run: 'nft list ruleset -a; iptables-save -c',
      expect:
        'on the server and on each router between: a rule "reject with tcp reset" (--reject-with tcp-reset) whose counter rises with each attempt',
    },
    { run: 'nft monitor trace', expect: 'with "meta nftrace set 1" on the packets in question: the rule and its verdict' },
    { run: 'nstat -n; sleep 10; nstat -z TcpOutRsts', expect: 'on the server: stands still while resets arrive at the client' },
    {
      run: "tcpdump -nvi any 'tcp[tcpflags] & tcp-rst != 0 and port PORT'",
      expect: 'on the server: no reset leaves, or no SYN arrives; on the client: compare its ttl with that of other packets of the server',
    },
  ],
  remedy: [
    'Allow the connection in the rule set: source, destination, port, direction.',
    'When it meets connections that were open before: let the rule take established,related first, and find out why conntrack forgot them.',
    'Behind a cloud or a load balancer: look at its rules too, it may reset in the name of the server.',
  ],
  avoid: [
    'Restarting the service: it has never seen the packet.',
    'Turning reject into drop: the failure then takes two minutes to show, and looks like a dead path.',
  ],
  mimics: [
    { cause: 'port-closed-rst', tell: 'byte for byte the same packet; there TcpOutRsts of the server rises' },
    { cause: 'injected-rst', tell: 'there a connection in full swing is ended by somebody on the path, with other TTL, IP ID or options' },
    { cause: 'accept-queue-overflow-abort', tell: 'there the reset has the TTL of the SYN-ACK, and TcpExtListenOverflows rises' },
  ],
  sources: ['nft(8): reject statement', 'net/ipv4/netfilter/nf_reject_ipv4.c: nf_send_reset', 'net/ipv6/netfilter/nf_reject_ipv6.c: nf_send_reset6'],
  capture: 'path/syn-rejected-with-reset-by-firewall',
};

/** The reset has crossed another number of routers than another packet of the same end. */
function foreignTtl(part: Part, ttl: number | undefined): string | undefined {
  const reset = part.resets.find((moment) => resetForm(moment, part) === 'answer');
  if (reset === undefined || ttl === undefined || reset.ttl === ttl) return undefined;
  return `the reset arrived with TTL ${reset.ttl}, other packets of that end with ${ttl}: another machine sent it`;
}
