import { kindOf, RESENT_FAST, SPURIOUS } from '../../flow/verdict.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { queueGrowing } from '../../patterns/path/queue-growing.js';
import type { Part } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';

/** So many segments in a row are not lost one by one. */
const RUN = 16;

export const hostRxQueueDrop: Cause = {
  id: 'host-rx-queue-drop',
  title: 'The receiving host itself drops: ring of the network card, or softirq backlog',
  where: 'the peer',
  mechanism: `The card writes packets into a ring that net_rx_action() empties, up to net.core.netdev_budget packets and net.core.netdev_budget_usecs
    in each round. When the CPU does not come to it, the card drops what finds no free entry. With RPS, and on veth and loopback devices, packets go
    through a second queue for each CPU: enqueue_to_backlog() drops when it holds net.core.netdev_max_backlog (1000) of them. Either way the packets
    have crossed the network and are lost on the last metre, several in a row, and those that the ring drops are in no capture of that host.`,
  explains: [
    explain(lossRepaired, ({ corrupted }, { part, peer, story, alsoShows }) => {
      const run = longestRun(part);
      if (run < RUN || !story.isAt(peer) || corrupted > 0) return undefined;
      const because = [
        `${run} segments in a row were lost: a queue overflowed somewhere`,
        'the capture was made at the receiver, and a ring drops before a capture can see it',
      ];
      const against = ['any other queue on the path drops in the same way'];
      if (alsoShows(queueGrowing) !== undefined) against.push('round trips had grown before: the queue that overflowed is slow, as on a slower link');
      return { certainty: 'possible', because, against };
    }),
  ],
  sysctls: ['net.core.netdev_max_backlog', 'net.core.netdev_budget', 'net.core.netdev_budget_usecs'],
  dropReasons: ['CPU_BACKLOG', 'FULL_RING'],
  confirm: [
    {
      run: "ethtool -S IF | grep -iE 'miss|no_buf|fifo|drop|discard' | grep -v ': 0$'",
      expect: 'on the receiver, twice: rx_missed, rx_no_buffer or the like rises',
    },
    {
      run: 'cat /proc/net/softnet_stat',
      expect:
        'on the receiver, twice, one line for each CPU: the second column rises when the backlog drops, the third when a round ran out of budget',
    },
    { run: 'mpstat -P ALL 1', expect: 'one CPU at 100 % in soft while others are idle: all packets come to one queue' },
    { run: "perf trace -e skb:kfree_skb --filter 'reason > 2'", expect: 'CPU_BACKLOG for the second queue; the ring leaves no trace there' },
  ],
  remedy: [
    'Spread the load over CPUs: more receive queues (ethtool -L), RSS with ports in the hash, RPS where the card has only one queue.',
    'Enlarge the ring: ethtool -G IF rx N, up to the maximum that ethtool -g shows.',
    'If the second column of softnet_stat is what rises, raise net.core.netdev_max_backlog; if the third, net.core.netdev_budget.',
  ],
  avoid: [
    'Raising net.core.netdev_max_backlog for drops of the card: that queue comes behind the ring.',
    'net.core.rmem_max or net.ipv4.tcp_rmem: the packets never get as far as a socket.',
    'A huge ring instead of more queues: it turns drops into delay.',
  ],
  mimics: [
    { cause: 'sack-fast-recovery-loss', tell: 'there the drop counters of the receiving host stand still' },
    { cause: 'socket-backlog-drop', tell: 'there the segments are in the capture of the receiving host' },
    { cause: 'capture-dropped-packets', tell: 'there only the capture missed them: nothing was sent again' },
  ],
  sources: [
    'Documentation/networking/scaling.rst',
    'Documentation/admin-guide/sysctl/net.rst: netdev_max_backlog, netdev_budget',
    'net/core/dev.c: net_rx_action, enqueue_to_backlog',
  ],
  capture: 'transfer/segments-lost-because-receive-ring-overflows',
};

/** Most segments sent again that follow one another without a gap. */
function longestRun({ moments }: Part): number {
  let longest = 0;
  let run = 0;
  let next: number | undefined;
  for (const { verdict, seq, length } of moments) {
    if (kindOf(verdict) !== RESENT_FAST || verdict & SPURIOUS) continue;
    run = seq === next ? run + 1 : 1;
    next = (seq + length) | 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
