import { isDue, KEEP_ALIVE_INTERVAL } from '../../flow/timers.js';
import { countText, durationText } from '../../hosts/wording.js';
import { aborted } from '../../patterns/resets/aborted.js';
import { keepAliveUnanswered } from '../../patterns/resets/keep-alive-unanswered.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { type Cause, explain, type Weight } from '../cause.js';

export const keepaliveTimeoutReset: Cause = {
  id: 'keepalive-timeout-reset',
  title: 'Keep-alive gave up: no answer to any probe',
  where: 'this end',
  mechanism: `With SO_KEEPALIVE, tcp_keepalive_timer() waits until nothing has come in for net.ipv4.tcp_keepalive_time (2 h), then sends a probe every
    net.ipv4.tcp_keepalive_intvl (75 s): an empty ACK one number below the next. Any answer starts it over. After net.ipv4.tcp_keepalive_probes (9)
    without one it sends a reset and the application gets ETIMEDOUT. The intervals do not grow, and while data is unacknowledged the timer leaves the
    matter to the retransmission timer. It is the only timeout of a connection after which Linux sends anything.`,
  explains: [
    explain(keepAliveUnanswered, ({ probes, interval, reset }, { story, peer }) => {
      const because = [`${countText(probes, 'probe')} in a row got no answer`];
      const against: string[] = [];
      if (interval > 0) because.push(`they came every ${durationText(interval)}: keep-alive does not back off, retransmissions would`);
      if (isDue(interval, KEEP_ALIVE_INTERVAL)) because.push('75 s is the default of net.ipv4.tcp_keepalive_intvl');
      if (reset) because.push('the reset of the socket itself followed');
      else against.push('no reset was captured: the probes may go on');
      if (story.isAt(peer)) because.push('the probes reached the other host, which kept silent');
      return { certainty: reset ? 'certain' : 'likely', because, against };
    }),
    explain(aborted, ({ afterProbes, insteadOfProbe, silentBefore }, { alsoShows }) => {
      if (insteadOfProbe && !afterProbes) return ANSWERED_IN_VAIN;
      if (!afterProbes) return undefined;
      const probes = alsoShows(keepAliveUnanswered)?.probes;
      const because = [`${probes === undefined ? 'keep-alive probes' : countText(probes, 'keep-alive probe')} had gone unanswered before`];
      if (silentBefore > 0) because.push(`the reset came ${durationText(silentBefore)} after the last of them, when the next was due`);
      return { certainty: 'certain', because };
    }),
    explain(resetAnswered, ({ hadReset }, { alsoShows }) => {
      if (!hadReset || alsoShows(keepAliveUnanswered)?.reset !== true) return undefined;
      const because = ['keep-alive had given the connection up before, and the reset that said so got as little through as the probes'];
      return { certainty: 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes'],
  counters: ['TcpExtTCPKeepAlive', 'TcpExtTCPAbortOnTimeout', 'TcpOutRsts'],
  resetReasons: ['TCP_KEEPALIVE_TIMEOUT'],
  facts: [{ proof: ['TcpExtTCPKeepAlive', 'TcpExtTCPAbortOnTimeout'] }],
  confirm: [
    {
      run: 'nstat -az TcpExtTCPKeepAlive TcpExtTCPAbortOnTimeout; sleep 300; nstat -z TcpExtTCPKeepAlive TcpExtTCPAbortOnTimeout',
      expect: 'TcpExtTCPKeepAlive rises with each probe, TcpExtTCPAbortOnTimeout with each connection given up',
    },
    { run: 'ss -tno dst PEER', expect: 'timer:(keepalive,TIME,N) with N growing: probes without an answer' },
    { run: 'ping -c 3 PEER; nc -vz PEER PORT', expect: 'tells a dead host from a path that only forgot this connection: then a new one succeeds' },
    { run: 'perf trace -e tcp:tcp_send_reset', expect: 'on 6.12 and later: reason TCP_KEEPALIVE_TIMEOUT' },
  ],
  remedy: [
    'If the peer is really gone: nothing. Keep-alive has done its work; let the application connect again.',
    'If a new connection succeeds at once, a NAT, firewall or load balancer has forgotten the idle one: probe sooner than that (TCP_KEEPIDLE).',
    'Better still, heartbeats in the application: they also notice a peer whose kernel lives and whose process hangs.',
  ],
  avoid: [
    'Setting net.ipv4.tcp_keepalive_time and expecting every connection to be probed: only sockets with SO_KEEPALIVE are.',
    'Raising tcp_keepalive_probes so that it does not happen: the connection is dead either way, the application only learns of it later.',
  ],
  mimics: [
    { cause: 'zero-window-probe-timeout', tell: 'there the peer had closed its window, the intervals double, and it ends without a reset' },
    { cause: 'user-timeout-abort', tell: 'there TCP_USER_TIMEOUT of the socket sets the end, not the number of probes' },
    { cause: 'middlebox-idle-expiry', tell: 'the reason behind many of these; a new connection between the same hosts works at once' },
  ],
  sources: ['RFC 9293 section 3.8.4', 'RFC 1122 section 4.2.3.6', 'tcp(7): TCP_KEEPIDLE', 'net/ipv4/tcp_timer.c: tcp_keepalive_timer'],
  capture: 'transfer/keep-alive-unanswered',
};

const ANSWERED_IN_VAIN: Weight = {
  certainty: 'likely',
  because: [
    'its keep-alive probes arrived here and were answered, and the reset came just when the next one was due',
    'so the answers did not get back',
  ],
  against: ['that the application closed at that moment would be chance'],
};
