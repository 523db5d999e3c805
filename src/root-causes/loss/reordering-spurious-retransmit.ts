import { REORDERED } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { resentNeedlessly } from '../../patterns/loss/resent-needlessly.js';
import { segmentsReordered } from '../../patterns/loss/segments-reordered.js';
import type { Part } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';
import { aheadOfTheirFirst } from '../clues/belated.js';
import { hidesCopies } from '../clues/hidden-copies.js';
import { isDisturbed } from '../clues/resends.js';
import { recutAt } from '../clues/sizes.js';

export const reorderingSpuriousRetransmit: Cause = {
  id: 'reordering-spurious-retransmit',
  title: 'Segments overtake one another; the sender takes it for a loss',
  where: 'the path',
  mechanism: `A segment that is overtaken leaves a hole, and the receiver reports what came behind it as if it had been lost. If it is late by three
    segments or by more than the reordering window of RACK, tcp_fastretrans_alert() sends it again. When both copies have arrived the receiver reports
    that with a D-SACK: tcp_check_dsack() learns of it, tcp_try_undo_recovery() gives the congestion window back, and tcp_check_sack_reordering()
    makes the sender more patient (a larger tcp_reordering, and since 4.15 a wider RACK window for the next rounds), so that often only the first
    events of a connection cost anything.`,
  explains: [
    explain(resentNeedlessly, ({ fast, reordered, acknowledgedBefore, atReceiver }, given) => {
      if (fast === 0) return undefined;
      const isReported = given.part.endpoint.arrivedTwice > 0;
      const because = [
        `${countText(fast, 'segment')} sent again after duplicate ACKs, and ${isReported ? 'the receiver reported that ' : ''}the first copy had come`,
      ];
      if (reordered > 0)
        because.push(`the IP IDs and timestamps show ${countText(reordered, 'segment')} that arrived later than others sent after them`);
      if (acknowledgedBefore > 0 && reordered > 0) because.push('the late one had been acknowledged before its second copy arrived');
      const against: string[] = [];
      if (atReceiver && reordered === 0) against.push('here, at the receiver, no segment arrived out of order');
      const lost = given.alsoShows(lossRepaired)?.resends ?? 0;
      if (lost > 0 && reordered === 0)
        against.push(`${countText(lost, 'segment')} ${isReported ? 'did get' : 'may have got'} lost, and a repair can repeat too much`);
      if (isDisturbed(given)) against.push('other things disturb this connection as well');
      if (isAllBelated(given.part)) return { certainty: 'likely', because, against: [...against, BELATED] };
      const certainty = reordered > 0 || against.length === 0 ? 'certain' : atReceiver || isDisturbed(given) ? 'possible' : 'likely';
      return { certainty, because, against };
    }),
    explain(lossRepaired, (_, { story, part, peer }) => {
      if (!hidesCopies(part) || story.isAt(peer)) return undefined;
      const because = ['some of what was sent again had come, and the receiver does not report such copies: the rest may have come late as well'];
      return { certainty: 'possible', because };
    }),
    explain(segmentsReordered, ({ reordered, dataSegments, needless }, given) => {
      const { part } = given;
      const moments = part.moments.filter(({ verdict }) => verdict === REORDERED);
      const stamped = moments.filter(({ proof }) => proof?.by === 'ip-id' || proof?.by === 'timestamp').length;
      const witness = part.endpoint.family === 6 ? 'their timestamps say' : 'IP IDs and timestamps say';
      const order = stamped > 0 ? `: ${witness} that they were sent first` : ', too soon behind it to have been sent again';
      const because = [`${countText(reordered, 'segment')} of ${dataSegments} arrived behind a later one${order}`];
      if (needless > 0) because.push(`it made the sender repeat ${countText(needless, 'segment')} for nothing`);
      if (isAllBelated(part)) return { certainty: 'likely', because, against: [BELATED] };
      if (recutAt(given) !== undefined) return { certainty: 'possible', because, against: ['they are pieces of segments that had been larger'] };
      return { certainty: stamped > 0 || moments.length === 0 ? 'certain' : 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_reordering', 'net.ipv4.tcp_max_reordering', 'net.ipv4.tcp_recovery', 'net.ipv4.tcp_dsack'],
  counters: [
    'TcpExtTCPDSACKRecv',
    'TcpExtTCPDSACKUndo',
    'TcpExtTCPSACKReorder',
    'TcpExtTCPTSReorder',
    'TcpExtTCPFullUndo',
    'TcpExtTCPPartialUndo',
    'TcpExtTCPDSACKOldSent',
    'TcpExtTCPOFOQueue',
  ],
  facts: [{ at: 'this end', shows: ['TcpExtTCPSACKReorder', 'TcpExtTCPTSReorder', 'TcpExtTCPRenoReorder'], quotes: ['net.ipv4.tcp_reordering'] }],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPSACKReorder TcpExtTCPDSACKRecv TcpExtTCPDSACKUndo TcpRetransSegs',
      expect: 'on the sender: SACKReorder and DSACKRecv rise, and DSACKRecv accounts for most of RetransSegs',
    },
    { run: 'nstat -n; sleep 10; nstat -z TcpExtTCPOFOQueue TcpExtTCPDSACKOldSent', expect: 'on the receiver: both rise' },
    { run: 'ss -tin dst PEER', expect: 'on the sender: reordering:n well above 3, and dsack_dups' },
    {
      run: 'cat /proc/net/bonding/bond0; ethtool -n IF rx-flow-hash tcp4',
      expect: 'balance-rr instead of a hash, or a hash without the ports, explains it on the host itself',
    },
  ],
  remedy: [
    'Send each connection one way: hash by flow, not packet by packet, in bonds (802.3ad or balance-xor, not balance-rr), ECMP and tunnels.',
    'In virtual machines and network cards, keep a flow on one queue: XPS and RPS without changes under load, one receive queue for each flow.',
    'Keep net.ipv4.tcp_recovery = 1, the default: RACK gets used to reordering. Before 4.4 a larger net.ipv4.tcp_reordering was the only help.',
  ],
  avoid: [
    'net.ipv4.tcp_dsack = 0 or net.ipv4.tcp_sack = 0: the sender then never learns that its retransmissions were for nothing.',
    'Counting these as losses: the share of retransmissions says nothing about the path while segments overtake one another.',
  ],
  mimics: [
    { cause: 'sack-fast-recovery-loss', tell: 'there no D-SACK comes back' },
    { cause: 'spurious-rto-delay-spike', tell: 'there a timer fired; duplicate ACKs had not asked for anything' },
    { cause: 'network-duplicates', tell: 'there the D-SACK reports bytes that the sender sent only once' },
  ],
  sources: [
    'RFC 2883',
    'RFC 8985 section 6.2',
    'Documentation/networking/ip-sysctl.rst: tcp_reordering, tcp_max_reordering, tcp_recovery',
    'net/ipv4/tcp_input.c: tcp_check_dsack, tcp_check_sack_reordering, tcp_try_undo_recovery',
  ],
  capture: 'transfer/segments-overtake-one-another',
};

const BELATED = 'they came later than even their repetitions: whether another way or a pause kept them back cannot be told';

/** None that was overtaken came before its own repetition did. */
function isAllBelated(part: Part): boolean {
  const reordered = part.moments.filter(({ verdict }) => verdict === REORDERED).length;
  return reordered > 0 && aheadOfTheirFirst(part).length >= reordered;
}
