import { addressText, hostText } from '../../hosts/address.js';
import { durationText } from '../../hosts/wording.js';
import { connectionRejected } from '../../patterns/connecting/connection-rejected.js';
import { type Cause, explain } from '../cause.js';

/** What only a rule says about TCP; routers say the others on their own as well. */
const BY_RULE = /prohibited|policy|rejected|port unreachable|protocol unreachable/;

/** Nanoseconds. */
const PATIENCE = 1e9;

export const firewallRejectIcmp: Cause = {
  id: 'firewall-reject-icmp',
  title: 'A filter or router rejects the SYN with an ICMP error',
  where: 'the path',
  mechanism: `Something on the way, or the server's own packet filter, answers the SYN with ICMP "unreachable" ("reject" in nft and iptables does
    so by default). In SYN_SENT tcp_v4_err() and tcp_v6_err() take that for final and end connect() at once: "administratively prohibited" and
    "host unreachable" become EHOSTUNREACH (EACCES over IPv6), "port unreachable" ECONNREFUSED, "network unreachable" ENETUNREACH. On an open
    connection the same error would only be noted. If the SYN is repeated all the same, the client is not Linux, the quoted sequence number did
    not fit, or the error came while the socket was in use.`,
  explains: [
    explain(connectionRejected, ({ error, delay, sinceFirst, wentOn }, { story, part, peer, looks }) => {
      const because = [`"${error}" came back ${durationText(delay)} after the SYN, and quotes it`];
      const against = [];
      const one = story.icmp.find(({ side }) => side === part.endpoint.side);
      const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = one?.source ?? [];
      const source = one && addressText(one.family, word0, word1, word2, word3);
      if (source !== undefined)
        because.push(
          source === hostText(peer.endpoint) ? 'the server itself says so: the filter is there' : `${source} says so, on the way to the server`,
        );
      const isRule = BY_RULE.test(error);
      if (isRule) because.push('only a rule says that about a TCP port');
      else if (error.includes('exceeded')) against.push('the SYN ran out of hops: a routing loop, not a filter');
      else against.push('a router that finds no way, or no neighbour, says the same without any filter');
      if (wentOn)
        against.push(`the client went on trying${looks(part).isLinux ? ', although Linux gives up unless its socket was in use just then' : ''}`);
      else because.push('the client sent no further SYN');
      const isLate = sinceFirst > PATIENCE && !isRule;
      if (isLate) against.push(`it came only ${durationText(sinceFirst)} after the first SYN, and a rule answers at once`);
      return { certainty: isRule ? 'certain' : isLate ? 'possible' : 'likely', because, against };
    }),
  ],
  counters: ['IcmpInDestUnreachs', 'TcpAttemptFails', 'TcpExtLockDroppedIcmps', 'TcpExtOutOfWindowIcmps'],
  dropReasons: ['NETFILTER_DROP'],
  facts: [{ at: 'this end', quotes: ['IcmpInDestUnreachs', 'Icmp6InDestUnreachs'] }],
  confirm: [
    {
      run: "tcpdump -nvi any 'icmp[icmptype] == 3 or icmp[icmptype] == 11 or icmp6'",
      expect: 'on the client: the error, and the address that sends it',
    },
    {
      run: 'nstat -az IcmpInDestUnreachs TcpAttemptFails; sleep 10; nstat -z IcmpInDestUnreachs TcpAttemptFails',
      expect: 'on the client: both rise by one with each attempt',
    },
    {
      run: 'nft list ruleset -a; iptables-save -c',
      expect: 'on the host that sends it: a "reject" rule whose counter rises; without one look at its routes and neighbours',
    },
    { run: 'traceroute -T -p PORT SERVER', expect: 'which hop rejects: marked !H, !N, !X or !A' },
  ],
  remedy: [
    'Allow the connection where the error comes from, or correct the route or the neighbour there.',
    'If it is meant to be forbidden: nothing; an error that comes at once is what a good filter gives.',
  ],
  avoid: [
    'Dropping ICMP errors on the client so that it "keeps trying": connect() then takes two minutes to fail, and path MTU discovery breaks.',
    'Raising net.ipv4.tcp_syn_retries: connect() has already ended.',
  ],
  mimics: [
    { cause: 'firewall-reject-rst', tell: 'there the filter answers with a TCP reset' },
    { cause: 'neighbor-unresolved', tell: 'there the client itself finds no neighbour, and no SYN leaves' },
    { cause: 'icmp-soft-error-established', tell: 'there the connection is open, and the error only noted' },
  ],
  sources: ['RFC 1122 section 4.2.3.9', 'RFC 1812 section 5.2.7.1', 'RFC 5461', 'net/ipv4/tcp_ipv4.c: tcp_v4_err', 'net/ipv6/tcp_ipv6.c: tcp_v6_err'],
  capture: 'path/syn-rejected-with-icmp-by-firewall',
};
