import { countText, durationText } from '../../hosts/wording.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { resentNeedlessly } from '../../patterns/loss/resent-needlessly.js';
import { segmentsReordered } from '../../patterns/loss/segments-reordered.js';
import { tooBig } from '../../patterns/path/too-big.js';
import { type Cause, explain, type Weight } from '../cause.js';
import { icmpSourceOf } from '../clues/icmp-source.js';
import { arrivesOnlySmall, type Recut, recutAt } from '../clues/sizes.js';

/** IPv4 and TCP headers without options. */
const HEADERS = { 4: 40, 6: 60 };
/** net.ipv4.route.min_pmtu; an MTU as small as that is hardly ever meant. */
const MIN_PMTU = 552;

export const pmtuIcmpAccepted: Cause = {
  id: 'pmtu-icmp-accepted',
  title: 'Path MTU discovery at work: a router named the size that fits',
  where: 'the path',
  isBenign: true,
  mechanism: `A router that cannot pass on a packet with DF set drops it and sends "fragmentation needed" with the MTU of the next link (over IPv6
    "packet too big"). tcp_v4_err() checks that the quoted sequence number is outstanding, tcp_v4_mtu_reduced() stores the MTU for that destination
    (for 600 s, net.ipv4.route.mtu_expires) and tcp_simple_retransmit() sends everything that was lost in smaller pieces at once, without touching the
    congestion window. It costs one round trip, once for each destination. Bytes that happened to be small enough may arrive twice, because the pieces
    are cut anew.`,
  explains: [
    explain(tooBig, ({ mtu, errors, before, after, ignored }, { story, part }) => {
      if (ignored) return undefined;
      const source = icmpSourceOf(story, part);
      const because = [`${countText(errors, 'ICMP error')} named an MTU of ${mtu}${source === undefined ? '' : `, sent by ${source}`}`];
      const room = mtu - HEADERS[part.endpoint.family === 6 ? 6 : 4];
      if (after > 0 && after < before && after <= room)
        because.push(`the data was sent again in pieces of ${after} bytes instead of ${before}, which fits`);
      const against: string[] = [];
      if (after === 0 || after >= before) against.push('no smaller segments followed: the sender did not believe it, or had nothing more to send');
      if (mtu <= MIN_PMTU) against.push(`an MTU of ${mtu} is as small as Linux accepts: the message may be forged or wrong`);
      return { certainty: because.length > 1 ? 'certain' : 'likely', because, against };
    }),
    explain(resentNeedlessly, (_, { alsoShows }) => {
      const icmp = alsoShows(tooBig);
      if (icmp === undefined) return undefined;
      return {
        certainty: 'likely',
        because: [`after the ICMP error all data was cut anew for an MTU of ${icmp.mtu}, including what was small enough and had arrived`],
      };
    }),
    explain(lossRepaired, ({ resends, dataSegments }, given) => {
      const recut = recutAt(given);
      if (recut !== undefined) return weighPieces(recut);
      if (!arrivesOnlySmall(given, resends, dataSegments)) return undefined;
      const { part, peer } = given;
      const because = [
        `no segment larger than ${part.endpoint.pace?.largest} bytes ever came, although the handshake allows ${peer.endpoint.mss}`,
        `what was missing came within a round trip or so, in ${countText(resends, 'piece')}: sooner than any timer`,
      ];
      return { certainty: 'likely', because, against: [UNSEEN] };
    }),
    explain(segmentsReordered, (_, given) => {
      const recut = recutAt(given);
      return recut && weighPieces(recut);
    }),
  ],
  sysctls: ['net.ipv4.route.mtu_expires', 'net.ipv4.route.min_pmtu', 'net.ipv6.route.mtu_expires', 'net.ipv4.ip_no_pmtu_disc'],
  counters: ['IcmpInDestUnreachs', 'Icmp6InPktTooBigs', 'TcpRetransSegs'],
  dropReasons: ['PKT_TOO_BIG'],
  facts: [
    { at: 'this end', sockets: (sockets) => sockets.lowerPathMtu, quotes: ['IcmpInDestUnreachs', 'Icmp6InPktTooBigs'] },
    { at: 'the path', shows: ['IpFragFails'] },
  ],
  confirm: [
    { run: 'ip route get PEER', expect: 'on the sender: cache expires … mtu N, the value of the message' },
    { run: 'ss -tin dst PEER', expect: 'on the sender: pmtu:N, and an mss that fits into it' },
    { run: 'tracepath -n PEER', expect: 'pmtu N at the hop where the smaller link begins' },
  ],
  remedy: [
    'Nothing: this is how it should work.',
    'To save the round trip, announce the smaller size from the start: MSS clamping where the smaller link begins, or its MTU on that route.',
  ],
  avoid: [
    'Filtering these messages "because they are errors": every transfer over that path then hangs.',
    'net.ipv4.ip_no_pmtu_disc = 1: nothing is broken that it could repair.',
  ],
  mimics: [
    { cause: 'pmtu-blackhole', tell: 'there no message comes, and large segments are never delivered' },
    { cause: 'mtu-probing-active', tell: 'there segments shrink after several timeouts, without a message' },
    { cause: 'sack-fast-recovery-loss', tell: 'there the repetitions are as large as what was lost' },
  ],
  sources: [
    'RFC 1191 section 3',
    'RFC 8201 section 4',
    'Documentation/networking/ip-sysctl.rst: ip_no_pmtu_disc, min_pmtu, mtu_expires',
    'net/ipv4/tcp_ipv4.c: tcp_v4_err, tcp_v4_mtu_reduced',
    'net/ipv4/tcp_input.c: tcp_simple_retransmit',
  ],
  capture: 'path/segments-shrink-after-icmp',
};

const UNSEEN = 'the ICMP error is not in this capture: it went to the sender';

function weighPieces({ from, to, waited }: Recut): Weight {
  const because = [`what was missing came in pieces of ${to} bytes and what segments of ${from} bytes leave over, and nothing larger came after it`];
  if (waited === 0) return { certainty: 'likely', because, against: [UNSEEN] };
  const silence = `it came after a silence of ${durationText(waited)}: timers may have tried the size, without any ICMP error`;
  return { certainty: 'possible', because, against: [UNSEEN, silence] };
}
