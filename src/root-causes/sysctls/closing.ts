import type { Sysctl } from './sysctl.js';

/** After close(): orphans, FIN_WAIT2 and TIME_WAIT. TIME_WAIT itself lasts 60 s (TCP_TIMEWAIT_LEN), which no sysctl changes. */
export const closing: readonly Sysctl[] = [
  {
    name: 'net.ipv4.tcp_fin_timeout',
    meaning: `How long a closed socket waits in FIN_WAIT2 for the peer's FIN. Only orphans: a socket that was half-closed with shutdown() waits
      without limit.`,
    unit: 'seconds',
    defaults: [{ value: '60' }],
    scope: 'namespace',
    side: 'closer',
    socketOption: 'TCP_LINGER2',
    symptom: 'A FIN or data of the peer that comes later is answered with a bare reset.',
    truth: `It does not shorten TIME_WAIT, which nearly every guide claims; that lasts 60 s by a constant (TCP_TIMEWAIT_LEN). It is not without
      effect either. Values of 2 to 5 s turn slow but clean closes into resets. 180 s was the default of 2.2.`,
    causes: ['finwait2-timeout-late-fin-reset', 'data-after-close-reset', 'half-close-stuck-finwait2'],
  },
  {
    name: 'net.ipv4.tcp_max_tw_buckets',
    meaning: 'The most sockets in TIME_WAIT. When there are so many, a new one is not kept at all: the connection is closed at once.',
    unit: 'sockets',
    defaults: [{ value: 'half the entries of the connection hash' }],
    scope: 'namespace',
    side: 'closer',
    symptom: 'A repeated FIN that is answered with a bare reset instead of an ACK, within 60 s of a clean close.',
    truth: `5000, as guides have it against "too many TIME_WAITs", makes that the normal case. Nothing old is evicted: the new one is skipped. An
      entry costs some 250 to 300 bytes, no file descriptor and on a server no port. 180000 is the default of old kernels.`,
    causes: ['timewait-bucket-overflow', 'timewait-accumulation'],
  },
  {
    name: 'net.ipv4.tcp_tw_reuse',
    meaning: `Whether connect() may take the port of an own TIME_WAIT that is about a second old: 1 yes, 2 on the loopback only, 0 no. Both ends
      must have used timestamps.`,
    unit: '0, 1 or 2',
    defaults: [
      { value: '2', since: '4.19' },
      { value: '0', before: '4.19' },
    ],
    scope: 'namespace',
    side: 'client',
    symptom: 'A SYN with a TSecr that is not 0, and a sequence number 65537 beyond the old connection.',
    truth: `It does nothing for a server: TIME_WAITs of accepted connections are opened again by a fitting SYN whatever this says. It helps a
      client, or proxy, that runs out of ports towards one destination.`,
    causes: ['tw-reuse-outgoing', 'ephemeral-ports-exhausted', 'timewait-reopen-accepted'],
  },
  {
    name: 'net.ipv4.tcp_tw_reuse_delay',
    meaning: `How old a TIME_WAIT must be before net.ipv4.tcp_tw_reuse lets connect() take its port. Before 6.14 the age was counted in whole
      seconds, so that 0 to 1 s was enough.`,
    unit: 'milliseconds',
    defaults: [{ value: '1000' }],
    since: '6.14',
    scope: 'namespace',
    side: 'client',
    symptom: 'As net.ipv4.tcp_tw_reuse.',
    causes: ['tw-reuse-outgoing', 'ephemeral-ports-exhausted'],
  },
  {
    name: 'net.ipv4.tcp_tw_recycle',
    meaning: `Ended TIME_WAIT after 3.5 retransmission timeouts, less than a second, and for that dropped each SYN whose timestamp was older than
      the last one of its address within 60 s. Removed in 4.12.`,
    unit: '0 or 1',
    defaults: [{ value: '0' }],
    removed: '4.12',
    scope: 'namespace',
    side: 'server',
    symptom: 'With 1: from one address some SYNs are answered and others never, by the order of their timestamps.',
    truth: `Never set it, whatever a guide says. Clients behind one NAT address have different clocks, so some of them could not connect; since 4.10
      even a single client has a new offset for each connection, and most of its SYNs were dropped. On 4.12 and later sysctl -p reports an error for
      it, and it cannot be the cause of anything. Many TIME_WAITs on a server need no cure.`,
    causes: ['tw-recycle-nat-syn-drop', 'timewait-bucket-overflow'],
  },
  {
    name: 'net.ipv4.tcp_rfc1337',
    meaning: 'Whether TIME_WAIT is protected from resets: 0 lets a fitting reset end it at once, 1 ignores the reset.',
    unit: '0 or 1',
    defaults: [{ value: '0' }],
    scope: 'namespace',
    side: 'closer',
    symptom: 'With 1: a client that reuses the ports too early gets ACKs of the old connection for up to 60 s, because its reset does not help.',
    truth: "The kernel's documentation words it the confusing way round: 1 is the protection that RFC 1337 asks for.",
    causes: ['timewait-assassination', 'timewait-syn-challenged'],
  },
  {
    name: 'net.ipv4.tcp_max_orphans',
    meaning: `The most sockets that no application has open any more but that still have to deliver their FIN or data. Beyond it they are reset at
      close().`,
    unit: 'sockets',
    defaults: [{ value: 'half the entries of the connection hash' }],
    scope: 'global',
    side: 'closer',
    symptom: 'FIN and reset within a tenth of a millisecond, on unrelated connections together; "too many orphaned sockets" in the kernel log.',
    truth: 'More is not always better: each orphan can hold 64 KB that nobody can swap out. Find out first why peers do not acknowledge.',
    causes: ['orphan-limit-reset', 'fin-wait1-zero-window-stall'],
  },
];
