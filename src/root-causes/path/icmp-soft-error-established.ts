import { countText, durationText } from '../../hosts/wording.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { icmpAboutOpenConnection } from '../../patterns/path/icmp-about-open-connection.js';
import { type Cause, explain } from '../cause.js';
import { icmpSourceOf, isRejectedByPeer } from '../clues/icmp-source.js';

/** Errors that take the doubling of the timer back: code 0 and 1 of IPv4, code 0 of IPv6. */
const REVERTING: ReadonlySet<string> = new Set(['network unreachable', 'host unreachable', 'no route to destination']);

export const icmpSoftErrorEstablished: Cause = {
  id: 'icmp-soft-error-established',
  title: 'A router says "unreachable" about an open connection; Linux only takes a note',
  where: 'the path',
  mechanism: `Before a connection is open such an error ends it; afterwards it may pass, so RFC 1122 makes it a soft one. tcp_v4_err() and
    tcp_v6_err() check that the quoted sequence number is outstanding, set sk_err_soft and go on repeating. Only if the connection times out later
    does tcp_write_err() report that error (EHOSTUNREACH, ENETUNREACH) instead of ETIMEDOUT. "Host" and "network unreachable" also take back one
    doubling of the timer (RFC 6069, tcp_ld_RTO_revert(); "no route" over IPv6 since 5.8), so that the waits stay short and the connection goes on
    soon after the route is back.`,
  explains: [
    explain(icmpAboutOpenConnection, ({ error, errors, recovered }, { story, part, alsoShows }) => {
      const source = icmpSourceOf(story, part);
      const because = [
        `${countText(errors, 'ICMP error')} (${error}) quoted segments of this connection${source === undefined ? '' : `, sent by ${source}`}`,
      ];
      because.push(recovered ? 'the connection went on afterwards: the error did not end it' : 'the segments were repeated all the same');
      const timeouts = alsoShows(retransmissionTimeout);
      if (timeouts !== undefined && REVERTING.has(error))
        because.push(`with such errors the waits are not doubled while they come; the longest was ${durationText(timeouts.longest)}`);
      return { certainty: 'certain', because };
    }),
    explain(retransmissionTimeout, ({ resends, recovered }, given) => {
      const { alsoShows, story, part } = given;
      const icmp = alsoShows(icmpAboutOpenConnection);
      if (icmp === undefined || icmp.errors === 0) return undefined;
      const source = icmpSourceOf(story, part);
      const because = [
        `${countText(icmp.errors, 'ICMP error')} (${icmp.error}) said why the data did not get through`,
        `${resends} ${resends === 1 ? 'repetition' : 'repetitions'} followed all the same: in an open connection the error is only noted`,
      ];
      const who = isRejectedByPeer(given) ? 'the other end itself: a packet filter on that host rejects what arrives' : 'which is on the path';
      if (source !== undefined) because.push(`they came from ${source}, ${who}`);
      if (recovered) because.push('when the errors stopped, the data got through');
      return { certainty: 'certain', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_retries2'],
  counters: ['IcmpInDestUnreachs', 'IcmpInTimeExcds', 'Icmp6InDestUnreachs', 'TcpExtOutOfWindowIcmps', 'TcpExtLockDroppedIcmps', 'TcpExtTCPTimeouts'],
  facts: [{ at: 'this end', quotes: ['IcmpInDestUnreachs', 'IcmpInTimeExcds', 'Icmp6InDestUnreachs'] }],
  confirm: [
    {
      run: "tcpdump -nvi any 'icmp[0] = 3 or icmp[0] = 11 or icmp6[0] = 1 or icmp6[0] = 3'",
      expect: 'on the sender: the error, and the router or firewall that sends it',
    },
    {
      run: 'nstat -n; sleep 10; nstat -z IcmpInDestUnreachs TcpExtOutOfWindowIcmps',
      expect: 'on the sender: the first rises; the second counts errors whose quoted number did not fit',
    },
    {
      run: 'ip route get PEER; traceroute -T -p PORT PEER',
      expect: '!H, !N or !X at the hop that sends the errors, or a loop for "time to live exceeded"',
    },
    { run: 'ip neigh show PEER', expect: 'on the router that says "host unreachable": FAILED, the last hop does not find the host' },
  ],
  remedy: [
    'Repair what the error names: the route, the host behind the last router, or the firewall rule that rejects (code 9, 10 or 13; code 1 of IPv6).',
    'For "time to live exceeded" look for a routing loop.',
    'If a rule is meant to end open connections, let it reject with tcp reset: an ICMP error does not end them.',
  ],
  avoid: [
    'Dropping ICMP with a filter because of such messages: they are the only hint, and path MTU discovery needs the same protocol.',
    'Expecting a quick failure from them: it takes net.ipv4.tcp_retries2 or TCP_USER_TIMEOUT to end the connection.',
  ],
  mimics: [
    { cause: 'firewall-reject-icmp', tell: 'there the error answers a SYN, and connect() fails at once' },
    { cause: 'pmtu-icmp-accepted', tell: 'there the error says "fragmentation needed" with a size' },
    { cause: 'rto-backoff-path-loss', tell: 'the same repetitions without anybody saying why' },
  ],
  sources: [
    'RFC 1122 section 4.2.3.9',
    'RFC 5461',
    'RFC 6069',
    'net/ipv4/tcp_ipv4.c: tcp_v4_err, tcp_ld_RTO_revert',
    'net/ipv6/tcp_ipv6.c: tcp_v6_err',
  ],
  capture: 'path/icmp-unreachable-about-open-connection',
};
