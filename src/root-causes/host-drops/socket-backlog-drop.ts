import type { Moment } from '../../flow/timeline.js';
import { RESENT_FAST, RESENT_TIMEOUT } from '../../flow/verdict.js';
import { bytesText, countText } from '../../hosts/wording.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { zeroWindow } from '../../patterns/pace/zero-window.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { droppedOnArrival, wasSilent } from '../clues/resends.js';

/** Payload below which a segment takes several times as much memory as it carries. */
const SMALL = 256;

/** So many segments under way, however much memory each takes, a backlog always holds. */
const FEW = 8;

export const socketBacklogDrop: Cause = {
  id: 'socket-backlog-drop',
  title: 'Socket backlog full while a system call held the socket',
  where: 'the peer',
  mechanism: `While a thread is inside recv(), send() or another call on a socket it owns the socket, and segments that arrive meanwhile wait in the
    socket's backlog. tcp_add_backlog() merges what follows on and drops a segment once backlog and receive queue together exceed the receive buffer
    plus half of the send buffer plus 64 KB (twice the receive buffer since 6.10). To the sender it looks like a loss on the path, though the segment
    is in a capture on the receiving host.`,
  explains: [
    explain(lossRepaired, ({ resends }, given) => weigh(droppedOnArrival(given, RESENT_FAST), resends, given)),
    explain(retransmissionTimeout, ({ resends }, given) => weigh(droppedOnArrival(given, RESENT_TIMEOUT), resends, given)),
  ],
  sysctls: ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem', 'net.ipv4.tcp_backlog_ack_defer'],
  counters: ['TcpExtTCPBacklogDrop', 'TcpExtTCPBacklogCoalesce'],
  dropReasons: ['SOCKET_BACKLOG'],
  facts: [{ proof: ['TcpExtTCPBacklogDrop'] }],
  confirm: [
    { run: 'nstat -n; sleep 10; nstat -z TcpExtTCPBacklogDrop TcpExtTCPBacklogCoalesce', expect: 'on the receiver: BacklogDrop rises' },
    { run: 'ss -tnm dst PEER', expect: 'on the receiver: the skmem field d (drops) of the connection grows, bl (backlog) is above 0' },
    {
      run: "perf trace -e skb:kfree_skb --filter 'reason > 2'",
      expect: 'on the receiver, since 5.18: SOCKET_BACKLOG in tcp_v4_rcv or tcp_v6_rcv',
    },
    { run: 'perf top -g -p PID', expect: 'where the application spends its time inside the calls on that socket' },
  ],
  remedy: [
    'Shorten the calls that hold the socket: read in smaller pieces, one thread for each socket, a buffer whose pages are in memory.',
    'Give the socket a larger receive buffer: remove SO_RCVBUF, or raise the maximum of net.ipv4.tcp_rmem.',
    'Take CPU pressure off the reader: a thread that is not scheduled while it owns the socket blocks it for that long.',
  ],
  avoid: ['Raising net.core.netdev_max_backlog: that is the queue between network card and stack, not the one of a socket.'],
  mimics: [
    { cause: 'sack-fast-recovery-loss', tell: 'there the segment is not in a capture at the receiver' },
    { cause: 'receive-queue-pruned', tell: 'there TcpExtRcvPruned, TcpExtOfoPruned or TcpExtTCPOFODrop rises' },
    { cause: 'host-rx-queue-drop', tell: 'there the drop comes before the socket: /proc/net/softnet_stat or ethtool -S shows it' },
  ],
  sources: ['net/ipv4/tcp_ipv4.c: tcp_add_backlog, tcp_v4_rcv', 'include/net/sock.h: sk_add_backlog, sk_rcvqueues_full'],
  capture: 'transfer/received-segments-dropped-because-socket-backlog-is-full',
};

function weigh(arrivals: readonly Moment[], resends: number, { alsoShows, part, peer }: Case): Weight | undefined {
  const dropped = arrivals.length;
  const { payload, dataSegments, pace } = part.endpoint;
  if (dropped === 0 || (pace?.flight ?? 0) * dataSegments <= FEW * payload) return undefined;
  const because = [
    `${countText(dropped, 'segment')} of ${resends} had reached the receiving host, which asked for ${dropped === 1 ? 'it' : 'them'} again`,
  ];
  const against = ['counters of that host have to say whether it was the backlog'];
  if (alsoShows(zeroWindow) === undefined) because.push('the window of the receiver was open: its queue had room');
  if (wasSilent(arrivals, peer)) because.push('the receiver said nothing for a while after it had arrived: nobody worked on the socket');
  else against.push('the receiver answered what it dropped at once, and a backlog answers only when the call is over');
  const isSmall = dataSegments > 0 && payload / dataSegments < SMALL;
  if (isSmall) because.push(`segments carry ${bytesText(Math.round(payload / dataSegments))} on average: their overhead fills a backlog`);
  else if ((pace?.flight ?? 0) < 64 * 1024) against.push('never more than 64 KB were under way, which the backlog always takes');
  return { certainty: 'possible', because, against };
}
