import type { Sysctl } from './sysctl.js';

/** Buffers, and the windows that they allow. */
export const memory: readonly Sysctl[] = [
  {
    name: 'net.ipv4.tcp_rmem',
    meaning: `The receive buffer of a socket: least, at the start, and how far it grows by itself. Its memory holds headers and overhead as well;
      about half of it is offered as window. The third value also decides about the window scale: 7 with 6 MB, 10 with 32 MB.`,
    unit: 'three numbers of bytes',
    defaults: [
      { value: '4096 131072 33554432', since: '6.16' },
      { value: '4096 131072 6291456', since: '4.20', before: '6.16' },
      { value: '4096 87380 6291456', before: '4.20' },
    ],
    scope: 'namespace',
    side: 'receiver',
    socketOption: 'SO_RCVBUF',
    symptom: 'A window that never exceeds a certain size and is used up each round trip.',
    truth: `The middle value should stay: every socket starts with it. It overrides net.core.rmem_default for TCP. An application that sets
      SO_RCVBUF switches the growth off (the kernel doubles what it asks for, capped by net.core.rmem_max), and then these values do not matter.`,
    causes: ['receive-buffer-limited', 'receiver-zero-window', 'receive-queue-pruned', 'window-scaling-missing'],
  },
  {
    name: 'net.ipv4.tcp_wmem',
    meaning: `The send buffer of a socket: least, at the start, and how far it grows by itself. It holds what is not acknowledged yet and what is
      not sent yet; the kernel keeps it at about twice the congestion window.`,
    unit: 'three numbers of bytes',
    defaults: [{ value: '4096 16384 4194304' }],
    scope: 'namespace',
    side: 'sender',
    socketOption: 'SO_SNDBUF',
    symptom: "Less under way than the receiver's window and the congestion window allow, without losses.",
    truth: `"It must not exceed bandwidth times round trip" mistakes it for the limit of what is under way: that is the congestion window. A buffer
      of that size could never fill it, because sent bytes stay in it until they are acknowledged. SO_SNDBUF fixes the size.`,
    causes: ['sender-buffer-limited', 'application-limited-sender'],
  },
  {
    name: 'net.ipv4.tcp_mem',
    meaning: `Memory of all TCP sockets of the host together: below the first value nobody cares, above the second buffers stop growing and windows
      shrink, above the third allocations fail.`,
    unit: 'three numbers of pages, 4 KB each as a rule',
    defaults: [{ value: 'a share of the RAM' }],
    scope: 'global',
    side: 'either',
    symptom: 'Windows of all connections collapse together; orphans are reset; in-order data stays unacknowledged.',
    truth: `Fixed numbers copied from a guide are wrong for every other amount of RAM, and they are pages, not bytes. Above the third value it is
      not only new connections that suffer: existing ones starve too. Look first for sockets that nobody reads.`,
    causes: ['tcp-memory-limit', 'orphan-limit-reset', 'receiver-zero-window'],
  },
  {
    name: 'net.ipv4.tcp_moderate_rcvbuf',
    meaning: 'Let receive buffers grow with what the application reads in a round trip, up to the third value of net.ipv4.tcp_rmem.',
    unit: '0 or 1',
    defaults: [{ value: '1' }],
    scope: 'namespace',
    side: 'receiver',
    symptom: 'With 0: the window keeps the size of the start.',
    causes: ['receive-buffer-limited'],
  },
  {
    name: 'net.ipv4.tcp_app_win',
    meaning: 'Keep window / 2^value of the buffer for the application. With 31 that is nothing.',
    unit: 'exponent of 2',
    defaults: [{ value: '31' }],
    scope: 'namespace',
    side: 'receiver',
    symptom: 'A slightly smaller window. Leave it.',
    causes: ['receive-buffer-limited'],
  },
  {
    name: 'net.ipv4.tcp_adv_win_scale',
    meaning: `Which share of the receive buffer is offered as window, the rest being overhead: 1 means half. No effect since 6.6, where each socket
      measures its overhead.`,
    unit: 'exponent of 2, negative values count the other way',
    defaults: [
      { value: '1', since: '3.4' },
      { value: '2', before: '3.4' },
    ],
    scope: 'namespace',
    side: 'receiver',
    symptom: 'Up to 6.5: the relation between buffer and window.',
    truth: `The default 2 of guides is that of kernels before 3.4. Larger windows from the same memory end in collapsed queues when segments are
      small.`,
    causes: ['receive-buffer-limited', 'receive-queue-pruned'],
  },
  {
    name: 'net.ipv4.tcp_shrink_window',
    meaning: `Let a receiver take back window that it has offered when memory runs short, which RFC 9293 advises against, instead of keeping it
      and dropping what then does not fit.`,
    unit: '0 or 1',
    defaults: [{ value: '0' }],
    since: '6.6',
    scope: 'namespace',
    side: 'receiver',
    symptom: 'With 1: a right edge of the window that moves back.',
    causes: ['receiver-zero-window', 'receive-queue-pruned'],
  },
  {
    name: 'net.core.rmem_default',
    meaning: 'The receive buffer of new sockets other than TCP.',
    unit: 'bytes',
    defaults: [{ value: '212992' }],
    scope: 'namespace',
    side: 'either',
    symptom: 'None with TCP, which takes the middle value of net.ipv4.tcp_rmem.',
    truth: 'Raising it for TCP throughput does nothing.',
    causes: [],
  },
  {
    name: 'net.core.wmem_default',
    meaning: 'The send buffer of new sockets other than TCP.',
    unit: 'bytes',
    defaults: [{ value: '212992' }],
    scope: 'namespace',
    side: 'either',
    symptom: 'None with TCP, which takes the middle value of net.ipv4.tcp_wmem.',
    truth: 'Raising it for TCP throughput does nothing.',
    causes: ['sender-buffer-limited'],
  },
  {
    name: 'net.core.rmem_max',
    meaning: 'The most that SO_RCVBUF may ask for; the kernel then doubles it. Autotuning does not look at it.',
    unit: 'bytes',
    defaults: [
      { value: '4194304', since: '6.18' },
      { value: '212992', before: '6.18' },
    ],
    scope: 'namespace',
    side: 'receiver',
    symptom: 'A fixed window of about this size on sockets with SO_RCVBUF.',
    truth: `It does not cap TCP in general: the third value of net.ipv4.tcp_rmem does. An application whose large SO_RCVBUF is capped here is often
      better off without asking.`,
    causes: ['receive-buffer-limited'],
  },
  {
    name: 'net.core.wmem_max',
    meaning: 'The most that SO_SNDBUF may ask for; the kernel then doubles it. Autotuning does not look at it.',
    unit: 'bytes',
    defaults: [
      { value: '4194304', since: '6.18' },
      { value: '212992', before: '6.18' },
    ],
    scope: 'namespace',
    side: 'sender',
    symptom: 'A constant amount under way on sockets with SO_SNDBUF.',
    truth: 'As for net.core.rmem_max: net.ipv4.tcp_wmem is what TCP goes by.',
    causes: ['sender-buffer-limited'],
  },
];
