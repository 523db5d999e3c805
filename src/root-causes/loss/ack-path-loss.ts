import { countText, durationText, timesText } from '../../hosts/wording.js';
import { finRepeated } from '../../patterns/closing/fin-repeated.js';
import { resentNeedlessly } from '../../patterns/loss/resent-needlessly.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { tailProbed } from '../../patterns/loss/tail-probed.js';
import { zeroWindow } from '../../patterns/pace/zero-window.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { isTooLate } from '../clues/probes.js';
import { bunchedUp, delayOf, isDisturbed, isProbe, missingOf, wasAnsweredLate } from '../clues/resends.js';
import { unheardAcks } from '../clues/unheard.js';

export const ackPathLoss: Cause = {
  id: 'ack-path-loss',
  title: 'The data arrived, its acknowledgments did not',
  where: 'the path',
  mechanism: `A single lost ACK costs nothing, because the next one covers it. When every ACK of a round trip is lost, or the last one before a pause,
    the sender cannot tell that from lost data: its timer fires and tcp_retransmit_timer() repeats what the receiver has long had. The receiver
    answers each copy at once with a D-SACK (tcp_send_dupack(), tcp_dsack_set()), and the first answer that gets through ends the stall:
    tcp_try_undo_loss() gives the congestion window back. The fault lies in the other direction than the retransmissions suggest.`,
  explains: [
    explain(resentNeedlessly, ({ timeout, behindLoss, acknowledgedBefore }, given) =>
      timeout <= behindLoss ? undefined : weigh(timeout - behindLoss, acknowledgedBefore, given),
    ),
    explain(retransmissionTimeout, ({ resends, needless }, given) =>
      needless < resends ? undefined : weigh(needless, given.part.endpoint.resentAfterAck, given),
    ),
    explain(tailProbed, ({ needless, longest }, given) =>
      needless === 0 || !isTooLate(longest, given) ? undefined : weigh(needless, given.part.endpoint.resentAfterAck, given),
    ),
    explain(zeroWindow, ({ missed, unaware, unawareFor }) => {
      const asked = `${countText(unaware, 'probe')} asked for up to ${durationText(unawareFor)} after the window had been opened: neither that news nor an answer had come through`;
      if (unaware > 0) return { certainty: 'certain', because: [asked] };
      const lost = `${countText(missed, 'probe')} had no answer, though the one before was more than half a second old: it, or the answer, was lost`;
      return missed > 0 ? { certainty: 'possible', because: [lost] } : undefined;
    }),
    explain(finRepeated, ({ fins, isLast, wasAcknowledged }, { story, part }) => {
      if (isLast || !wasAcknowledged || story.isAt(part)) return undefined;
      return { certainty: 'likely', because: [`the FIN was sent ${timesText(fins)}, although its acknowledgment had passed the point of capture`] };
    }),
  ],
  sysctls: ['net.ipv4.tcp_dsack', 'net.ipv4.tcp_timestamps'],
  counters: ['TcpExtTCPDSACKOldSent', 'TcpExtTCPDSACKRecv', 'TcpExtTCPTimeouts', 'TcpExtTCPLossUndo'],
  facts: [
    { at: 'this end', quotes: ['TcpExtTCPLossUndo', 'TcpExtTCPDSACKRecv'] },
    { at: 'the peer', quotes: ['TcpExtTCPDSACKOldSent'] },
  ],
  confirm: [
    { run: "tcpdump -ni any 'host PEER and port PORT'", expect: 'on both hosts at once: ACKs leave the receiver and do not show up at the sender' },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPDSACKOldSent TcpInSegs',
      expect: 'on the receiver: DSACKOldSent rises by one for each repetition on the sender',
    },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPTimeouts TcpExtTCPLossUndo TcpExtTCPDSACKRecv',
      expect: 'on the sender: Timeouts rises, and so does LossUndo or DSACKRecv',
    },
    {
      run: 'tc -s qdisc show dev IF; ethtool -S IF | grep -iE "drop|err"',
      expect: 'on the receiver and along the way back: drops on the side that sends the ACKs',
    },
  ],
  remedy: [
    'Look at the path from the receiver to the sender: its uplink, its queues, its firewall. It may be another way than the data takes.',
    'On a slow uplink that uploads fill, give ACKs a chance: a fair queue (fq_codel, cake) instead of one FIFO.',
    'If a firewall drops ACKs as "invalid", it does not see both directions: let it see them, or exempt this traffic.',
  ],
  avoid: [
    'Searching the direction of the data for losses: every byte has arrived.',
    'net.ipv4.tcp_dsack = 0: it hides the proof, and the sender cannot undo its mistake.',
  ],
  mimics: [
    { cause: 'spurious-rto-delay-spike', tell: 'there data or ACKs were late, and all of them come in the end' },
    { cause: 'rto-backoff-path-loss', tell: 'there the data is missing at the receiver, and no D-SACK comes' },
    { cause: 'network-duplicates', tell: 'there the sender repeated nothing' },
  ],
  sources: ['RFC 2883 section 4', 'RFC 6298 section 5', 'net/ipv4/tcp_input.c: tcp_send_dupack, tcp_dsack_set, tcp_try_undo_loss'],
  capture: 'transfer/acks-lost-so-resent-needlessly',
};

function weigh(needless: number, acknowledgedBefore: number, given: Case): Weight | undefined {
  if (isDisturbed(given) || isProbe(given) || unheardAcks(given.story, given.part).length > 0) return undefined;
  const delay = delayOf(given);
  const because = [`${needless === 1 ? 'what was sent again had' : `the ${needless} repetitions were of bytes that had`} arrived`];
  const late =
    delay !== undefined && delay > 0 ? [`segments took up to ${durationText(delay)} longer than the quickest one: lateness alone explains it`] : [];
  if (!given.story.isAt(given.peer)) return elsewhere(because, late, given);
  if (acknowledgedBefore === 0 || bunchedUp(given) !== undefined) return undefined;
  const before = Math.min(acknowledgedBefore, needless);
  because.push(`the ACK for ${before === 1 ? 'it' : `${before} of them`} had left the receiver, where this was captured, before the copy came`);
  if (delay === 0) because.push('the data had not been held up: its timestamps and its arrival agree');
  const against = [...late, 'at the receiver a lost ACK and a late one look alike'];
  if (needless === 1) against.push('one pause of the way back explains it as well, and no ACK need be lost for that');
  return { certainty: 'possible', because, against };
}

/** Not captured at the receiver: what it sent and what came of it can only be compared by its IP IDs. */
function elsewhere(because: readonly string[], late: readonly string[], given: Case): Weight | undefined {
  const { story, part, peer } = given;
  const missing = missingOf(given, peer, part);
  if (missing === 0 && story.isAt(part)) return undefined; // every ACK has come
  if (missing === undefined || missing === 0) {
    if (wasAnsweredLate(given)) return undefined;
    const against = [...late, `${story.isAt(part) ? 'at the sender' : 'here'} a lost ACK and a late one look alike`];
    return { certainty: 'possible', because, against };
  }
  const jump = `the IP IDs of the receiver jump: ${countText(missing, 'segment')} of it never came here`;
  return { certainty: late.length > 0 ? 'possible' : 'likely', because: [...because, jump], against: late };
}
