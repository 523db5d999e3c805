import { countText, durationText, timesText } from '../../hosts/wording.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { largeSegmentsLost } from '../../patterns/path/large-segments-lost.js';
import { segmentsShrink } from '../../patterns/path/segments-shrink.js';
import { tooBig } from '../../patterns/path/too-big.js';
import type { EvidenceOf } from '../../patterns/pattern.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';

type Evidence = EvidenceOf<typeof largeSegmentsLost>;

export const pmtuBlackhole: Cause = {
  id: 'pmtu-blackhole',
  title: 'Large segments do not fit somewhere, and the ICMP message that says so is filtered',
  where: 'the path',
  mechanism: `Linux sends TCP with DF set and relies on routers to say what fits: "fragmentation needed" (or "packet too big") reaches
    tcp_v4_mtu_reduced() and the segments shrink. When a tunnel, VPN or PPPoE link has a smaller MTU and that message is filtered, never sent, or sent
    to the wrong host behind a load balancer, full-size segments vanish each time, while the handshake, small requests and ACKs pass. The timer
    repeats the same segment in the same size until tcp_retries2 ends it. TLS then hangs after the ClientHello, ssh before the prompt, git and
    database connections at the first large result.`,
  explains: [
    explain(segmentsShrink, ({ full, tries, sizes, gotThrough }) => {
      if (!gotThrough) return undefined;
      const because = [`${full} bytes never got through in ${tries} repeats, a piece of ${sizes.at(-1)} did`, 'no ICMP message named a size'];
      return { certainty: 'likely', because };
    }),
    explain(largeSegmentsLost, (evidence, given) => weigh(evidence, given)),
    explain(tooBig, (evidence, given) => weighIgnored(evidence, given)),
    explain(retransmissionTimeout, (_, given) => {
      const icmp = given.alsoShows(tooBig);
      if (icmp !== undefined) return weighIgnored(icmp, given);
      const evidence = given.alsoShows(largeSegmentsLost);
      return evidence && weigh(evidence, given);
    }),
    explain(lossRepaired, ({ resends }, given) => {
      const evidence = given.alsoShows(largeSegmentsLost);
      return evidence === undefined || evidence.resends < resends ? undefined : weigh(evidence, given);
    }),
  ],
  sysctls: [
    'net.ipv4.tcp_mtu_probing',
    'net.ipv4.tcp_base_mss',
    'net.ipv4.ip_no_pmtu_disc',
    'net.ipv4.route.min_pmtu',
    'net.ipv4.route.mtu_expires',
    'net.ipv4.tcp_mtu_probe_floor',
    'net.ipv4.tcp_min_snd_mss',
  ],
  counters: ['TcpExtTCPTimeouts', 'IcmpInDestUnreachs', 'Icmp6InPktTooBigs', 'TcpExtOutOfWindowIcmps', 'TcpExtTCPMTUPSuccess', 'TcpExtTCPMTUPFail'],
  facts: [
    { at: 'the path', shows: ['IpFragFails'] },
    { at: 'this end', quotes: ['net.ipv4.tcp_mtu_probing'] },
  ],
  confirm: [
    {
      run: 'ping -M do -c 3 -s 1472 PEER; ping -M do -c 3 -s 1372 PEER',
      expect: 'from the sender (1452 and 1352 for IPv6): the large one gets no answer and no error, the small one is answered',
    },
    { run: 'tracepath -n PEER', expect: 'no pmtu line, and "no reply" from the hop where the smaller link begins' },
    { run: 'ip route get PEER', expect: 'on the sender: no mtu in the cache, so that no ICMP message was believed' },
    {
      run: "tcpdump -nvi any 'icmp[0] = 3 and icmp[1] = 4 or icmp6[0] = 2'",
      expect: 'on the sender: nothing comes; on the router before the tunnel: the message is sent, and one can follow where it is lost',
    },
    { run: 'ss -tin dst PEER', expect: 'on the sender: mss and pmtu still those of the own link, backoff growing' },
  ],
  remedy: [
    'Let ICMP type 3 code 4 and ICMPv6 type 2 pass, on the whole way back to the sender.',
    'Clamp the MSS where the smaller link begins: nft add rule … tcp flags syn tcp option maxseg size set rt mtu.',
    'net.ipv4.tcp_mtu_probing = 1 on the sender: after a few timeouts it tries smaller segments by itself.',
    'As a stopgap, a smaller MTU for that route alone: ip route change … mtu 1400.',
  ],
  avoid: [
    'net.ipv4.ip_no_pmtu_disc = 1: it gives up path MTU discovery for everything, and lets routers fragment.',
    'A lower MTU on the interface of a server: it helps this path, and costs all others.',
    'Raising buffers or windows: not one full-size segment gets through.',
  ],
  mimics: [
    { cause: 'rto-backoff-path-loss', tell: 'there small segments are lost as well' },
    { cause: 'mtu-probing-active', tell: 'the same path, with a sender that tries smaller segments after some timeouts' },
    { cause: 'pmtu-icmp-accepted', tell: 'there the message comes, and the segments shrink at once' },
    { cause: 'sack-fast-recovery-loss', tell: 'there the repetition gets through' },
  ],
  sources: [
    'RFC 2923 section 2.1',
    'RFC 1191',
    'RFC 8201',
    'Documentation/networking/ip-sysctl.rst: tcp_mtu_probing, ip_no_pmtu_disc',
    'net/ipv4/tcp_ipv4.c: tcp_v4_mtu_reduced',
  ],
  capture: 'path/large-segments-lost-because-icmp-is-filtered',
};

function weigh({ lost, passed, hadPassed, resends, lasted, shrankTo }: Evidence, { story, part, peer }: Case): Weight | undefined {
  if (lost <= passed || passed === 0) return undefined;
  const isAtReceiver = story.isAt(peer);
  const because = [`segments of ${lost} bytes are missing, while ${passed} bytes passed`];
  if (resends > 0) because.push(`the same large segment was sent again ${timesText(resends)} in ${durationText(lasted)}, and not once acknowledged`);
  if (shrankTo !== undefined) because.push(`when it was cut into ${shrankTo} bytes, it got through`);
  const full = peer.endpoint.mss > 0 ? peer.endpoint.mss - 12 : undefined;
  if (full !== undefined && lost >= full) because.push('they are as large as the handshake allows, and no ICMP message asked for smaller ones');
  const against: string[] = [];
  if (isAtReceiver) against.push('seen from the receiver: how often they were sent is not known');
  if (hadPassed) against.push('segments of that size had passed before: the path would have changed');
  if (resends === 2 && shrankTo === undefined) against.push('three losses in a row can be chance');
  if (part.damaged > 0) against.push('segments with wrong checksums came as well');
  return { certainty: isAtReceiver || hadPassed || resends < 2 ? 'possible' : 'likely', because, against };
}

/** The message came as far as the point of capture, and changed nothing. */
function weighIgnored({ ignored, errors, mtu, before }: EvidenceOf<typeof tooBig>, { story, part }: Case): Weight | undefined {
  if (!ignored) return undefined;
  const isHere = story.isAt(part);
  const because = [
    `${countText(errors, 'ICMP error')} named an MTU of ${mtu}, and segments of ${before} bytes were sent again all the same`,
    isHere
      ? 'they came to the sending host, where this was captured: something on it keeps them from its TCP, such as a packet filter'
      : 'what comes after the point of capture keeps them from the sender, its own packet filter perhaps',
  ];
  return { certainty: 'likely', where: isHere ? 'this end' : 'the path', because };
}
