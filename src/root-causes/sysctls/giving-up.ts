import type { Sysctl } from './sysctl.js';

/** How long a kernel waits for a peer that says nothing. */
export const givingUp: readonly Sysctl[] = [
  {
    name: 'net.ipv4.tcp_keepalive_time',
    meaning: 'After how long without a segment a socket with SO_KEEPALIVE asks its peer for the first time. TCP_KEEPIDLE sets it for one socket.',
    unit: 'seconds',
    defaults: [{ value: '7200' }],
    scope: 'namespace',
    symptom: 'An empty ACK one below SND.NXT after two hours of silence, and its answer.',
    truth: `It switches nothing on: an application that does not set SO_KEEPALIVE is never asked for. It is the idle time before the first probe,
      not the interval between probes.`,
    causes: ['keepalive-probes-answered', 'keepalive-timeout-reset', 'middlebox-idle-expiry'],
  },
  {
    name: 'net.ipv4.tcp_keepalive_intvl',
    meaning: 'The time between two keep-alive probes while the peer does not answer. TCP_KEEPINTVL sets it for one socket.',
    unit: 'seconds',
    defaults: [{ value: '75' }],
    scope: 'namespace',
    symptom: 'Probes at constant intervals, which tells them from probes of a closed window: those double.',
    causes: ['keepalive-timeout-reset', 'keepalive-probes-answered'],
  },
  {
    name: 'net.ipv4.tcp_keepalive_probes',
    meaning: 'After how many unanswered probes the connection is reset and the application gets ETIMEDOUT. TCP_KEEPCNT sets it for one socket.',
    unit: 'probes',
    defaults: [{ value: '9' }],
    scope: 'namespace',
    symptom: 'A reset after the last probe, with the defaults after 2 h 11 min 15 s: the only timeout of Linux that sends one.',
    causes: ['keepalive-timeout-reset'],
  },
  {
    name: 'net.ipv4.tcp_retries1',
    meaning: `After about as many retransmission timeouts of a segment the kernel looks for another route, and begins MTU probing where that is on.
      With 3 and a timeout of 200 ms that is after 3 s.`,
    unit: 'retransmissions',
    defaults: [{ value: '3' }],
    scope: 'namespace',
    symptom: 'Nothing visible, unless net.ipv4.tcp_mtu_probing is on: then smaller segments from here on.',
    truth: 'It has nothing to do with connection requests, as is written: those follow net.ipv4.tcp_syn_retries and net.ipv4.tcp_synack_retries.',
    causes: ['rto-backoff-path-loss', 'mtu-probing-active'],
  },
  {
    name: 'net.ipv4.tcp_retries2',
    meaning: `How long data is sent again before the connection is given up: as long as so many doubling timeouts from 200 ms to 120 s would take,
      924.6 s for 15. It is a time since the first retransmission, not a count. Probes of a closed window are counted by it.`,
    unit: 'retransmissions, taken as a time',
    defaults: [{ value: '15' }],
    scope: 'namespace',
    symptom: 'Repeats at doubling intervals for 15 to 30 minutes, then silence; the peer gets no reset.',
    truth: `5, as some guides have it, is 12.6 s: every short outage then ends all connections of the host that had something to send.
      TCP_USER_TIMEOUT does it for the application that wants it.`,
    causes: ['data-timeout-silent-abort', 'rto-backoff-path-loss', 'zero-window-probe-timeout', 'user-timeout-abort'],
  },
  {
    name: 'net.ipv4.tcp_orphan_retries',
    meaning: `The same for connections whose application has closed them (orphans): FIN and remaining data are sent again so often. 0 stands for 8,
      about 102 s. Behind a closed window it counts only once the interval of the probes has reached its maximum, so that such an orphan lives for 4
      to 6 minutes.`,
    unit: 'retransmissions, taken as a time',
    defaults: [{ value: '0' }],
    scope: 'namespace',
    symptom: 'A FIN that is sent ten times within a minute, and silence after it.',
    truth: `The default is not 7. It does not concern sockets in FIN_WAIT1 whose application has only called shutdown(): those follow
      net.ipv4.tcp_retries2.`,
    causes: ['fin-retransmit-orphan-timeout', 'last-ack-retransmit', 'fin-wait1-zero-window-stall', 'zero-window-probe-timeout'],
  },
];
