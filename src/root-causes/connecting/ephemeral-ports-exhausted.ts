import { durationText } from '../../hosts/wording.js';
import { portsUsedUp } from '../../patterns/connecting/ports-used-up.js';
import { type Cause, explainHost } from '../cause.js';
import type { Need } from '../testimony/sign.js';

/** Nanoseconds: a client that goes on would have connected again. */
const QUIET = 0.5e9;
/** Of a range: some ports are in use for something else. */
const NEARLY_ALL = 0.9;

export const ephemeralPortsExhausted: Cause = {
  id: 'ephemeral-ports-exhausted',
  title: 'No local port is left for that destination: connect() fails without a packet',
  where: 'this end',
  mechanism: `connect() without bind() lets __inet_hash_connect() search net.ipv4.ip_local_port_range for a port that makes a new quadruple with the
    destination. For one destination address and port the default range, 32768 to 60999, has 28232 of them. A port in TIME_WAIT counts as taken for
    60 s unless tcp_twsk_unique() lets it be reused, so that about 470 short connections a second, closed by the client first, use up the range.
    Then connect() fails with EADDRNOTAVAIL and no SYN leaves. Near the end each search gets expensive: since 4.2 it tries the even ports first, and
    the odd ones, left to bind(0), only then.`,
  explains: [
    explainHost(portsUsedUp, ({ ports, lowest, highest, isInOrder, quiet }) => {
      const because = [`${ports} ports from ${lowest} to ${highest} are in TIME_WAIT towards this server: a range without a gap has none left`];
      const against = ['what fails then leaves no packet, so no capture can show it'];
      if (quiet > QUIET) because.push(`no SYN has followed for ${durationText(quiet)}`);
      if (isInOrder) against.push('the ports were taken in the order of their numbers: a program that chooses them itself does that');
      return { certainty: 'possible', because, against, facts: [{ needs: { 'net.ipv4.ip_local_port_range': rangeOf(lowest, highest) } }] };
    }),
  ],
  sysctls: [
    'net.ipv4.ip_local_port_range',
    'net.ipv4.ip_local_reserved_ports',
    'net.ipv4.tcp_tw_reuse',
    'net.ipv4.tcp_tw_reuse_delay',
    'net.ipv4.tcp_max_tw_buckets',
    'net.ipv4.tcp_timestamps',
  ],
  counters: ['TcpActiveOpens', 'TcpExtTW', 'TcpExtTWRecycled'],
  confirm: [
    {
      run: "ss -tanH 'dst SERVER and dport = :PORT' | awk '{print $1}' | sort | uniq -c",
      expect: 'on the client: the sum comes close to the size of the range, most of it TIME-WAIT',
    },
    {
      run: 'sysctl net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports net.ipv4.tcp_tw_reuse',
      expect: 'the size of the range; reserved ports are missing from it',
    },
    { run: 'strace -f -e trace=connect -p PID', expect: 'connect() = -1 EADDRNOTAVAIL (Cannot assign requested address)' },
  ],
  remedy: [
    'Use connections again: a pool, HTTP keep-alive. It removes the cause.',
    'More quadruples: further addresses on the client or the server, further ports on the server.',
    'A socket that is bound to an address first: set IP_BIND_ADDRESS_NO_PORT (since 4.2), or bind() takes a port for all destinations at once.',
    'One application that needs more: a range of its own with the socket option IP_LOCAL_PORT_RANGE (since 6.3).',
    'Widen net.ipv4.ip_local_port_range, and put the ports of your services into net.ipv4.ip_local_reserved_ports.',
    'net.ipv4.tcp_tw_reuse = 1 on the client: with timestamps on both ends a TIME_WAIT is reused after 1 s. The default 2 means loopback only.',
  ],
  avoid: [
    'net.ipv4.tcp_tw_recycle: it breaks clients behind NAT, and is gone since 4.12.',
    'net.ipv4.tcp_fin_timeout: it limits FIN_WAIT2, TIME_WAIT takes 60 s whatever it says.',
    'A tiny net.ipv4.tcp_max_tw_buckets: it throws away TIME_WAITs together with the protection against late segments.',
    'A range that starts at 1024 without reserved ports: a client then takes the port that a service needs when it restarts.',
  ],
  mimics: [
    { cause: 'timewait-accumulation', tell: 'many TIME_WAITs alone are harmless; only too many towards one destination use up its ports' },
    { cause: 'syn-unanswered-blackhole', tell: 'there SYNs leave; here none does, and the error comes at once' },
    { cause: 'neighbor-unresolved', tell: 'there ARP requests show, and the error is EHOSTUNREACH' },
  ],
  sources: [
    'Documentation/networking/ip-sysctl.rst: ip_local_port_range, ip_local_reserved_ports, tcp_tw_reuse',
    'ip(7): IP_BIND_ADDRESS_NO_PORT',
    'RFC 6056',
    'net/ipv4/inet_hashtables.c: __inet_hash_connect',
    'net/ipv4/tcp_ipv4.c: tcp_twsk_unique',
  ],
  capture: 'handshake/no-syn-because-local-ports-are-exhausted',
};

/** A range that these ports fill, but for the few that are in use for something else. */
function rangeOf(lowest: number, highest: number): Need {
  return {
    text: `a range that ${lowest} to ${highest} fill`,
    holds: (value) => {
      const [first = 0, last = 0] = value.split(/\s+/).map(Number);
      return first <= lowest && highest <= last && highest - lowest + 1 >= (last - first + 1) * NEARLY_ALL;
    },
  };
}
