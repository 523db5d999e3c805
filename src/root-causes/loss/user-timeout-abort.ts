import { durationText, timesText } from '../../hosts/wording.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { largeSegmentsLost } from '../../patterns/path/large-segments-lost.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { type Cause, explain } from '../cause.js';
import { isDisturbed, isUntaken, surrenderOf } from '../clues/resends.js';
import { farFrom, type Sign } from '../testimony/sign.js';

/** Nanoseconds: where the default of net.ipv4.tcp_retries2 gives up. */
const DEFAULT_END = 924.6e9;

export const userTimeoutAbort: Cause = {
  id: 'user-timeout-abort',
  title: 'Given up early: the application had set TCP_USER_TIMEOUT',
  where: 'this end',
  mechanism: `TCP_USER_TIMEOUT, in milliseconds, replaces net.ipv4.tcp_retries2 for one socket: retransmits_timed_out() compares it with the time
    since the first repetition by the timer, not since the write. Since 4.19 tcp_clamp_rto_to_user_timeout() shortens the last wait so that the end
    comes on time; before, it came at the next doubled wait. tcp_write_err() reports ETIMEDOUT and sends nothing. gRPC, RPC frameworks and database
    drivers set it, often to 20 or 30 s. On a socket with keep-alive it replaces the number of probes as well, and that end does send a reset.`,
  kernels: { since: '2.6.37' },
  explains: [
    explain(retransmissionTimeout, ({ recovered, endedByReset, pauseBefore }, given) => {
      const surrender = surrenderOf(given);
      if (recovered || endedByReset || surrender === undefined || isDisturbed(given) || isUntaken(given)) return undefined;
      const { lasted, proof, retries } = surrender;
      const isProven = proof !== undefined;
      const isExplained = pauseBefore > 0 || given.alsoShows(largeSegmentsLost) !== undefined;
      if (!isProven && isExplained) return undefined; // something better explains the silence
      const because = ['a user timeout ends in silence as well'];
      const against = ['whether the application had set one cannot be seen on the wire'];
      if (!isProven) against.push('the capture ends before the next repetition was due: it may still be trying');
      else if (lasted < DEFAULT_END / 2)
        because.push(`it was given up after ${durationText(lasted)}, and the default of tcp_retries2 goes on for 15 minutes`);
      else against.push('the default of tcp_retries2 explains it');
      return { certainty: 'possible', because, against, facts: signs(retries) };
    }),
    explain(resetAnswered, ({ timeouts, hadReset, wasStalled, wasNeverAccepted }, given) => {
      if (timeouts === 0 || hadReset || wasStalled || wasNeverAccepted || isDisturbed(given)) return undefined;
      const because = [`this end had repeated data ${timesText(timeouts)} in vain before: a user timeout ends that without a packet as well`];
      return { certainty: 'possible', because, against: ['whether the application had set one cannot be seen on the wire'] };
    }),
  ],
  sysctls: ['net.ipv4.tcp_retries2'],
  counters: ['TcpExtTCPAbortOnTimeout', 'TcpExtTCPTimeouts'],
  confirm: [
    { run: 'strace -f -e trace=setsockopt -p PID', expect: 'when it connects: setsockopt(…, SOL_TCP, TCP_USER_TIMEOUT, [n], 4), in ms' },
    { run: 'sysctl net.ipv4.tcp_retries2', expect: '15: then the kernel alone would have gone on for 15 minutes and more' },
    {
      run: 'nstat -n; sleep 60; nstat -z TcpExtTCPAbortOnTimeout TcpOutRsts',
      expect: 'on the sender: AbortOnTimeout rises at the end, OutRsts does not',
    },
  ],
  remedy: [
    'Repair what keeps the data from arriving: the timeout only decides how long it is tried.',
    'If short outages should be survived, raise TCP_USER_TIMEOUT above their length; below some seconds it fires for a few lost packets.',
  ],
  avoid: [
    'TCP_USER_TIMEOUT below one second: two lost repetitions are enough to end the connection.',
    'Lowering net.ipv4.tcp_retries2 to get the same for one program: it concerns every connection of the host.',
  ],
  mimics: [
    { cause: 'data-timeout-silent-abort', tell: 'the same packets; there net.ipv4.tcp_retries2 sets the time, the same for all connections' },
    { cause: 'keepalive-timeout-reset', tell: 'there the connection was idle, and a reset ends it' },
    { cause: 'fin-retransmit-orphan-timeout', tell: 'there the application had closed the socket' },
  ],
  sources: ['RFC 5482', 'tcp(7): TCP_USER_TIMEOUT', 'net/ipv4/tcp_timer.c: retransmits_timed_out, tcp_clamp_rto_to_user_timeout'],
  capture: 'transfer/given-up-after-user-timeout',
};

/** A counter tells that the kernel gave up, the setting that it would not have done so yet by itself. */
function signs(retries: number | undefined): Sign[] {
  if (retries === undefined) return [{ raises: ['TcpExtTCPAbortOnTimeout'] }];
  return [{ given: { 'net.ipv4.tcp_retries2': farFrom(retries) }, proof: ['TcpExtTCPAbortOnTimeout'] }];
}
