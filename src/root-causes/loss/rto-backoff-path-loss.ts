import type { Moment } from '../../flow/timeline.js';
import { kindOf, RESENT_TIMEOUT } from '../../flow/verdict.js';
import { countText, durationText, timesText } from '../../hosts/wording.js';
import { finRepeated } from '../../patterns/closing/fin-repeated.js';
import { finUnacknowledged } from '../../patterns/closing/fin-unacknowledged.js';
import { retransmissionTimeout, waitText } from '../../patterns/loss/retransmission-timeout.js';
import { tailProbed } from '../../patterns/loss/tail-probed.js';
import { icmpAboutOpenConnection } from '../../patterns/path/icmp-about-open-connection.js';
import { largeSegmentsLost } from '../../patterns/path/large-segments-lost.js';
import { resetForm } from '../../patterns/story.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { isRejectedByPeer } from '../clues/icmp-source.js';
import { hasProbedFirst, isTooLate } from '../clues/probes.js';
import { isDisturbed, isOfSyn, isUntaken, sentBefore, surrenderOf } from '../clues/resends.js';
import { damagedBefore } from '../clues/unheard.js';

export const rtoBackoffPathLoss: Cause = {
  id: 'rto-backoff-path-loss',
  title: 'Data lost, sent again by the retransmission timer with doubled waits',
  where: 'the path',
  mechanism: `Nothing acknowledged the data before the retransmission timer ran out, so tcp_retransmit_timer() calls tcp_enter_loss(): the congestion
    window falls to one segment and the first unacknowledged one is sent again, after twice the wait each time, up to 120 s. The first wait is the
    smoothed round trip plus four times its variation, and Linux never lets the latter fall below 200 ms: a loss that fast retransmit cannot see costs
    at least that much on the shortest path. Where one more repetition comes before the doubling starts, it is a tail loss probe, which does not count
    as a timeout.`,
  explains: [
    explain(retransmissionTimeout, (evidence, given) => {
      const { resends, needless, behindLoss, listed, recovered, peerWasHeard, endedByReset } = evidence;
      const { alsoShows, story, part, peer } = given;
      if (needless >= resends || isNoMatterOfThePath(listed, given)) return undefined;
      if (wereDenied(listed, given)) return answeredByResets(given);
      const isIgnored = isUntaken(given);
      const arrived = arrivedHere(given);
      if (arrived >= listed) return beyondHere(arrived, isIgnored);
      const because = [fired(evidence)];
      if (hasProbedFirst(part)) because.push('a probe of the tail came before the timer and brought no answer either');
      because.push(...outcome(recovered, peerWasHeard || endedByReset));
      const errors = alsoShows(icmpAboutOpenConnection)?.errors ?? 0;
      because.push(...reported(errors));
      const against: string[] = [];
      const isOver = !recovered && surrenderOf(given)?.proof !== undefined;
      if (isOver) against.push('it was given up in the end: that tells more than why it had to repeat');
      if (errors === 0) against.push(...blindSpot(recovered, given));
      because.push(...alongWith(behindLoss));
      if (needless > behindLoss) against.push(`${needless - behindLoss} of the repetitions proved needless: answers were lost or late as well`);
      const large = alsoShows(largeSegmentsLost);
      against.push(...onlyLarge(large));
      if (arrived > 0) against.push(`${countText(arrived, 'earlier copy', 'earlier copies')} did reach the receiving host, where this was captured`);
      if (isIgnored) against.push(IGNORED);
      if (story.isAt(peer) && arrived === 0) because.push(NEVER_CAME);
      if (isIgnored || isOver || arrived > 0 || against.length > 1 || story.flow.hasCutOptions) return { certainty: 'possible', because, against };
      return { certainty: against.length === 0 && large === undefined ? 'certain' : 'likely', because, against };
    }),
    explain(tailProbed, ({ needless, longest }, given) => {
      if (needless === 0 && longest === 0 && given.story.isAt(given.peer)) return { certainty: 'likely', because: [NEVER_CAME] };
      if (needless > 0 || !isTooLate(longest, given) || isDisturbed(given)) return undefined;
      const because = [`the last segment was sent again after ${durationText(longest)}: a probe of the tail would have come long before`];
      return { certainty: 'likely', because };
    }),
    explain(finRepeated, ({ fins, span, isLast, wasAcknowledged, wasLate }, given) => {
      if (isLast || wasAcknowledged || wasLate || damagedBefore(given.part.fins, given).length > 0) return undefined;
      const because = [`the FIN was sent ${timesText(fins)} within ${durationText(span)}: the first or its acknowledgment was lost`];
      return { certainty: 'likely', because };
    }),
    explain(finUnacknowledged, ({ fins, span }, { story, peer }) => {
      if (story.isAt(peer)) return undefined; // the FIN has arrived
      const against = ['whether the path or the other host is dead cannot be told from here'];
      return { certainty: 'possible', because: [`${fins} FINs within ${durationText(span)}, and not one sign of the other end`], against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_retries2', 'net.ipv4.tcp_rto_min_us', 'net.ipv4.tcp_rto_max_ms', 'net.ipv4.tcp_thin_linear_timeouts'],
  counters: ['TcpRetransSegs', 'TcpExtTCPTimeouts', 'TcpExtTCPLostRetransmit', 'TcpExtTCPSlowStartRetrans', 'TcpExtTcpTimeoutRehash'],
  facts: [{ at: 'this end', quotes: ['TcpExtTCPTimeouts'] }],
  confirm: [
    { run: 'ss -tino dst PEER', expect: 'on the sender, while it lasts: timer:(on,…,n), backoff:n, unacked above 0 and retrans:1/n growing' },
    { run: 'nstat -n; sleep 10; nstat -z TcpExtTCPTimeouts TcpRetransSegs', expect: 'on the sender: both rise, one timeout for each doubled wait' },
    { run: 'perf trace -e tcp:tcp_retransmit_skb', expect: 'on the sender: each repetition with its connection, in the state ESTABLISHED' },
    { run: "tcpdump -ni any 'host PEER and port PORT'", expect: 'on both hosts at once: the segment leaves one and does not show up at the other' },
  ],
  remedy: [
    'Find where it is lost: captures on both sides of each suspect (link, switch, tunnel, firewall, host), and the drop counters of its interfaces.',
    'Let the application notice early: TCP_USER_TIMEOUT on its sockets, or timeouts and heartbeats of its own.',
    'On a path inside one data centre, a smaller minimum helps: ip route change … rto_min 20ms, or net.ipv4.tcp_rto_min_us since 6.11.',
  ],
  avoid: [
    'net.ipv4.tcp_retries2 = 5 for the whole host: it ends every connection after some 13 s of outage and repairs nothing.',
    'A smaller rto_min for all routes: peers delay their ACKs by 40 ms and more, so that timers fire for data that has arrived.',
  ],
  mimics: [
    { cause: 'ack-path-loss', tell: 'there the data has arrived: D-SACKs come, and the ACKs are in a capture at the receiver' },
    { cause: 'spurious-rto-delay-spike', tell: 'there the answers echo the first copy: it was late, not lost' },
    { cause: 'pmtu-blackhole', tell: 'there only segments above a certain size are missing, each time' },
    { cause: 'middlebox-idle-expiry', tell: 'there it starts with the first segment after a long pause, and new connections work' },
    { cause: 'accept-queue-overflow-ack-ignored', tell: 'there the server goes on repeating its SYN-ACK' },
    { cause: 'tail-loss-probe', tell: 'one repetition of the last segment, before any timeout' },
  ],
  sources: [
    'RFC 6298 sections 2 and 5',
    'Documentation/networking/ip-sysctl.rst: tcp_retries2, tcp_rto_min_us, tcp_rto_max_ms',
    'net/ipv4/tcp_timer.c: tcp_retransmit_timer',
    'net/ipv4/tcp_input.c: tcp_enter_loss, __tcp_set_rto',
  ],
  capture: 'transfer/tail-lost-repaired-by-timeout',
};

const IGNORED = 'the server had not taken the connection: it may be the one that ignored the data';

/** Nothing was lost, or not of an open connection, or the receiving host has thrown away what came. */
function isNoMatterOfThePath(listed: number, given: Case): boolean {
  return isDisturbed(given) || isOfSyn(given) || isRejectedByPeer(given) || damagedBefore(given.part.moments, given).length >= listed;
}

/** Copies that a capture at the receiver shows to have arrived; what comes after its reset met no socket. */
function arrivedHere({ story, part, peer }: Case): number {
  if (!story.isAt(peer)) return 0;
  const gone = peer.resets[0]?.frame ?? Number.POSITIVE_INFINITY;
  return sentBefore(part, RESENT_TIMEOUT).filter(({ frame }) => frame < gone).length;
}

/** Every copy came as far as the point of capture. */
function beyondHere(arrived: number, isIgnored: boolean): Weight {
  const against = [
    `${countText(arrived, 'earlier copy', 'earlier copies')} did reach this point, near the receiver or on it`,
    'the path before it is not to blame',
  ];
  if (isIgnored) against.push(IGNORED);
  return { certainty: 'possible', because: ['what comes after the point of capture can lose it'], against };
}
const SAME_FROM_HERE = 'a receiving host that drops what has arrived looks the same from here';

/** All of them were sent again by the timer although their receiver had answered that it does not know the connection. */
function wereDenied(listed: number, { part, peer }: Case): boolean {
  const answers = peer.resets.filter((reset) => resetForm(reset, peer) === 'answer');
  const isDenied = ({ earlier, frame }: Moment): boolean => answers.some((reset) => reset.frame > (earlier?.frame ?? 0) && reset.frame < frame);
  const denied = part.moments.filter((moment) => kindOf(moment.verdict) === RESENT_TIMEOUT && isDenied(moment)).length;
  return denied > 0 && denied >= listed;
}

function answeredByResets({ story, part }: Case): Weight {
  const because = ['the other end has no socket and answers with resets, which do not get back to the one that repeats'];
  return { certainty: 'possible', because, against: story.isAt(part) ? ['the resets did reach the sending host'] : [] };
}

function reported(errors: number): string[] {
  return errors > 0 ? [`${countText(errors, 'ICMP error')} on the path said that it does not get through`] : [];
}

/** What cannot be seen but at the receiver. */
function blindSpot(recovered: boolean, { story, peer }: Case): string[] {
  if (story.isAt(peer)) return [];
  if (story.flow.hasCutOptions) return ['whether a D-SACK or a timestamp says that it was needless was cut off', SAME_FROM_HERE];
  if (recovered) return [SAME_FROM_HERE];
  const unplaced = story.vantage === 'unknown' ? ['where this was captured is not known: all of it may have arrived'] : [];
  return ['whether the path or the other host is dead cannot be told from here', ...unplaced];
}

const NEVER_CAME = 'the capture was made at the receiver, and the first copy never got there';

function fired(evidence: { resends: number; longest: number; isHidden: boolean; silence: number }): string {
  const { resends, longest, isHidden } = evidence;
  const isSeen = longest > 0 && !isHidden;
  if (resends > 1) return `sent again ${resends} times by the timer, ${isSeen ? 'with' : 'after'} ${waitText(evidence)}`;
  return `the timer fired after ${isSeen ? durationText(longest) : waitText(evidence)}, and nothing had asked for the segment`;
}

function alongWith(behindLoss: number): string[] {
  return behindLoss === 0 ? [] : [`${behindLoss} of them only because they came behind it: without SACK the sender cannot know that they arrived`];
}

function outcome(recovered: boolean, peerWasHeard: boolean): string[] {
  if (recovered) return ['the repetitions got through in the end'];
  return peerWasHeard ? [] : ['nothing came from the peer any more: no duplicate ACK, no reset'];
}

function onlyLarge(large: { lost: number; passed: number } | undefined): string[] {
  if (large === undefined || large.lost <= large.passed) return [];
  return [`only segments of ${large.lost} bytes are missing, ${large.passed} bytes passed`];
}
