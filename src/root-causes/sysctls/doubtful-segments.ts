import type { Sysctl } from './sysctl.js';

/** What a segment that does not fit gets for an answer, and how often. */
export const doubtfulSegments: readonly Sysctl[] = [
  {
    name: 'net.ipv4.tcp_invalid_ratelimit',
    meaning: `A connection answers at most one segment without data that does not fit in so long: repeated SYNs, ACKs outside the window, probes,
      timestamps that are too old. Segments with data are always answered. 0 is no limit.`,
    unit: 'milliseconds',
    defaults: [{ value: '500' }],
    since: '4.0',
    scope: 'namespace',
    side: 'receiver',
    symptom: 'A second SYN or probe within half a second gets no answer, and the third one does.',
    truth: 'A missing answer within 500 ms is this limit, not a loss. Setting it to 0 lets two ends that disagree answer one another without end.',
    causes: [
      'out-of-window-dupack-loop',
      'timewait-syn-challenged',
      'timewait-syn-paws-rejected',
      'syn-on-live-connection-challenged',
      'paws-segment-drop',
      'rst-challenged-not-accepted',
    ],
  },
  {
    name: 'net.ipv4.tcp_challenge_ack_limit',
    meaning: `How many challenge ACKs (RFC 5961), the answers to doubtful resets and SYNs, all connections together may send in a second. Without a
      limit since 6.1: each connection has one of its own, net.ipv4.tcp_invalid_ratelimit.`,
    unit: 'segments a second',
    defaults: [
      { value: '2147483647', since: '6.1' },
      { value: '1000', since: '4.7', before: '6.1' },
      { value: '100', before: '4.7' },
    ],
    since: '3.6',
    scope: 'namespace',
    side: 'receiver',
    symptom: 'None, unless many connections are challenged at once: then some resets and SYNs get no answer.',
    truth: `A limit that connections share tells an attacker whether two hosts talk to each other (CVE-2016-5696): "lower is safer" has it the wrong
      way round.`,
    causes: ['rst-challenged-not-accepted', 'syn-on-live-connection-challenged'],
  },
  {
    name: 'net.ipv4.tcp_backlog_ack_defer',
    meaning: `While segments wait behind a socket that a process holds, send one ACK for all of them at the end instead of one for each.`,
    unit: '0 or 1',
    defaults: [{ value: '1' }],
    since: '6.7',
    scope: 'namespace',
    side: 'receiver',
    symptom: 'Fewer ACKs, each for more data, from a receiver whose process is busy reading.',
    causes: ['socket-backlog-drop'],
  },
  {
    name: 'net.ipv4.tcp_pingpong_thresh',
    meaning: `After how many answers that carried an ACK a connection counts as interactive, and its ACKs wait for the next answer (delayed ACKs).`,
    unit: 'answers',
    defaults: [{ value: '1' }],
    since: '6.7',
    scope: 'namespace',
    side: 'receiver',
    socketOption: 'TCP_QUICKACK',
    symptom: 'ACKs about 40 ms after lone small segments, once a connection has exchanged a few messages.',
    causes: ['nagle-delayed-ack-stall'],
  },
];
