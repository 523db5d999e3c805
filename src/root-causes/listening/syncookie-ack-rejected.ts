import { durationText } from '../../hosts/wording.js';
import { optionsWithheld } from '../../patterns/connecting/options-withheld.js';
import { handshakeAckReset } from '../../patterns/listening/handshake-ack-reset.js';
import { type Cause, explain } from '../cause.js';
import { not } from '../testimony/sign.js';

/** Nanoseconds: a cookie holds for the minute in which it was made and the next one. */
const SURELY_FRESH = 60e9;
const SURELY_STALE = 120e9;
/** A request would have repeated its SYN-ACK by then. */
const REPETITION_DUE = 1.3e9;

export const syncookieAckRejected: Cause = {
  id: 'syncookie-ack-rejected',
  title: 'SYN cookie not accepted: the final ACK is reset',
  where: 'this end',
  mechanism: `After a SYN-ACK with a cookie the server knows the connection only by the acknowledgment number. cookie_v4_check() computes the cookie
    again, from the addresses, the ports, a secret of that host and a counter of minutes, and takes it while it is of this minute or the one before,
    and only if the listener has sent cookies within the last two minutes. Otherwise the ACK is a stray segment for a listening socket and is
    answered with a reset. That happens to an ACK that comes a minute or more late, or that a load balancer brings to another host than the one that
    sent the SYN-ACK.`,
  explains: [
    explain(handshakeAckReset, ({ waited }, { alsoShows }) => {
      const because: string[] = ['the port is open, and the reset answers the ACK of the handshake'];
      const against: string[] = [];
      if (alsoShows(optionsWithheld)?.onlyMss) because.push('the SYN-ACK took up no option, as one with a cookie');
      if (waited > REPETITION_DUE)
        because.push(`no SYN-ACK was repeated in the ${durationText(waited)} before the reset: the server kept no request`);
      if (waited > SURELY_STALE) because.push('by then every cookie has expired');
      else if (waited > SURELY_FRESH) because.push('a cookie expires one to two minutes after it was made');
      else
        against.push(
          `the segment that was reset came ${durationText(waited)} after the SYN-ACK: a cookie holds for a minute at least, so another host must have got it`,
        );
      return { certainty: waited > SURELY_FRESH ? 'likely' : 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_syncookies'],
  counters: ['TcpExtSyncookiesSent', 'TcpExtSyncookiesFailed', 'TcpOutRsts'],
  resetReasons: ['TCP_FLAGS'],
  facts: [{ needs: { 'net.ipv4.tcp_syncookies': not('0') }, proof: ['TcpExtSyncookiesFailed'] }],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtSyncookiesFailed TcpExtSyncookiesSent TcpExtEmbryonicRsts TcpOutRsts',
      expect:
        'SyncookiesFailed and TcpOutRsts rise together, EmbryonicRsts stands still. On a host that sent no cookies of late only TcpOutRsts rises',
    },
    { run: 'perf trace -e tcp:tcp_send_reset', expect: 'on 6.10 and later: reason TCP_FLAGS, state LISTEN' },
    { run: 'sysctl net.ipv4.tcp_syncookies', expect: 'not 0; with 0 this is not the cause' },
  ],
  remedy: [
    'Keep a connection on one host: consistent hashing in the load balancer, so that a change of its members does not move handshakes.',
    'Raise the backlog of listen() with net.core.somaxconn, so that ordinary load needs no cookies.',
    'Look for what holds back the ACK for a minute: a client that was suspended, a queue, a proxy.',
  ],
  avoid: [
    'net.ipv4.tcp_abort_on_overflow: it has no part in this, whichever way it is set.',
    'net.ipv4.tcp_syncookies = 2: then every handshake hangs on a cookie.',
  ],
  mimics: [
    { cause: 'accept-queue-overflow-abort', tell: 'the same packets; there EmbryonicRsts and ListenOverflows rise, and the ACK need not be late' },
    { cause: 'syncookie-phantom-connection', tell: 'there the cookie is good, the accept queue full, and the ACK is ignored in silence' },
    { cause: 'listener-closed-pending-reset', tell: 'there the port refuses new SYNs afterwards' },
  ],
  sources: [
    'RFC 4987 section 3.6',
    'net/ipv4/syncookies.c: cookie_v4_check, __cookie_v4_check',
    'include/net/tcp.h: MAX_SYNCOOKIE_AGE, tcp_synq_no_recent_overflow',
  ],
  capture: 'handshake/final-ack-reset-because-syn-cookie-expired',
};
