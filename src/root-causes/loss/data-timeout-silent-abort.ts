import { countText, durationText, timesText } from '../../hosts/wording.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { largeSegmentsLost } from '../../patterns/path/large-segments-lost.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { type Cause, explain } from '../cause.js';
import { isDisturbed, isUntaken, surrenderOf } from '../clues/resends.js';
import { is, near, type Sign } from '../testimony/sign.js';

/** net.ipv4.tcp_retries2, unless somebody changed it. */
const DEFAULT_RETRIES = 15;

export const dataTimeoutSilentAbort: Cause = {
  id: 'data-timeout-silent-abort',
  title: 'Given up after net.ipv4.tcp_retries2 without a packet',
  where: 'this end',
  mechanism: `When the retransmission timer expires, tcp_write_timeout() compares the time since the first repetition with a model: what
    net.ipv4.tcp_retries2 doublings from 200 ms up to 120 s add up to, whatever the real round trip is (retransmits_timed_out(), since 2.6.32). For
    the default of 15 that is 924.6 s, and the next expiry after it ends the connection, so that it takes between 15 and 30 minutes. tcp_write_err()
    then reports ETIMEDOUT, or the error of an ICMP message that came meanwhile, and sends nothing: no FIN, no reset. The other end learns of it only
    when it sends something itself and gets a bare reset.`,
  explains: [
    explain(retransmissionTimeout, ({ recovered, endedByReset, resends }, given) => {
      const surrender = surrenderOf(given);
      if (recovered || endedByReset || surrender === undefined || isDisturbed(given) || isUntaken(given)) return undefined;
      const { lasted, proof, retries } = surrender;
      const isProven = proof !== undefined;
      if (!isProven && given.alsoShows(largeSegmentsLost) !== undefined) return undefined; // something better explains the silence
      const because = ['it ends in repetitions, without FIN or reset, as Linux does when it gives up'];
      const against: string[] = [];
      if (proof !== undefined) because.push(proof);
      else against.push('the capture ends before the next repetition was due: it may still be trying');
      const isDefault = isProven && retries === DEFAULT_RETRIES;
      if (isDefault) because.push(`it lasted ${durationText(lasted)}, which is what the default of 15 makes of it`);
      else if (isProven && retries !== undefined)
        against.push(`to end after ${durationText(lasted)} tcp_retries2 would have to be ${retries} instead of 15`);
      else if (isProven) against.push(`no value of tcp_retries2 ends it after ${durationText(lasted)}`);
      if (!isProven && resends < 3) against.push(`only ${countText(resends, 'repetition')} so far`);
      return { certainty: isDefault ? 'likely' : 'possible', because, against, facts: signs(retries) };
    }),
    explain(resetAnswered, ({ wasStalled, wasNeverAccepted, hadReset, timeouts }, given) => {
      if (timeouts === 0 || wasStalled || wasNeverAccepted || hadReset || isDisturbed(given)) return undefined;
      const because = [
        `this end had repeated data ${timesText(timeouts)} by its timer before, in vain`,
        'giving up after that sends no packet: the peer could not know',
        'no FIN and no reset of it came in between',
      ];
      const against = timeouts < DEFAULT_RETRIES ? [`net.ipv4.tcp_retries2 would have to be lower than the default of ${DEFAULT_RETRIES}`] : [];
      return { certainty: 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_retries2', 'net.ipv4.tcp_retries1', 'net.ipv4.tcp_rto_max_ms'],
  counters: ['TcpExtTCPAbortOnTimeout', 'TcpExtTCPTimeouts', 'TcpEstabResets'],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_retries2', expect: '15 gives up after 924.6 s at the earliest, 8 after 102.2 s, 5 after 12.6 s, 3 after 3.0 s' },
    {
      run: 'nstat -n; sleep 60; nstat -z TcpExtTCPAbortOnTimeout TcpOutRsts',
      expect: 'on the sender: AbortOnTimeout rises at the end, OutRsts does not',
    },
    { run: 'ss -tino dst PEER', expect: 'while it is still trying: timer:(on,…,n) and backoff:n; afterwards the connection is gone' },
    {
      run: "perf trace -e sock:inet_sock_set_state --filter 'newstate == 7'",
      expect: 'on the sender: the socket goes from ESTABLISHED to CLOSE with no packet on the wire',
    },
  ],
  remedy: [
    'Repair what keeps the data from arriving: this is only how it ends.',
    'To know sooner, set TCP_USER_TIMEOUT on the sockets that need it, or let the application time out.',
    'Let the other end find out as well: keep-alive or heartbeats, or it keeps a dead connection for ever.',
  ],
  avoid: [
    'net.ipv4.tcp_retries2 = 5 for the whole host: after about 13 s of outage it breaks every session, those of other programs included.',
    'net.ipv4.tcp_retries1: it ends nothing. After that many the route is looked up again, and MTU probing may begin. Neither has to do with SYNs.',
  ],
  mimics: [
    {
      cause: 'user-timeout-abort',
      tell: 'the same packets; there the time is that of TCP_USER_TIMEOUT, and other connections of the host go on longer',
    },
    { cause: 'fin-retransmit-orphan-timeout', tell: 'there the application had closed the socket: net.ipv4.tcp_orphan_retries ends it earlier' },
    { cause: 'keepalive-timeout-reset', tell: 'there nothing was unacknowledged, and the end is a reset' },
    { cause: 'zero-window-probe-timeout', tell: 'there the peer had closed its window' },
    { cause: 'rto-backoff-path-loss', tell: 'why it had to repeat; this is how it ended' },
  ],
  sources: [
    'RFC 1122 section 4.2.3.5',
    'Documentation/networking/ip-sysctl.rst: tcp_retries2, tcp_retries1',
    'net/ipv4/tcp_timer.c: tcp_write_timeout, retransmits_timed_out, tcp_model_timeout, tcp_write_err',
  ],
  capture: 'transfer/given-up-after-retries2',
};

/** A counter tells that the kernel gave up, the setting that it had to do so just then. */
function signs(retries: number | undefined): Sign[] {
  if (retries === undefined) return [{ raises: ['TcpExtTCPAbortOnTimeout'] }];
  return [{ needs: { [RETRIES2]: near(retries) }, given: { [RETRIES2]: is(`${retries}`) }, proof: ['TcpExtTCPAbortOnTimeout'] }];
}

const RETRIES2 = 'net.ipv4.tcp_retries2';
