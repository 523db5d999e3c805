import type { Sysctl } from './sysctl.js';

/** What is looked for among the sysctls although it is none: constants of the kernel and socket options. */
export const noSysctls: readonly Sysctl[] = [
  {
    name: 'TCP_TIMEWAIT_LEN',
    meaning: 'How long TIME_WAIT lasts. A constant of the kernel: no sysctl changes it, and each late FIN starts it anew.',
    unit: 'seconds',
    defaults: [{ value: '60' }],
    scope: 'constant',
    side: 'closer',
    symptom: 'For 60 s after a close, a repeated FIN is acknowledged, and a SYN on the same ports is accepted only when it is plainly newer.',
    truth: `net.ipv4.tcp_fin_timeout does not change it, and 240 s belong to old Windows. Kernels compiled with 10 s confuse the segments of one
      connection with those of the next, and gain nothing: a server loses no port to TIME_WAIT.`,
    causes: ['timewait-accumulation', 'timewait-fin-reack', 'timewait-syn-challenged', 'timewait-reopen-accepted', 'ephemeral-ports-exhausted'],
  },
  {
    name: 'TCP_INIT_CWND',
    meaning: `How many segments a connection may send before the first acknowledgment. A constant; a route can have its own (ip route … initcwnd).
      After two or more losses in the handshake it is 1.`,
    unit: 'segments',
    defaults: [
      { value: '10', since: '2.6.39' },
      { value: '3 or 4', before: '2.6.39' },
    ],
    scope: 'constant',
    side: 'sender',
    symptom: 'The first flight of data, about 14 KB, and twice as much each round trip.',
    truth: '"Slow start begins with one segment and ends at 64 KB" describes the systems of the nineties: it begins with ten and ends with a loss.',
    causes: ['cwnd-one-after-handshake-loss', 'slow-start-after-idle'],
  },
  {
    name: 'SO_RCVBUF',
    meaning: `A receive buffer of a fixed size for one socket. The kernel doubles what is asked for, up to net.core.rmem_max, and stops adapting the
      buffer to the path. To affect the window scale it must be set before connect() or listen().`,
    unit: 'bytes',
    defaults: [{ value: 'not set: net.ipv4.tcp_rmem' }],
    scope: 'socket',
    side: 'receiver',
    symptom: 'A window that stays the same for the whole transfer, and is used up each round trip.',
    truth: 'Applications set it to be fast, and are slower for it: without it the buffer grows to what the path needs.',
    causes: ['receive-buffer-limited', 'window-scaling-missing', 'receive-queue-pruned'],
  },
  {
    name: 'SO_SNDBUF',
    meaning: `A send buffer of a fixed size for one socket. The kernel doubles what is asked for, up to net.core.wmem_max, and stops adapting the
      buffer to the path.`,
    unit: 'bytes',
    defaults: [{ value: 'not set: net.ipv4.tcp_wmem' }],
    scope: 'socket',
    side: 'sender',
    symptom: 'The same amount under way in each round trip, below the window of the receiver, without losses.',
    truth: 'What has been sent stays in the buffer until it is acknowledged: a buffer of bandwidth times round trip cannot fill the path.',
    causes: ['sender-buffer-limited'],
  },
];
