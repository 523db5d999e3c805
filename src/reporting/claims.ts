/**
 * What a cause says about the way of the segments it is about: 'lost' on the path; 'ignored' by the host that they reached; 'overtaken' or
 * 'doubled' on the path; a reset 'made on the way', or 'sent' by a host. A capture at the other end can prove it or speak against it.
 */
export type Claim = 'lost' | 'ignored' | 'overtaken' | 'doubled' | 'made on the way' | 'sent';

export const CLAIMS: Readonly<Record<string, Claim>> = {
  'syn-lost-on-path': 'lost',
  'syn-unanswered-blackhole': 'lost',
  'third-ack-or-synack-lost': 'lost',
  'ecn-syn-blackhole': 'lost',
  'tfo-blackhole-or-rejected': 'lost',
  'conntrack-table-full': 'lost',
  'conntrack-insert-race': 'lost',
  'ack-path-loss': 'lost',
  'rto-backoff-path-loss': 'lost',
  'sack-fast-recovery-loss': 'lost',
  'sack-unavailable-slow-recovery': 'lost',
  'tail-loss-probe': 'lost',
  'pmtu-blackhole': 'lost',
  'middlebox-idle-expiry': 'lost',

  'syn-dropped-accept-queue-full': 'ignored',
  'syn-queue-full-drop': 'ignored',
  'accept-queue-overflow-ack-ignored': 'ignored',
  'defer-accept-ack-ignored': 'ignored',
  'tw-recycle-nat-syn-drop': 'ignored',
  'host-netfilter-drop': 'ignored',
  'host-rx-queue-drop': 'ignored',
  'rp-filter-drop': 'ignored',
  'md5-ao-mismatch-drop': 'ignored',
  'paws-segment-drop': 'ignored',
  'receive-queue-pruned': 'ignored',
  'socket-backlog-drop': 'ignored',
  'tcp-memory-limit': 'ignored',
  'bad-checksum-drop': 'ignored',
  'gtsm-min-ttl-drop': 'ignored',
  'ipvs-port-reuse-delay': 'ignored',

  'reordering-spurious-retransmit': 'overtaken',
  'network-duplicates': 'doubled',

  'injected-rst': 'made on the way',
  'firewall-reject-rst': 'made on the way',
  'conntrack-invalid-reset': 'made on the way',

  'port-closed-rst': 'sent',
  'accept-queue-overflow-abort': 'sent',
  'linger-zero-reset': 'sent',
  'close-with-unread-data-reset': 'sent',
  'data-after-close-reset': 'sent',
  'write-after-peer-close-reset': 'sent',
  'listener-closed-pending-reset': 'sent',
  'orphan-limit-reset': 'sent',
  'keepalive-timeout-reset': 'sent',
  'process-killed': 'sent',
  'admin-socket-kill': 'sent',
};
