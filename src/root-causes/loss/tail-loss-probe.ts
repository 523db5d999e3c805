import { durationText } from '../../hosts/wording.js';
import { resentNeedlessly } from '../../patterns/loss/resent-needlessly.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { tailProbed } from '../../patterns/loss/tail-probed.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { hasProbedFirst, isTooLate, wasRepairedByProbe } from '../clues/probes.js';
import { isDisturbed, isProbe, isUntaken } from '../clues/resends.js';
import { is } from '../testimony/sign.js';

/** Nanoseconds: two ticks of the fastest clock that kernels are built with. */
const SHORTEST_PROBE = 1.5e6;
/** Nanoseconds: no retransmission timeout of Linux is shorter, unless somebody has set it so. */
const SHORTEST_TIMEOUT = 190e6;

export const tailLossProbe: Cause = {
  id: 'tail-loss-probe',
  title: 'Tail loss probe: the last segment sent again before the timer fires',
  where: 'this end',
  mechanism: `When the last segments of a burst get lost, nothing behind them can make the receiver ask for them, and only the timer would help. So
    tcp_schedule_loss_probe() sets a shorter one, two smoothed round trips (plus 200 ms when a single segment is out, whose ACK may be delayed), and
    tcp_send_loss_probe() sends new data or the last segment once more. What comes back tells the rest: an ACK if that was all, SACKs that start a
    fast recovery if more is missing, or D-SACK if nothing was. There is one probe for a flight; it needs SACK, and it does not double the timer.`,
  kernels: { since: '3.10' },
  explains: [
    explain(tailProbed, ({ probes, needless, longest }, given) => {
      const { part, peer, story } = given;
      const { roundTrip } = story;
      const isBunched = longest < shortestAsSeen(given);
      if (isBunched && needless === probes && story.isAt(peer)) return bunched(longest);
      if (isBunched || isTooLate(longest, given)) return undefined; // a copy, or a timeout
      const because = [`the last segment was sent again after ${durationText(longest)}, with no sign of a loss before`];
      const isEarly = longest < SHORTEST_TIMEOUT;
      const isUndoubled = hasProbedFirst(part);
      if (isEarly) because.push('that is earlier than a retransmission timeout can be');
      else if (isUndoubled) because.push('the wait after it was not twice as long: it did not count as a timeout');
      if (roundTrip > 0 && longest < roundTrip * 2 + 320e6)
        because.push(`it fits two round trips of ${durationText(roundTrip)}${isEarly ? '' : ' and 200 ms for a delayed ACK'}`);
      if (needless > 0)
        because.push(`D-SACK or the timestamps say that ${needless === probes ? 'the segment' : `${needless} of ${probes}`} had arrived before`);
      const against: string[] = [];
      if (!isEarly && !isUndoubled) against.push('with a single segment out, the first timeout comes after about the same wait');
      const isIgnored = isUntaken(given);
      if (isIgnored) against.push('the server had not taken the connection: no probe could help');
      const wasRepaired = wasRepairedByProbe(part);
      if (!wasRepaired) against.push('it did not help: what was missing was not acknowledged before the timer repeated it');
      return { certainty: (isEarly || isUndoubled) && needless === 0 && wasRepaired && !isIgnored ? 'certain' : 'likely', because, against };
    }),
    explain(retransmissionTimeout, ({ resends, needless, longest }, given) => (needless < resends ? undefined : tooEarly(longest, given))),
    explain(resentNeedlessly, ({ timeout }, given) =>
      timeout === 0 ? undefined : tooEarly(given.alsoShows(retransmissionTimeout)?.longest ?? 0, given),
    ),
  ],
  sysctls: ['net.ipv4.tcp_early_retrans', 'net.ipv4.tcp_sack'],
  counters: ['TcpExtTCPLossProbes', 'TcpExtTCPLossProbeRecovery', 'TcpRetransSegs'],
  facts: [{ needs: { 'net.ipv4.tcp_early_retrans': is('3', '4') }, proof: ['TcpExtTCPLossProbes'] }],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPLossProbes TcpExtTCPLossProbeRecovery TcpExtTCPTimeouts',
      expect: 'on the sender: LossProbes rises with each probe, LossProbeRecovery where it repaired the tail; Timeouts does not move for it',
    },
    { run: 'sysctl net.ipv4.tcp_early_retrans', expect: '= 3, the default; with 0 there are no probes' },
  ],
  remedy: [
    'Nothing on the sender: the probe has saved a timeout. When it was needless, the receiver had only delayed its ACK.',
    'When tails get lost often, look for the loss: a queue that drops the end of bursts, a policer, a bad link.',
  ],
  avoid: ['net.ipv4.tcp_early_retrans = 0 against "needless retransmissions": every lost tail then costs a timeout and a window of one segment.'],
  mimics: [
    { cause: 'rto-backoff-path-loss', tell: 'there the wait doubles each time, and TcpExtTCPTimeouts rises' },
    { cause: 'sack-fast-recovery-loss', tell: 'there SACKs or duplicate ACKs had asked for the segment' },
    { cause: 'ack-path-loss', tell: 'a needless probe whose ACK had left the receiver long before' },
  ],
  sources: [
    'RFC 8985 section 7',
    'Documentation/networking/ip-sysctl.rst: tcp_early_retrans',
    'net/ipv4/tcp_output.c: tcp_schedule_loss_probe, tcp_send_loss_probe',
    'net/ipv4/tcp_input.c: tcp_process_tlp_ack',
  ],
  capture: 'transfer/tail-lost-repaired-by-probe',
};

/** What comes sooner is no probe of an undisturbed path; at the receiver both copies may have been held up. */
function shortestAsSeen({ story, peer }: Case): number {
  return Math.max(SHORTEST_PROBE, story.isAt(peer) ? story.roundTrip : 0);
}

/** Captured at the receiver, with another IP ID than the first copy, or it would not be taken for a repetition. */
function bunched(wait: number): Weight {
  const because = [
    'the last segment of a flight was sent again, with no sign of a loss before',
    `both copies arrived, within ${durationText(wait)}: they had been held up together`,
  ];
  return { certainty: 'likely', because };
}

function tooEarly(longest: number, given: Case): Weight | undefined {
  if (!isProbe(given) || isDisturbed(given) || (longest > 0 && longest < Math.max(SHORTEST_PROBE, given.story.roundTrip))) return undefined;
  const because = [
    `sent again ${longest > 0 ? `after ${durationText(longest)}, ` : ''}earlier than a retransmission timeout can be, with no sign of a loss before`,
  ];
  because.push('the receiver had the bytes: its ACK was only delayed, as it may be for 40 ms and more');
  return { certainty: 'likely', because };
}
