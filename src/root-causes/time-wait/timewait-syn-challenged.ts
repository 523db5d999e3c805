import { SECOND, TIME_WAIT_LENGTH } from '../../flow/timers.js';
import { connectionRefused } from '../../patterns/connecting/connection-refused.js';
import { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import { type Cause, explain } from '../cause.js';
import { miniSocketAnswered, oldConnectionOf } from '../clues/old-connection.js';

/** TCP_TIMEWAIT_LEN, with a second for the timer; nanoseconds. */
const LENGTH = TIME_WAIT_LENGTH + SECOND;

export const timewaitSynChallenged: Cause = {
  id: 'timewait-syn-challenged',
  title: 'SYN meets the TIME_WAIT of an old connection and gets its last ACK',
  where: 'this end',
  mechanism: `The server closed the old connection between these two ports first and keeps its numbers in TIME_WAIT for 60 s.
    tcp_timewait_state_process() lets a new SYN through only if its sequence number lies beyond the last one received, or if its timestamp is
    newer, and if somebody still listens. Any other SYN could be an old duplicate, so the mini-socket repeats its last ACK (TCP_TW_ACK, at most one per
    net.ipv4.tcp_invalid_ratelimit). A client in SYN_SENT answers that ACK with a reset, which ends the TIME_WAIT while net.ipv4.tcp_rfc1337 is 0,
    and sends its SYN again: after some milliseconds on recent kernels, after a second on older ones. A FIN_WAIT2 that close() has left behind is
    such a mini-socket as well.`,
  explains: [
    explain(synStrangelyAnswered, (evidence, { story, alsoShows }) => {
      const { previous } = evidence;
      const old = oldConnectionOf(story);
      const weight = miniSocketAnswered(evidence);
      if (old === undefined || weight === undefined) return undefined;
      const { because } = weight;
      const against = [...weight.against];
      const isOlder = old.ticksAhead !== undefined && old.ticksAhead < 0;
      const isNewer = old.ticksAhead !== undefined && old.ticksAhead > 0;
      // TIME_WAIT would have taken it for a listener; FIN_WAIT2 looks at its window alone.
      const isWelcome = !isOlder && (old.startsBeyond || isNewer) && previous?.state !== 'FIN_WAIT2';
      if (isWelcome && alsoShows(connectionRefused) === undefined) return undefined;
      if (previous && previous.age > LENGTH) against.push('TIME_WAIT lasts 60 s, and the old connection ended longer ago');
      if (isOlder) {
        against.push('the SYN carries an older timestamp than the server remembers, and that alone decides');
        return { certainty: 'possible', because, against };
      }
      const isBelow = !old.startsBeyond && !isNewer;
      const why = isBelow ? ['the SYN starts below the old sequence numbers and has no newer timestamp to excuse that'] : [];
      if (isWelcome) why.push('the SYN could have opened a new connection, but nobody listens any more: the next one was refused');
      return { certainty: against.length > 1 ? 'possible' : weight.certainty, because: [...because, ...why], against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_rfc1337', 'net.ipv4.tcp_invalid_ratelimit', 'net.ipv4.tcp_timestamps'],
  counters: ['TcpExtTCPACKSkippedTimeWait', 'TcpExtTCPACKSkippedFinWait2', 'TcpOutRsts'],
  resetReasons: ['TCP_INVALID_ACK_SEQUENCE'],
  confirm: [
    {
      run: "ss -tan state time-wait 'sport = :PORT and dst CLIENT'",
      expect: 'on the server: the same client port is listed, before the new SYN comes',
    },
    {
      run: 'nstat -az TcpOutRsts; sleep 10; nstat -z TcpOutRsts',
      expect: 'on the client: one more for each SYN that was challenged; the server counts nothing',
    },
    {
      run: 'sysctl net.ipv4.tcp_rfc1337 net.ipv4.tcp_timestamps',
      expect: 'on the server: 0 and 1; with tcp_rfc1337 = 1 the resets do not help and the SYNs fail for up to 60 s',
    },
  ],
  remedy: [
    'Leave net.ipv4.tcp_timestamps = 1 on both ends, and on what stands between: a newer timestamp reopens a TIME_WAIT at once.',
    'Let the client close first, or keep connections open and use them again: then the TIME_WAIT is not on the server.',
    'Give the NAT or load balancer more source ports or addresses, so that it does not use one again within a minute.',
    "Let the client's reset pass the firewalls: without it the SYNs fail for as long as the TIME_WAIT lives.",
  ],
  avoid: [
    'Patching TCP_TIMEWAIT_LEN or deleting TIME_WAITs by hand: old segments can then enter the new connection.',
    'net.ipv4.tcp_tw_recycle: it drops the SYNs of clients behind NAT, and is gone since 4.12.',
    'net.ipv4.tcp_tw_reuse on the server: it concerns connections that this host opens itself, not those that it accepts.',
  ],
  mimics: [
    { cause: 'timewait-syn-paws-rejected', tell: 'there the SYN carries an older timestamp than the TSecr of the ACK' },
    {
      cause: 'syn-on-live-connection-challenged',
      tell: 'there the IP ID of the ACK is not 0 but counts on from the old connection, which had never been closed',
    },
  ],
  sources: [
    'RFC 9293 section 3.6.1',
    'RFC 6191',
    'net/ipv4/tcp_minisocks.c: tcp_timewait_state_process',
    'Documentation/networking/ip-sysctl.rst: tcp_rfc1337, tcp_invalid_ratelimit',
  ],
  capture: 'handshake/syn-challenged-because-time-wait-expects-higher-numbers',
};
