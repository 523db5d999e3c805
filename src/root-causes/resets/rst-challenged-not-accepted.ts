import { countText } from '../../hosts/wording.js';
import { resetRefused } from '../../patterns/resets/reset-refused.js';
import { type Cause, explain } from '../cause.js';

export const rstChallengedNotAccepted: Cause = {
  id: 'rst-challenged-not-accepted',
  title: 'A reset whose sequence number is not exactly the next one: refused',
  where: 'this end',
  mechanism: `Since 3.6 (RFC 5961) tcp_validate_incoming() believes a reset only if its sequence number is exactly the next expected one, or the right
    edge of what was received behind a hole. Any other number inside the window gets a challenge ACK (tcp_send_challenge_ack()): a peer that really
    has no such connection answers that with a reset that fits, and the connection ends a round trip later. A number outside the window is ignored. So
    a reset that was guessed, or made from stale numbers, changes nothing.`,
  kernels: { since: '3.6' },
  explains: [
    explain(resetRefused, ({ resets, challenged, looksForeign }, { part, peer }) => {
      const because = [`the sequence number of ${countText(resets, 'reset')} was not the next one, and the connection went on`];
      if (challenged > 0) because.push(`${challenged} of them ${challenged === 1 ? 'was' : 'were'} answered with an ACK at once: a challenge`);
      const against: string[] = [];
      if (challenged < resets) against.push(`${resets - challenged} got no answer: outside the window, or beyond the limit for challenges`);
      const last = peer.resets.at(-1);
      const wasBelieved = last !== undefined && !part.endpoint.refusedResets.includes(last.frame);
      if (wasBelieved) against.push('a reset with the right number followed and ended it: the refusal cost no more than a round trip');
      else if (looksForeign) because.push('no reset with the right number followed: the peer knows nothing of it');
      return { certainty: challenged > 0 && !wasBelieved ? 'certain' : 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_challenge_ack_limit', 'net.ipv4.tcp_invalid_ratelimit'],
  counters: ['TcpExtTCPChallengeACK', 'TcpExtTCPACKSkippedChallenge'],
  dropReasons: ['TCP_RESET', 'TCP_INVALID_SEQUENCE'],
  facts: [{ proof: [['TcpExtTCPChallengeACK', 'TcpExtTCPACKSkippedChallenge']] }],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPChallengeACK TcpExtTCPSYNChallenge TcpEstabResets',
      expect: 'on the host that got the reset: ChallengeACK rises without SYNChallenge, and EstabResets does not',
    },
    { run: 'perf trace -e tcp:tcp_receive_reset', expect: 'on that host: silent for a refused reset, it tells only of those that are believed' },
    {
      run: "tcpdump -nvi any 'tcp[tcpflags] & tcp-rst != 0 and host PEER'",
      expect: 'on the alleged sender: if it does not show up there, somebody else has sent it',
    },
  ],
  remedy: [
    'Nothing on the host that refused it: it has protected the connection.',
    'Find out who sends such resets: TTL and IP ID tell. A firewall or load balancer that means to end connections must use the right number.',
    'When it is the peer after all (it had lost a FIN, or the connection), the reset after the challenge settles it.',
  ],
  avoid: [
    'A low net.ipv4.tcp_challenge_ack_limit: the limit that all connections shared (100 a second before 4.7) was the side channel of CVE-2016-5696.',
    'Waiting for a middlebox reset "with a number in the window" to close connections: it has not worked on Linux since 3.6.',
  ],
  mimics: [
    { cause: 'injected-rst', tell: 'who sent it: TTL or IP ID are not those of the peer' },
    { cause: 'syn-on-live-connection-challenged', tell: 'the same challenge, in answer to a SYN' },
    { cause: 'orphan-limit-reset', tell: 'there a reset one beyond the next number follows a FIN that was lost' },
  ],
  sources: [
    'RFC 5961 section 3.2',
    'Documentation/networking/ip-sysctl.rst: tcp_challenge_ack_limit',
    'net/ipv4/tcp_input.c: tcp_validate_incoming, tcp_reset_check, tcp_send_challenge_ack',
  ],
  capture: 'transfer/invalid-segments-challenged',
};
