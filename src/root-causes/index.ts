import { captureAnyDuplicates } from './capture/capture-any-duplicates.js';
import { captureDroppedPackets } from './capture/capture-dropped-packets.js';
import { captureEndsEarly } from './capture/capture-ends-early.js';
import { captureMidstream } from './capture/capture-midstream.js';
import { captureOffloadArtefact } from './capture/capture-offload-artefact.js';
import { captureOneDirection } from './capture/capture-one-direction.js';
import { captureSnaplen } from './capture/capture-snaplen.js';
import type { Cause } from './cause.js';
import { closeWaitLeak } from './closing/close-wait-leak.js';
import { finRetransmitOrphanTimeout } from './closing/fin-retransmit-orphan-timeout.js';
import { finwait2TimeoutLateFinReset } from './closing/finwait2-timeout-late-fin-reset.js';
import { halfCloseStuckFinwait2 } from './closing/half-close-stuck-finwait2.js';
import { lastAckRetransmit } from './closing/last-ack-retransmit.js';
import { simultaneousClose } from './closing/simultaneous-close.js';
import { clientAbandonedConnect } from './connecting/client-abandoned-connect.js';
import { clientRejectsSynackBadAck } from './connecting/client-rejects-synack-bad-ack.js';
import { cwndOneAfterHandshakeLoss } from './connecting/cwnd-one-after-handshake-loss.js';
import { ecnSynBlackhole } from './connecting/ecn-syn-blackhole.js';
import { ephemeralPortsExhausted } from './connecting/ephemeral-ports-exhausted.js';
import { firewallRejectIcmp } from './connecting/firewall-reject-icmp.js';
import { firewallRejectRst } from './connecting/firewall-reject-rst.js';
import { neighborUnresolved } from './connecting/neighbor-unresolved.js';
import { portClosedRst } from './connecting/port-closed-rst.js';
import { rttAboveSynTimeout } from './connecting/rtt-above-syn-timeout.js';
import { simultaneousOpen } from './connecting/simultaneous-open.js';
import { synLostOnPath } from './connecting/syn-lost-on-path.js';
import { synUnansweredBlackhole } from './connecting/syn-unanswered-blackhole.js';
import { synackDroppedAtClient } from './connecting/synack-dropped-at-client.js';
import { tfoBlackholeOrRejected } from './connecting/tfo-blackhole-or-rejected.js';
import { thirdAckOrSynackLost } from './connecting/third-ack-or-synack-lost.js';
import { thirdAckTsecrRejected } from './connecting/third-ack-tsecr-rejected.js';
import { badChecksumDrop } from './host-drops/bad-checksum-drop.js';
import { conntrackInsertRace } from './host-drops/conntrack-insert-race.js';
import { conntrackTableFull } from './host-drops/conntrack-table-full.js';
import { gtsmMinTtlDrop } from './host-drops/gtsm-min-ttl-drop.js';
import { hostNetfilterDrop } from './host-drops/host-netfilter-drop.js';
import { hostRxQueueDrop } from './host-drops/host-rx-queue-drop.js';
import { md5AoMismatchDrop } from './host-drops/md5-ao-mismatch-drop.js';
import { noReturnRouteSynack } from './host-drops/no-return-route-synack.js';
import { pawsSegmentDrop } from './host-drops/paws-segment-drop.js';
import { receiveQueuePruned } from './host-drops/receive-queue-pruned.js';
import { rpFilterDrop } from './host-drops/rp-filter-drop.js';
import { socketBacklogDrop } from './host-drops/socket-backlog-drop.js';
import { tcpMemoryLimit } from './host-drops/tcp-memory-limit.js';
import { twRecycleNatSynDrop } from './host-drops/tw-recycle-nat-syn-drop.js';
import { acceptQueueOverflowAbort } from './listening/accept-queue-overflow-abort.js';
import { acceptQueueOverflowAckIgnored } from './listening/accept-queue-overflow-ack-ignored.js';
import { deferAcceptAckIgnored } from './listening/defer-accept-ack-ignored.js';
import { listenerClosedPendingReset } from './listening/listener-closed-pending-reset.js';
import { synDroppedAcceptQueueFull } from './listening/syn-dropped-accept-queue-full.js';
import { synFloodHalfOpen } from './listening/syn-flood-half-open.js';
import { synQueueFullDrop } from './listening/syn-queue-full-drop.js';
import { syncookieAckRejected } from './listening/syncookie-ack-rejected.js';
import { syncookiePhantomConnection } from './listening/syncookie-phantom-connection.js';
import { syncookiesInUse } from './listening/syncookies-in-use.js';
import { ackPathLoss } from './loss/ack-path-loss.js';
import { dataTimeoutSilentAbort } from './loss/data-timeout-silent-abort.js';
import { networkDuplicates } from './loss/network-duplicates.js';
import { outOfWindowDupackLoop } from './loss/out-of-window-dupack-loop.js';
import { reorderingSpuriousRetransmit } from './loss/reordering-spurious-retransmit.js';
import { rtoBackoffPathLoss } from './loss/rto-backoff-path-loss.js';
import { sackFastRecoveryLoss } from './loss/sack-fast-recovery-loss.js';
import { sackUnavailableSlowRecovery } from './loss/sack-unavailable-slow-recovery.js';
import { spuriousRtoDelaySpike } from './loss/spurious-rto-delay-spike.js';
import { tailLossProbe } from './loss/tail-loss-probe.js';
import { userTimeoutAbort } from './loss/user-timeout-abort.js';
import { applicationLimitedSender } from './pace/application-limited-sender.js';
import { finWait1ZeroWindowStall } from './pace/fin-wait1-zero-window-stall.js';
import { keepaliveProbesAnswered } from './pace/keepalive-probes-answered.js';
import { nagleDelayedAckStall } from './pace/nagle-delayed-ack-stall.js';
import { receiveBufferLimited } from './pace/receive-buffer-limited.js';
import { receiverZeroWindow } from './pace/receiver-zero-window.js';
import { senderBufferLimited } from './pace/sender-buffer-limited.js';
import { slowApplicationResponse } from './pace/slow-application-response.js';
import { slowStartAfterIdle } from './pace/slow-start-after-idle.js';
import { windowScalingMissing } from './pace/window-scaling-missing.js';
import { zeroWindowProbeTimeout } from './pace/zero-window-probe-timeout.js';
import { bufferbloat } from './path/bufferbloat.js';
import { ecnCongestionResponse } from './path/ecn-congestion-response.js';
import { icmpSoftErrorEstablished } from './path/icmp-soft-error-established.js';
import { middleboxIdleExpiry } from './path/middlebox-idle-expiry.js';
import { mtuProbingActive } from './path/mtu-probing-active.js';
import { pmtuBlackhole } from './path/pmtu-blackhole.js';
import { pmtuIcmpAccepted } from './path/pmtu-icmp-accepted.js';
import { adminSocketKill } from './resets/admin-socket-kill.js';
import { closeWithUnreadDataReset } from './resets/close-with-unread-data-reset.js';
import { conntrackInvalidReset } from './resets/conntrack-invalid-reset.js';
import { dataAfterCloseReset } from './resets/data-after-close-reset.js';
import { injectedRst } from './resets/injected-rst.js';
import { keepaliveTimeoutReset } from './resets/keepalive-timeout-reset.js';
import { lingerZeroReset } from './resets/linger-zero-reset.js';
import { orphanLimitReset } from './resets/orphan-limit-reset.js';
import { processKilled } from './resets/process-killed.js';
import { rstChallengedNotAccepted } from './resets/rst-challenged-not-accepted.js';
import { staleConnectionResetAfterPeerReboot } from './resets/stale-connection-reset-after-peer-reboot.js';
import { writeAfterPeerCloseReset } from './resets/write-after-peer-close-reset.js';
import { synOnLiveConnectionChallenged } from './time-wait/syn-on-live-connection-challenged.js';
import { timewaitAccumulation } from './time-wait/timewait-accumulation.js';
import { timewaitAssassination } from './time-wait/timewait-assassination.js';
import { timewaitBucketOverflow } from './time-wait/timewait-bucket-overflow.js';
import { timewaitFinReack } from './time-wait/timewait-fin-reack.js';
import { timewaitReopenAccepted } from './time-wait/timewait-reopen-accepted.js';
import { timewaitSynChallenged } from './time-wait/timewait-syn-challenged.js';
import { timewaitSynPawsRejected } from './time-wait/timewait-syn-paws-rejected.js';
import { twReuseOutgoing } from './time-wait/tw-reuse-outgoing.js';

const connecting: readonly Cause[] = [
  clientAbandonedConnect,
  clientRejectsSynackBadAck,
  cwndOneAfterHandshakeLoss,
  ecnSynBlackhole,
  ephemeralPortsExhausted,
  firewallRejectIcmp,
  firewallRejectRst,
  neighborUnresolved,
  portClosedRst,
  rttAboveSynTimeout,
  simultaneousOpen,
  synackDroppedAtClient,
  synLostOnPath,
  synUnansweredBlackhole,
  tfoBlackholeOrRejected,
  thirdAckOrSynackLost,
  thirdAckTsecrRejected,
];

const listening: readonly Cause[] = [
  acceptQueueOverflowAbort,
  acceptQueueOverflowAckIgnored,
  deferAcceptAckIgnored,
  listenerClosedPendingReset,
  syncookieAckRejected,
  syncookiePhantomConnection,
  syncookiesInUse,
  synDroppedAcceptQueueFull,
  synFloodHalfOpen,
  synQueueFullDrop,
];

const hostDrops: readonly Cause[] = [
  badChecksumDrop,
  conntrackInsertRace,
  conntrackTableFull,
  gtsmMinTtlDrop,
  hostNetfilterDrop,
  hostRxQueueDrop,
  md5AoMismatchDrop,
  noReturnRouteSynack,
  pawsSegmentDrop,
  receiveQueuePruned,
  rpFilterDrop,
  socketBacklogDrop,
  tcpMemoryLimit,
  twRecycleNatSynDrop,
];

const timeWait: readonly Cause[] = [
  synOnLiveConnectionChallenged,
  timewaitAccumulation,
  timewaitAssassination,
  timewaitBucketOverflow,
  timewaitFinReack,
  timewaitReopenAccepted,
  timewaitSynChallenged,
  timewaitSynPawsRejected,
  twReuseOutgoing,
];

const loss: readonly Cause[] = [
  ackPathLoss,
  dataTimeoutSilentAbort,
  networkDuplicates,
  outOfWindowDupackLoop,
  reorderingSpuriousRetransmit,
  rtoBackoffPathLoss,
  sackFastRecoveryLoss,
  sackUnavailableSlowRecovery,
  spuriousRtoDelaySpike,
  tailLossProbe,
  userTimeoutAbort,
];

const pace: readonly Cause[] = [
  applicationLimitedSender,
  finWait1ZeroWindowStall,
  keepaliveProbesAnswered,
  nagleDelayedAckStall,
  receiveBufferLimited,
  receiverZeroWindow,
  senderBufferLimited,
  slowApplicationResponse,
  slowStartAfterIdle,
  windowScalingMissing,
  zeroWindowProbeTimeout,
];

const resets: readonly Cause[] = [
  adminSocketKill,
  closeWithUnreadDataReset,
  conntrackInvalidReset,
  dataAfterCloseReset,
  injectedRst,
  keepaliveTimeoutReset,
  lingerZeroReset,
  orphanLimitReset,
  processKilled,
  rstChallengedNotAccepted,
  staleConnectionResetAfterPeerReboot,
  writeAfterPeerCloseReset,
];

const closing: readonly Cause[] = [
  closeWaitLeak,
  finRetransmitOrphanTimeout,
  finwait2TimeoutLateFinReset,
  halfCloseStuckFinwait2,
  lastAckRetransmit,
  simultaneousClose,
];

const path: readonly Cause[] = [
  bufferbloat,
  ecnCongestionResponse,
  icmpSoftErrorEstablished,
  middleboxIdleExpiry,
  mtuProbingActive,
  pmtuBlackhole,
  pmtuIcmpAccepted,
];

const capture: readonly Cause[] = [
  captureAnyDuplicates,
  captureDroppedPackets,
  captureEndsEarly,
  captureMidstream,
  captureOffloadArtefact,
  captureOneDirection,
  captureSnaplen,
];

/** Causes by topic; the order is that of a connection's life. */
export const topics: readonly { readonly title: string; readonly causes: readonly Cause[] }[] = [
  { title: 'Connecting', causes: connecting },
  { title: 'Listening', causes: listening },
  { title: 'Dropped by the host', causes: hostDrops },
  { title: 'TIME_WAIT', causes: timeWait },
  { title: 'Loss and what is sent again', causes: loss },
  { title: 'Pace', causes: pace },
  { title: 'Resets', causes: resets },
  { title: 'Closing', causes: closing },
  { title: 'The path', causes: path },
  { title: 'The capture itself', causes: capture },
];

/** Every cause. */
export const causes: readonly Cause[] = topics.flatMap((topic) => topic.causes);
