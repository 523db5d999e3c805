import type { Moment } from '../../flow/timeline.js';
import { RESENT_FAST, RESENT_TIMEOUT } from '../../flow/verdict.js';
import { bytesText, countText } from '../../hosts/wording.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { windowLimited } from '../../patterns/pace/window-limited.js';
import { zeroWindow } from '../../patterns/pace/zero-window.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { droppedOnArrival, wasSilent } from '../clues/resends.js';

/** Payload below which a segment takes several times as much memory as it carries. */
const SMALL = 256;

export const receiveQueuePruned: Cause = {
  id: 'receive-queue-pruned',
  title: 'Receive buffer full: the kernel drops segments that had arrived',
  where: 'the peer',
  mechanism: `A received segment is charged with all the memory that it occupies, not only with its payload, so that many small ones fill SO_RCVBUF
    long before the advertised window is used up. tcp_try_rmem_schedule() then calls tcp_prune_queue(): it merges small segments (tcp_collapse()), and
    if that is not enough tcp_prune_ofo_queue() throws away segments behind a hole, even ones that were SACKed already, which RFC 2018 allows.
    Segments that find no room at all are dropped on arrival. A sender that sees a SACK taken back (tcp_check_sack_reneging()) has to wait for its
    timer and send everything again.`,
  explains: [
    explain(lossRepaired, ({ resends }, given) => weigh(droppedOnArrival(given, RESENT_FAST), resends, given)),
    explain(retransmissionTimeout, ({ resends }, given) => weigh(droppedOnArrival(given, RESENT_TIMEOUT), resends, given)),
  ],
  sysctls: ['net.ipv4.tcp_rmem', 'net.core.rmem_max'],
  counters: [
    'TcpExtPruneCalled',
    'TcpExtRcvPruned',
    'TcpExtOfoPruned',
    'TcpExtTCPRcvCollapsed',
    'TcpExtTCPOFODrop',
    'TcpExtTCPRcvQDrop',
    'TcpExtTCPSACKReneging',
  ],
  dropReasons: ['PROTO_MEM', 'TCP_OFO_QUEUE_PRUNE', 'TCP_OFO_DROP'],
  facts: [
    { shows: ['TcpExtRcvPruned', 'TcpExtOfoPruned', 'TcpExtTCPOFODrop', 'TcpExtTCPRcvQDrop'], quotes: ['TcpExtPruneCalled', 'net.ipv4.tcp_rmem'] },
  ],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtPruneCalled TcpExtRcvPruned TcpExtOfoPruned TcpExtTCPOFODrop TcpExtTCPRcvCollapsed',
      expect: 'on the receiver: RcvPruned, OfoPruned or TCPOFODrop rises. PruneCalled and TCPRcvCollapsed alone mean that merging was enough',
    },
    { run: 'ss -tnm dst PEER', expect: 'on the receiver: skmem r (in use) at rb (the limit), and a Recv-Q well below r' },
    { run: 'nstat -n; sleep 10; nstat -z TcpExtTCPSACKReneging', expect: 'on the sender: rises each time a SACK was taken back' },
    {
      run: "perf trace -e skb:kfree_skb --filter 'reason > 2'",
      expect: 'on the receiver, since 5.18: PROTO_MEM, TCP_OFO_QUEUE_PRUNE or TCP_OFO_DROP below tcp_data_queue',
    },
  ],
  remedy: [
    'Make the reader keep up: that empties the queue.',
    'Do not set SO_RCVBUF in the application, or set it much higher: the automatic sizing (net.ipv4.tcp_rmem) knows about the overhead.',
    'Let the sender write larger pieces: a one-byte segment occupies some 700 bytes and more at the receiver.',
  ],
  avoid: [
    'A small SO_RCVBUF "to save memory": it costs retransmissions and timeouts.',
    'net.ipv4.tcp_sack = 0: it hides that SACKs were taken back, and makes each repair slower.',
  ],
  mimics: [
    { cause: 'receiver-zero-window', tell: 'there the window closes in time and nothing is dropped' },
    { cause: 'tcp-memory-limit', tell: 'there all connections of the host suffer at once, and TcpExtTCPMemoryPressures rises' },
    { cause: 'socket-backlog-drop', tell: 'there TcpExtTCPBacklogDrop rises' },
    { cause: 'sack-fast-recovery-loss', tell: 'there the segment is not in a capture at the receiver' },
  ],
  sources: [
    'RFC 2018 section 8',
    'Documentation/networking/ip-sysctl.rst: tcp_rmem',
    'net/ipv4/tcp_input.c: tcp_try_rmem_schedule, tcp_prune_queue, tcp_prune_ofo_queue, tcp_check_sack_reneging',
  ],
  capture: 'transfer/received-segments-dropped-because-receive-buffer-is-full',
};

function weigh(arrivals: readonly Moment[], resends: number, { part, peer, alsoShows }: Case): Weight | undefined {
  const isReneging = part.endpoint.takenBack > 0;
  const dropped = arrivals.length;
  if (dropped === 0 && !isReneging) return undefined;
  const because: string[] = [];
  if (isReneging) because.push('the receiver asks for bytes that it had reported by SACK: it has thrown them away');
  if (dropped > 0)
    because.push(
      `${countText(dropped, 'segment')} of ${resends} had reached the receiving host, which asked for ${dropped === 1 ? 'it' : 'them'} again`,
    );
  const against: string[] = [];
  if (wasSilent(arrivals, peer)) against.push('the receiver said nothing after what it dropped, not even a duplicate ACK');
  const isFull = alsoShows(zeroWindow) !== undefined || alsoShows(windowLimited) !== undefined;
  if (isFull) because.push('the window of the receiver was used up in this connection');
  else against.push('the window of the receiver was never used up');
  const { payload, dataSegments } = part.endpoint;
  const average = dataSegments > 0 ? payload / dataSegments : 0;
  if (average < SMALL) because.push(`segments carry ${bytesText(Math.round(average))} on average: their overhead fills a buffer`);
  return { certainty: isReneging ? 'likely' : 'possible', because, against };
}
