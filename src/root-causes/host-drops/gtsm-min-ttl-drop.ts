import { synUnanswered } from '../../patterns/connecting/syn-unanswered.js';
import { type Cause, explain } from '../cause.js';
import { arrivalOf, doubtOfArrival, persistenceOf, silenceOf, stampReason } from '../clues/silence.js';

/** BGP, LDP, MSDP: where routers demand the TTL of a neighbour. */
const GUARDED_PORTS: ReadonlySet<number> = new Set([179, 639, 646]);
const HIGHEST = 255;

export const gtsmMinTtlDrop: Cause = {
  id: 'gtsm-min-ttl-drop',
  title: 'TTL security (GTSM): the SYN comes from too far away',
  where: 'the peer',
  mechanism: `A daemon can set a minimum TTL on its socket (IP_MINTTL, IPV6_MINHOPCOUNT): routers do so with BGP neighbours, "ttl-security". Both
    ends then send with TTL 255, and since each router takes one away, a segment with less than 255 minus the allowed hops cannot come from the
    neighbour. tcp_v4_rcv() and tcp_v6_rcv() drop it without a word. It happens when only one end is configured and the other one goes on sending
    with 64 or 1, or when there are more hops between them than was allowed.`,
  explains: [
    explain(synUnanswered, ({ syns }, given) => {
      const { synTtl, family } = given.part.endpoint;
      const { port } = given.peer.endpoint;
      const silence = silenceOf(given);
      if (synTtl >= HIGHEST || silence.answeredHere > 0) return undefined;
      const name = family === 4 ? 'TTL' : 'hop limit';
      const because = ['neither a reset nor an ICMP error came back: a TTL that is too low gets no answer', ...arrivalOf(silence)];
      const against = [...doubtOfArrival(silence, given), ...stampReason(silence)];
      if (GUARDED_PORTS.has(port))
        because.push(`port ${port} is one where routers guard the ${name}, and the SYN has ${synTtl} instead of ${HIGHEST}`);
      else against.push(`port ${port} is not one where anybody usually guards the ${name}`);
      if (GUARDED_PORTS.has(port)) because.push(...persistenceOf(silence, syns));
      return { certainty: 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.ip_default_ttl'],
  counters: ['TcpExtTCPMinTTLDrop'],
  dropReasons: ['TCP_MINTTL'],
  facts: [{ proof: ['TcpExtTCPMinTTLDrop'] }],
  confirm: [
    { run: 'nstat -az TcpExtTCPMinTTLDrop; sleep 10; nstat -z TcpExtTCPMinTTLDrop', expect: 'on the server: rises by one with each SYN' },
    {
      run: "tcpdump -nvi any 'tcp port PORT and tcp[tcpflags] & tcp-syn != 0'",
      expect: 'on the server: the ttl of the SYN is lower than the configuration demands',
    },
    {
      run: "vtysh -c 'show bgp neighbors CLIENT' | grep -i hop",
      expect: 'the number of hops that the server allows (other daemons: their ttl-security)',
    },
  ],
  remedy: [
    'Configure TTL security on both ends, with the number of hops that really lie between them.',
    'If the session is meant to cross routers, use multihop with a signature instead.',
  ],
  avoid: ['Raising net.ipv4.ip_default_ttl to 255 to get through: it changes every connection of the host, and the guard no longer guards.'],
  mimics: [
    { cause: 'md5-ao-mismatch-drop', tell: 'there TcpExtTCPMD5NotFound, TCPMD5Unexpected or TCPMD5Failure rises' },
    { cause: 'host-netfilter-drop', tell: 'there a rule counts the packets, perhaps one that matches on the TTL' },
  ],
  sources: ['RFC 5082', 'ip(7): IP_MINTTL', 'net/ipv4/tcp_ipv4.c: tcp_v4_rcv'],
  capture: 'handshake/syns-dropped-because-ttl-is-too-low',
};
