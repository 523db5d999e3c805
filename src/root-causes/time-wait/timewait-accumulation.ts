import { durationText } from '../../hosts/wording.js';
import { timeWaitsPileUp } from '../../patterns/time-wait/time-waits-pile-up.js';
import { type Cause, explainHost } from '../cause.js';

/** Fewer are no pile. */
const MANY = 8;

export const timewaitAccumulation: Cause = {
  id: 'timewait-accumulation',
  title: 'Many TIME_WAITs, because this end always closes first',
  where: 'this end',
  isBenign: true,
  mechanism: `Whoever sends the first FIN keeps a TIME_WAIT for 60 s (TCP_TIMEWAIT_LEN, a constant): at 500 closes a second that makes 30000 of them.
    tcp_time_wait() replaces the socket with a mini-socket of about 250 to 300 bytes, without a process and without a file descriptor. On a server
    they all share the listening port and are in nobody's way: a new SYN between the same ports with a newer timestamp or a higher number simply
    reopens the connection.`,
  explains: [
    explainHost(timeWaitsPileUp, ({ closes, span, isClient }) => ({
      certainty: 'certain',
      because: [
        `${closes} connections closed first by the ${isClient ? 'client' : 'server'} within ${durationText(span)}, each followed by the FIN of the other end: who closes first keeps the TIME_WAIT`,
      ],
    })),
  ],
  sysctls: ['net.ipv4.tcp_max_tw_buckets', 'net.ipv4.tcp_tw_reuse', 'net.ipv4.ip_local_port_range'],
  counters: ['TcpExtTW', 'TcpExtTWRecycled', 'TcpExtTCPTimeWaitOverflow', 'TcpExtTWKilled'],
  facts: [{ sockets: (sockets) => sockets.timeWaits(MANY), quotes: ['TcpExtTW', 'net.ipv4.tcp_max_tw_buckets'] }],
  confirm: [
    {
      run: "ss -s; ss -Htan state time-wait | awk '{print $3}' | sort | uniq -c | sort -rn | head",
      expect: 'how many, and on which local address and port: one service of this host closes first',
    },
    {
      run: 'nstat -az TcpExtTW TcpExtTCPTimeWaitOverflow; sleep 60; nstat -z TcpExtTW TcpExtTCPTimeWaitOverflow',
      expect: 'TcpExtTW rises by about their number: it counts each as it begins, whatever netstat -s says; the overflow stays',
    },
    {
      run: 'ss -Htan state time-wait dst SERVER:PORT | wc -l; sysctl net.ipv4.ip_local_port_range',
      expect: 'on a client: far from the size of the range; near it, connect() fails with EADDRNOTAVAIL',
    },
  ],
  remedy: [
    'Nothing, on a server. 30000 TIME_WAITs cost some 9 MB and no port.',
    'On a client that runs out of ports towards one server: pools or HTTP keep-alive, then more source addresses, then net.ipv4.tcp_tw_reuse = 1.',
  ],
  avoid: [
    'net.ipv4.tcp_tw_recycle: it dropped SYNs of clients behind NAT, and is gone since 4.12.',
    'net.ipv4.tcp_fin_timeout: it limits FIN_WAIT2, TIME_WAIT does not read it.',
    'net.ipv4.tcp_tw_reuse on a server: it only serves connect().',
    'A small net.ipv4.tcp_max_tw_buckets, or a kernel with a shorter TCP_TIMEWAIT_LEN: a lost last ACK then ends in a reset.',
  ],
  mimics: [
    { cause: 'ephemeral-ports-exhausted', tell: 'when a client really runs out: connect() fails with EADDRNOTAVAIL, without a packet' },
    { cause: 'close-wait-leak', tell: 'CLOSE_WAITs belong to a process and never end by themselves; TIME_WAITs do, after a minute' },
  ],
  sources: ['RFC 9293 section 3.6.1', 'include/net/tcp.h: TCP_TIMEWAIT_LEN', 'net/ipv4/tcp_minisocks.c: tcp_time_wait'],
  capture: 'closing/time-waits-pile-up',
};
