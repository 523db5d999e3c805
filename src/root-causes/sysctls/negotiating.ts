import type { Sysctl } from './sysctl.js';

/** What SYN and SYN-ACK agree on for the life of a connection. */
export const negotiating: readonly Sysctl[] = [
  {
    name: 'net.ipv4.tcp_timestamps',
    meaning: `The timestamp option (RFC 7323): 1 sends timestamps with a random offset for each connection (since 4.10), 2 without it, 0 none. They
      measure round trips precisely, protect against old duplicates (PAWS), hold the options of SYN cookies, and tw_reuse needs them. The clock
      ticks once a millisecond since 4.13.`,
    unit: '0, 1 or 2',
    defaults: [{ value: '1' }],
    scope: 'namespace',
    side: 'either',
    symptom: '12 bytes of options in each segment. With 0: no PAWS, round trips from ACKs alone, cookies without SACK and window scale.',
    truth: `They need not be switched off for users behind NAT: tcp_tw_recycle was what broke those, and it is gone since 4.12. The value is no bit
      mask together with window scaling. Since 4.10 timestamps do not tell how long a host has been up, and those of two of its connections cannot
      be compared.`,
    causes: ['paws-segment-drop', 'timewait-syn-paws-rejected', 'tw-recycle-nat-syn-drop', 'third-ack-tsecr-rejected', 'syncookies-in-use'],
  },
  {
    name: 'net.ipv4.tcp_window_scaling',
    meaning: `Offer and accept the window scale option, without which a window is at most 65,535 bytes. A connection scales only when both SYNs have
      it; the factor is at most 2 to the power of 14, windows at most 1 GB.`,
    unit: '0 or 1',
    defaults: [{ value: '1' }],
    scope: 'namespace',
    side: 'either',
    symptom: 'With 0: a SYN or SYN-ACK without wscale, and never more than 64 KB under way.',
    truth: 'Switching it off helps in one case only: a middlebox strips the option from one SYN and its vendor does not repair it.',
    causes: ['window-scaling-missing'],
  },
  {
    name: 'net.ipv4.tcp_sack',
    meaning: `Selective acknowledgments: the receiver reports which bytes beyond a hole it has, so that the sender repeats only what is missing.
      RACK and tail loss probes need them.`,
    unit: '0 or 1',
    defaults: [{ value: '1' }],
    scope: 'namespace',
    side: 'either',
    symptom: 'With 0: SYNs without sackOK, and of several losses in one window one is repaired a round trip.',
    truth: 'Switching it off against an attack, or "to save CPU time", makes every lossy transfer slower.',
    causes: ['sack-unavailable-slow-recovery', 'sack-fast-recovery-loss'],
  },
  {
    name: 'net.ipv4.tcp_dsack',
    meaning: `Report bytes that arrived twice in a SACK block (RFC 2883), so that the sender learns that a repeat was needless and takes back its
      slowdown.`,
    unit: '0 or 1',
    defaults: [{ value: '1' }],
    scope: 'namespace',
    side: 'receiver',
    symptom: 'A first SACK block at or below the acknowledgment.',
    truth: `It does not send two identical SACKs, as is written; it reports duplicates that were received. Switching it off hides them and leaves
      the sender slow.`,
    causes: ['reordering-spurious-retransmit', 'spurious-rto-delay-spike', 'network-duplicates'],
  },
  {
    name: 'net.ipv4.tcp_ecn',
    meaning: `Explicit congestion notification: 0 never, 1 asks for it on outgoing connections and accepts it, 2 only accepts it. 6.18 knows 3 to 5
      for AccECN.`,
    unit: '0 to 2, up to 5 on 6.18',
    defaults: [{ value: '2' }],
    scope: 'namespace',
    side: 'either',
    symptom: 'With 1: SYNs with ECE and CWR. Congested routers then mark packets (CE) instead of dropping them.',
    truth: `Switching it off does not make a congested path faster: the queue that marked then drops. A SYN that asks for ECN and vanishes is
      repeated without it after a second (net.ipv4.tcp_ecn_fallback).`,
    causes: ['ecn-congestion-response', 'ecn-syn-blackhole'],
  },
  {
    name: 'net.ipv4.tcp_ecn_fallback',
    meaning: 'Repeat a SYN that asked for ECN and got no answer without asking for it.',
    unit: '0 or 1',
    defaults: [{ value: '1' }],
    since: '4.1',
    scope: 'namespace',
    side: 'client',
    symptom: 'A SYN with ECE and CWR, and a second later one without, which is answered.',
    truth: 'With 0 a path that drops such SYNs is not slow but dead.',
    causes: ['ecn-syn-blackhole'],
  },
  {
    name: 'net.ipv4.tcp_ecn_option',
    meaning: 'When the AccECN option, which counts marked bytes, is sent; of use only with the AccECN modes of net.ipv4.tcp_ecn.',
    unit: '0 to 2',
    defaults: [{ value: '2' }],
    since: '6.18',
    scope: 'namespace',
    side: 'either',
    symptom: 'An option of kind 172 or 174 in segments of connections with AccECN.',
    causes: ['ecn-congestion-response'],
  },
  {
    name: 'net.ipv4.tcp_ecn_option_beacon',
    meaning: 'How often in a round trip the AccECN option is sent at least.',
    unit: 'options a round trip',
    defaults: [{ value: '3' }],
    since: '6.18',
    scope: 'namespace',
    side: 'receiver',
    symptom: 'As net.ipv4.tcp_ecn_option.',
    causes: ['ecn-congestion-response'],
  },
  {
    name: 'net.ipv4.tcp_workaround_signed_windows',
    meaning: 'Offer at most 32,767 bytes to a peer that does not scale windows, because some very old stacks read the field as a signed number.',
    unit: '0 or 1',
    defaults: [{ value: '0' }],
    scope: 'namespace',
    side: 'receiver',
    symptom: 'With 1: windows of at most 32,767 bytes on connections without window scaling.',
    causes: ['window-scaling-missing', 'receive-buffer-limited'],
  },
  {
    name: 'net.ipv4.tcp_stdurg',
    meaning: `Where the urgent pointer points: 1 at the last urgent byte, as RFC 1122 says, 0 at the byte behind it, as BSD does and everybody
      expects.`,
    unit: '0 or 1',
    defaults: [{ value: '0' }],
    scope: 'namespace',
    side: 'either',
    symptom: 'An urgent pointer that is off by one. Hardly anything uses it.',
    causes: [],
  },
  {
    name: 'net.ipv4.ip_default_ttl',
    meaning: 'The time to live of packets that this host sends. Each router takes one off.',
    unit: 'hops',
    defaults: [{ value: '64' }],
    scope: 'namespace',
    side: 'either',
    socketOption: 'IP_TTL',
    symptom: 'The TTL of all segments of the host; one with another TTL was made by somebody else.',
    truth: 'Raising it repairs nothing but a path of more than 64 hops, and makes the host look like another system.',
    causes: ['gtsm-min-ttl-drop', 'injected-rst'],
  },
];
