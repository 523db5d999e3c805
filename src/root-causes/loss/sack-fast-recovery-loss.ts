import type { Moment } from '../../flow/timeline.js';
import { kindOf, RESENT_FAST, SPURIOUS } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { segmentsReordered } from '../../patterns/loss/segments-reordered.js';
import { largeSegmentsLost } from '../../patterns/path/large-segments-lost.js';
import { queueGrowing } from '../../patterns/path/queue-growing.js';
import { segmentsShrink } from '../../patterns/path/segments-shrink.js';
import type { Part } from '../../patterns/story.js';
import { type Case, type Cause, explain } from '../cause.js';
import { aheadOfTheirFirst } from '../clues/belated.js';
import { hidesCopies } from '../clues/hidden-copies.js';
import { droppedOnArrival, isUntaken } from '../clues/resends.js';
import { arrivesOnlySmall, recutAt } from '../clues/sizes.js';

export const sackFastRecoveryLoss: Cause = {
  id: 'sack-fast-recovery-loss',
  title: 'Segments lost on the path, repaired by fast retransmit',
  where: 'the path',
  mechanism: `The receiver's SACK blocks name what arrived behind a hole. Once three segments behind it are reported, or later segments have been
    known for longer than the reordering window of RACK (a quarter of the shortest round trip at first; since 4.4), tcp_fastretrans_alert() takes the
    hole for a loss: tcp_enter_recovery() lowers the congestion window, to 0.7 of it with CUBIC, and tcp_xmit_retransmit_queue() sends what is missing
    within the same round trip. Each such round trip makes the sender slower until it has grown back, so that a loss rate of one percent can be felt
    on a long path.`,
  explains: [
    explain(lossRepaired, ({ resends, listed, dataSegments, hasSack, isOneSided, corrupted }, given) => {
      const { part, peer, story, alsoShows } = given;
      const isAtReceiver = story.isAt(peer);
      const isCutShort = endsBeforeAnswer(part, given);
      const ahead = aheadOfTheirFirst(part);
      const unseen = isAtReceiver ? part.moments.filter((moment) => isSecondSight(moment) && !ahead.includes(moment)).length : 0;
      const belated = ahead.filter(isRepair).length;
      const asked = isOneSided ? 'without a timeout' : hasSack ? 'after SACKs of later ones' : 'after duplicate ACKs';
      const because = [`${countText(resends, 'segment')} of ${dataSegments} sent again ${asked}`];
      const isSilent = hidesCopies(part);
      because.push(...absenceOf(unseen, !isAtReceiver && hasSack && !isCutShort && !isSilent && !story.flow.hasCutOptions));
      if (alsoShows(queueGrowing) !== undefined) because.push('round trips had grown before: a queue filled up and overflowed');
      const arrived = droppedOnArrival(given, RESENT_FAST).length;
      const isOfSize = isSizeWhatMatters(given, resends, dataSegments);
      const overtaken = alsoShows(segmentsReordered)?.reordered ?? 0;
      const knowsOptions = part.endpoint.hasOffer && peer.endpoint.hasOffer;
      const isIgnored = isUntaken(given);
      const against = objections([
        [corrupted > 0, `${countText(corrupted, 'segment')} did arrive, with a wrong checksum`],
        [arrived > 0, `${countText(arrived, 'first copy', 'first copies')} did reach the receiving host`],
        [isOfSize, 'only large segments are missing, which chance does not do'],
        [!hasSack && knowsOptions, 'no SACK in this connection: how many segments are missing cannot be seen'],
        [isIgnored, 'the server had not taken the connection: it may be the one that ignored the data'],
        [belated > 0, `${countText(belated, 'first copy', 'first copies')} did arrive, later than the repetition`],
        [overtaken > resends, `${countText(overtaken, 'segment')} did arrive, overtaken by others`],
        [isSilent && !isAtReceiver, 'the receiver does not report what it gets twice (net.ipv4.tcp_dsack = 0): late and lost look the same'],
        [isCutShort, `the capture ends before ${isAtReceiver ? 'a late first copy' : 'a D-SACK'} could have come for the last of them`],
        [!isAtReceiver, 'a receiving host that drops what has arrived looks the same from here'],
      ]);
      if (isOfSize || isIgnored || (isSilent && !isAtReceiver) || arrived + belated >= listed || corrupted >= resends)
        return { certainty: 'possible', because, against };
      return { certainty: unseen > 0 && !isCutShort ? 'certain' : 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_recovery', 'net.ipv4.tcp_reordering', 'net.ipv4.tcp_max_reordering', 'net.ipv4.tcp_congestion_control'],
  counters: ['TcpExtTCPSackRecovery', 'TcpExtTCPFastRetrans', 'TcpExtTCPRenoRecovery', 'TcpRetransSegs', 'TcpExtTCPSackFailures'],
  facts: [{ at: 'this end', quotes: ['TcpExtTCPSackRecovery', 'TcpExtTCPFastRetrans'] }],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPFastRetrans TcpExtTCPSackRecovery TcpRetransSegs TcpOutSegs',
      expect: 'on the sender: FastRetrans makes up most of RetransSegs, and RetransSegs to OutSegs is the loss rate',
    },
    { run: 'ss -tin dst PEER', expect: 'on the sender: retrans:…/n and lost, cwnd far below what the path could carry, ssthresh close to cwnd' },
    {
      run: 'tc -s qdisc; ip -s -s link; ethtool -S IF | grep -iE "drop|err|miss|discard"',
      expect: 'on both hosts, twice: the queue or interface whose counters rise',
    },
    { run: 'mtr -nT -P PORT -c 200 PEER', expect: 'the hop from which on all later hops lose packets; loss at one hop alone means nothing' },
  ],
  remedy: [
    'Find the hop that drops: interface errors (cable, optics, duplex), a full queue at a slower link, a policer or shaper.',
    'If a full queue drops, give the bottleneck a fair queue with a delay target (fq_codel, cake), or ECN.',
    'For long paths with random loss, BBR (net.ipv4.tcp_congestion_control = bbr) does not take each loss for congestion. It does not cure the loss.',
  ],
  avoid: [
    'Raising net.ipv4.tcp_reordering against losses: it delays each repair.',
    'Larger buffers (net.ipv4.tcp_rmem, net.ipv4.tcp_wmem): the congestion window is the limit, not the buffer.',
    'net.ipv4.tcp_sack = 0, as some security notes advised: several losses in a round trip then take several round trips or a timeout.',
  ],
  mimics: [
    { cause: 'reordering-spurious-retransmit', tell: 'there D-SACKs report that the segments had arrived after all' },
    { cause: 'sack-unavailable-slow-recovery', tell: 'the same losses without SACK: one repaired in each round trip' },
    { cause: 'bad-checksum-drop', tell: 'there a capture at the receiver shows the segment with a wrong checksum, and TcpInCsumErrors rises' },
    { cause: 'host-rx-queue-drop', tell: 'there the receiving host drops: its interface or softnet counters rise, those of the network do not' },
    { cause: 'socket-backlog-drop', tell: 'there the segment is in a capture at the receiver, and TcpExtTCPBacklogDrop rises' },
    { cause: 'pmtu-icmp-accepted', tell: 'there the repetitions are smaller than what was lost' },
    { cause: 'bufferbloat', tell: 'the queue that fills before it overflows: round trips grow until the loss' },
  ],
  sources: [
    'RFC 6675',
    'RFC 8985 section 6',
    'Documentation/networking/ip-sysctl.rst: tcp_recovery, tcp_reordering',
    'net/ipv4/tcp_input.c: tcp_fastretrans_alert, tcp_enter_recovery',
    'net/ipv4/tcp_recovery.c: tcp_rack_mark_lost',
  ],
  capture: 'transfer/two-percent-lost',
};

/** Those that hold. */
function objections(all: readonly (readonly [holds: boolean, clause: string])[]): string[] {
  return all.filter(([holds]) => holds).map(([, clause]) => clause);
}

/** What the receiver has to say about the last repetition takes a round trip, and as long its first copy may be late, not lost. */
function endsBeforeAnswer({ moments, endpoint }: Part, { story, peer }: Case): boolean {
  const last = moments.findLast(({ verdict }) => kindOf(verdict) === RESENT_FAST);
  return last !== undefined && peer.endpoint.lastTime - last.time < Math.max(story.roundTrip, endpoint.roundTrips.swollen);
}

function isRepair({ verdict }: Moment): boolean {
  return kindOf(verdict) === RESENT_FAST && !(verdict & SPURIOUS);
}

/** A repetition whose first copy was not captured. */
function isSecondSight(moment: Moment): boolean {
  return isRepair(moment) && moment.earlier === undefined;
}

function isSizeWhatMatters(given: Case, resends: number, dataSegments: number): boolean {
  const large = given.alsoShows(largeSegmentsLost);
  const onlyPiecesPassed = given.alsoShows(segmentsShrink)?.gotThrough === true;
  return (
    onlyPiecesPassed ||
    (large !== undefined && large.lost > large.passed) ||
    arrivesOnlySmall(given, resends, dataSegments) ||
    recutAt(given) !== undefined
  );
}

/** For: `unseen` first copies that the receiver's capture lacks, or the word of a receiver that would have reported them. */
function absenceOf(unseen: number, wouldBeReported: boolean): string[] {
  if (unseen > 0) return [`${countText(unseen, 'first copy', 'first copies')} never reached the receiving host`];
  return wouldBeReported ? ['no D-SACK came for them: the receiver had been without'] : [];
}
