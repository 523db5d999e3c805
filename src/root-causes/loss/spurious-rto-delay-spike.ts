import { durationText, timesText } from '../../hosts/wording.js';
import { finRepeated } from '../../patterns/closing/fin-repeated.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { resentNeedlessly } from '../../patterns/loss/resent-needlessly.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { tailProbed } from '../../patterns/loss/tail-probed.js';
import { queueGrowing } from '../../patterns/path/queue-growing.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { isTooLate } from '../clues/probes.js';
import { bunchedUp, delayOf, isDisturbed, isProbe, missingOf, wasAnsweredLate } from '../clues/resends.js';
import { unheardAcks } from '../clues/unheard.js';

/** Nanoseconds: no timer of a FIN fires sooner on a path of any length. */
const SOONEST_PROBE = 10e6;

export const spuriousRtoDelaySpike: Cause = {
  id: 'spurious-rto-delay-spike',
  title: 'The timer fired for data that was only late',
  where: 'the path',
  mechanism: `The round trip suddenly grew beyond the retransmission timeout, which leaves 200 ms of room or four times the usual variation: a queue
    filled up, a radio link paused, a route changed, a virtual machine was not scheduled. tcp_retransmit_timer() sends again what is still on its way.
    Then tcp_ack() meets an answer that echoes a timestamp older than the repetition (Eifel), tcp_process_loss() one for data that was never repeated
    (F-RTO), or a D-SACK reports that bytes came twice: tcp_try_undo_loss() gives the congestion window back, and the transfer goes on as if nothing
    had been.`,
  explains: [
    explain(resentNeedlessly, ({ timeout, behindLoss }, given) => (timeout <= behindLoss ? undefined : weigh(timeout - behindLoss, given))),
    explain(retransmissionTimeout, ({ resends, needless }, given) => (needless < resends ? undefined : weigh(needless, given))),
    explain(tailProbed, ({ needless, longest }, given) => (needless === 0 || !isTooLate(longest, given) ? undefined : weigh(needless, given))),
    explain(finRepeated, ({ fins, span, isLast, wasLate }) => {
      if (!wasLate || isLast) return undefined;
      const because = [`the FIN was sent ${timesText(fins)} within ${durationText(span)}, while the acknowledgment of the first was on its way`];
      return { certainty: span < SOONEST_PROBE ? 'possible' : 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_frto', 'net.ipv4.tcp_timestamps', 'net.ipv4.tcp_dsack', 'net.ipv4.tcp_rto_min_us'],
  counters: ['TcpExtTCPSpuriousRTOs', 'TcpExtTCPLossUndo', 'TcpExtTCPTimeouts', 'TcpExtTCPDSACKRecv'],
  facts: [{ at: 'this end', shows: ['TcpExtTCPSpuriousRTOs'], quotes: ['TcpExtTCPLossUndo'] }],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPTimeouts TcpExtTCPSpuriousRTOs TcpExtTCPLossUndo TcpExtTCPDSACKRecv',
      expect: 'on the sender: SpuriousRTOs or LossUndo rises along with Timeouts',
    },
    { run: 'ss -tin dst PEER', expect: 'on the sender: rtt:a/b with a variation b of the same size as the round trip a, minrtt far below' },
    { run: 'ping -D -i 0.2 PEER', expect: 'during the trouble: single round trips of hundreds of ms among short ones, without loss' },
    { run: 'vmstat 1', expect: 'on both hosts, if they are virtual: st above 0 while it happens, the host was waiting for a CPU' },
  ],
  remedy: [
    'Find what holds packets up: a queue without a delay target (fq_codel or cake cure it), a radio link, an overloaded hypervisor.',
    'Where such pauses belong to the path, a longer minimum for that route alone: ip route change … rto_min 400ms.',
    'Keep net.ipv4.tcp_timestamps, net.ipv4.tcp_dsack and net.ipv4.tcp_frto on, as they are by default: they undo the damage.',
  ],
  avoid: [
    'net.ipv4.tcp_frto = 0, or hunting for its variants 1 and 2 in old guides: since 3.10 there is only on and off, and tcp_frto_response is gone.',
    'Counting these timeouts as losses: the path has delivered everything.',
  ],
  mimics: [
    { cause: 'ack-path-loss', tell: 'there the data came in time and its ACKs never came back' },
    { cause: 'rto-backoff-path-loss', tell: 'there the answer echoes the repetition: the first copy was lost' },
    { cause: 'reordering-spurious-retransmit', tell: 'there duplicate ACKs caused it, within a round trip' },
    { cause: 'bufferbloat', tell: 'the queue behind it, when round trips grow with the load' },
  ],
  sources: [
    'RFC 5682',
    'RFC 3522',
    'RFC 4015',
    'Documentation/networking/ip-sysctl.rst: tcp_frto',
    'net/ipv4/tcp_input.c: tcp_process_loss, tcp_try_undo_loss',
  ],
  capture: 'transfer/delay-spike-so-timeout-resends-needlessly',
};

function weigh(needless: number, given: Case): Weight | undefined {
  const { story, part, peer, alsoShows } = given;
  if (isDisturbed(given) || isProbe(given) || unheardAcks(story, part).length > 0) return undefined;
  const because = [`${needless === 1 ? 'what was sent again had' : `the ${needless} repetitions were of bytes that had`} arrived`];
  const against: string[] = [];
  if (alsoShows(queueGrowing) !== undefined) because.push('round trips were growing: a queue on the path was filling');
  const isReported = part.endpoint.arrivedTwice > 0;
  if (!isReported) against.push(`no D-SACK says so, only the order of ${part.endpoint.hasTimestamps ? 'timestamps' : 'acknowledgments'}`);
  const delay = delayOf(given);
  if (delay !== undefined && delay > 0) {
    because.push(`by their own timestamps, segments took up to ${durationText(delay)} longer than the quickest one`);
    return { certainty: isReported ? 'certain' : 'likely', because, against };
  }
  const bunched = bunchedUp(given);
  if (bunched !== undefined) {
    because.push(`it came ${durationText(bunched)} after the first copy, sooner than a timer fires: the first had been held up`);
    return { certainty: 'likely', because, against };
  }
  if (story.isAt(peer)) return atReceiver(because, delay === 0, part.endpoint.resentAfterAck);
  return byTheAcks(because, against, delay, given);
}

/** At the sender or between the ends: the IP IDs of the receiver tell whether its ACKs came. */
function byTheAcks(because: string[], against: string[], delay: number | undefined, given: Case): Weight {
  const { story, part, peer } = given;
  const missing = missingOf(given, peer, part);
  if (missing === 0 && story.isAt(part)) {
    because.push('the IP IDs of the receiver have no gap: not one of its ACKs was lost');
    if (hasLost(given)) against.push('other segments of this connection were dropped: what drops them can hold up this one as well');
    return { certainty: against.length === 0 ? 'certain' : 'likely', because, against };
  }
  if (wasAnsweredLate(given)) {
    because.push('the first acknowledgment after it answers the first copy and reports nothing as received twice: one of them came late');
    return { certainty: 'likely', because, against };
  }
  if (delay === 0) against.push('no segment in this capture was held up, as their timestamps say');
  if (missing !== undefined && missing > 0) against.push(`${missing} segments of the receiver never came here: ACKs were lost`);
  return { certainty: against.length > 0 || missing === undefined ? 'possible' : 'likely', because, against };
}

/** The data was there in time as far as anybody can tell, so that it was the way back: an ACK that is late cannot be told from a lost one. */
function atReceiver(because: string[], isInTime: boolean, acknowledgedBefore: number): Weight {
  if (isInTime && acknowledgedBefore > 0) because.push('its ACK had left the receiver long before: the sender did not have it in time');
  return { certainty: 'possible', because, against: ['whether the ACKs were late or lost cannot be seen at the receiver'] };
}

/** Something in this connection did not get through, or was thrown away by the receiver. */
function hasLost({ alsoShows, part }: Case): boolean {
  const timeouts = alsoShows(retransmissionTimeout);
  return alsoShows(lossRepaired) !== undefined || (timeouts !== undefined && timeouts.needless < timeouts.resends) || part.endpoint.takenBack > 0;
}
