import { countText, durationText } from '../../hosts/wording.js';
import { acksAnswerAcks } from '../../patterns/loss/acks-answer-acks.js';
import { packetsDuplicated } from '../../patterns/loss/packets-duplicated.js';
import { resetRefused } from '../../patterns/resets/reset-refused.js';
import { type Cause, explain } from '../cause.js';
import { unprovokedAcks } from '../clues/unprovoked-acks.js';

/** net.ipv4.tcp_invalid_ratelimit, nanoseconds. */
const LIMIT = 500e6;

export const outOfWindowDupackLoop: Cause = {
  id: 'out-of-window-dupack-loop',
  title: 'Segments outside the window are answered with duplicate ACKs, in the worst case for ever',
  where: 'the path',
  mechanism: `A segment outside the window is answered with an ACK that says what is expected (tcp_validate_incoming(), tcp_send_dupack()). If that
    ACK is unacceptable to the other end as well, it answers in the same way, and two ends that disagree about sequence numbers can go on for ever
    without exchanging a byte. Since 4.0 tcp_oow_rate_limited() lets one such answer to segments without data pass in 500 ms
    (net.ipv4.tcp_invalid_ratelimit), for each connection. Ends disagree when a box rewrites sequence numbers in one direction only, splices two
    connections, or somebody injects segments.`,
  explains: [
    explain(acksAnswerAcks, ({ acks, span }) => {
      const because = [`${acks} ACKs of both ends say the same for ${durationText(span)}, and none of them moves the other end`];
      if (span / acks > LIMIT / 4) because.push('they come no faster than net.ipv4.tcp_invalid_ratelimit lets them');
      return { certainty: 'likely', because };
    }),
    explain(packetsDuplicated, ({ copies, reported }, given) => {
      const unprovoked = unprovokedAcks(given);
      if (copies > 0 || unprovoked.length === 0) return undefined;
      const because = [
        `${countText(unprovoked.length, 'duplicate ACK')} came without SACK, in answer to something that the receiver did not accept`,
        `this end has sent none such, nor the ${countText(reported, 'segment')} that came twice, as far as captured`,
      ];
      return { certainty: 'possible', because, against: ['the segments that were answered are not in this capture'] };
    }),
    explain(resetRefused, ({ otherInvalid, looksForeign }) => {
      if (otherInvalid === 0) return undefined;
      const because = [
        `${countText(otherInvalid, 'segment')} acknowledged what had never been sent: the two ends do not agree on the sequence numbers`,
      ];
      return {
        certainty: 'possible',
        because,
        against: looksForeign ? ['TTL or IP ID of the reset are not those of the peer: it may all be injected'] : [],
      };
    }),
  ],
  sysctls: ['net.ipv4.tcp_invalid_ratelimit'],
  counters: ['TcpExtTCPACKSkippedSeq', 'TcpExtTCPACKSkippedPAWS', 'TcpExtTCPACKSkippedChallenge', 'TcpExtTCPChallengeACK', 'TcpInErrs'],
  dropReasons: ['TCP_INVALID_SEQUENCE', 'TCP_INVALID_END_SEQUENCE', 'TCP_OLD_SEQUENCE', 'TCP_ACK_UNSENT_DATA', 'TCP_TOO_OLD_ACK'],
  facts: [
    { at: 'this end', quotes: ['TcpExtTCPACKSkippedSeq', 'TcpExtTCPACKSkippedPAWS', 'TcpExtTCPACKSkippedChallenge'] },
    { at: 'the peer', quotes: ['TcpExtTCPACKSkippedSeq', 'TcpExtTCPACKSkippedPAWS', 'TcpExtTCPACKSkippedChallenge'] },
  ],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPACKSkippedSeq TcpExtTCPChallengeACK TcpInErrs',
      expect: 'on either end: ACKSkippedSeq rises by what the limit holds back, InErrs by ACKs of what was never sent',
    },
    {
      run: "tcpdump -nSi any 'host PEER and port PORT'",
      expect: 'at both ends: compare the sequence numbers (-S) of one segment. If they differ by a constant, a box rewrites them',
    },
    {
      run: "perf trace -e skb:kfree_skb --filter 'reason > 2'",
      expect: 'TCP_INVALID_SEQUENCE, TCP_OLD_SEQUENCE or TCP_ACK_UNSENT_DATA for that connection',
    },
  ],
  remedy: [
    'Find the box that rewrites sequence numbers (firewall, load balancer, transparent proxy), and see that both directions pass it.',
    'End the connection: it cannot recover. Keep-alive or a timeout of the application does that by itself.',
  ],
  avoid: ['net.ipv4.tcp_invalid_ratelimit = 0: it takes the brake off such loops, which then run as fast as the round trip allows.'],
  mimics: [
    { cause: 'network-duplicates', tell: 'there every surplus ACK carries a D-SACK' },
    { cause: 'paws-segment-drop', tell: 'there the numbers are right and the timestamp is old' },
    { cause: 'keepalive-probes-answered', tell: 'there one end asks at a constant interval, with the number before the next one' },
    { cause: 'rst-challenged-not-accepted', tell: 'there what is answered is a reset' },
  ],
  sources: [
    'RFC 9293 section 3.10.7.4',
    'Documentation/networking/ip-sysctl.rst: tcp_invalid_ratelimit',
    'net/ipv4/tcp_input.c: tcp_validate_incoming, tcp_send_dupack, tcp_oow_rate_limited',
  ],
  capture: 'transfer/duplicate-acks-answer-one-another',
};
