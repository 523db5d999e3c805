import { isAfter } from '../../decode/sequence.js';
import { bytesText, durationText } from '../../hosts/wording.js';
import { finAckReset } from '../../patterns/closing/fin-ack-reset.js';
import { lateFinReset } from '../../patterns/closing/late-fin-reset.js';
import { dataAfterClose } from '../../patterns/resets/data-after-close.js';
import type { Part } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';

/** Nanoseconds: the default of net.ipv4.tcp_fin_timeout, and the least that tcp_time_wait() makes of it, 3.5 RTO of 200 ms. */
const FIN_TIMEOUT = 60e9;
const SHORTEST = 0.7e9;

export const finwait2TimeoutLateFinReset: Cause = {
  id: 'finwait2-timeout-late-fin-reset',
  title: 'FIN_WAIT2 had expired when the other end closed',
  where: 'this end',
  mechanism: `After close(), and once its FIN is acknowledged, a socket waits in FIN_WAIT2 for the FIN of the other end: for net.ipv4.tcp_fin_timeout
    (60 s), never less than 3.5 RTO (tcp_fin_time()). Up to 60 s the kernel keeps only a mini-socket for it (tcp_time_wait()). When the time is over
    it goes without a packet, and the other end, still in CLOSE_WAIT, learns of it only when it closes or writes at last: NO_SOCKET, and a bare reset.
    After shutdown(SHUT_WR) with the socket still open there is no such limit. TCP_LINGER2 sets another time for one socket; below 0 it does not wait
    at all, and answers the acknowledgment of its FIN with a reset.`,
  explains: [
    explain(lateFinReset, ({ delay, hadAcknowledged, sinceFirst }, { part, peer }) => {
      const wasRepeated = peer.endpoint.finRepeats.count > 1;
      const waited = wasRepeated ? delay - sinceFirst : delay; // until the FIN came for the first time
      const wasInFinWait2 = part.endpoint.isAcknowledged && isAfter(part.endpoint.sndUna, part.endpoint.finSeq);
      if (hadAcknowledged || hasHeardFin(part, peer) || !wasInFinWait2 || waited < SHORTEST) return undefined;
      const because = ['its own FIN had been acknowledged: it was in FIN_WAIT2'];
      if (!wasRepeated) because.push('the reset answers the very first FIN of the other end');
      return weighWait(waited, because, 'likely');
    }),
    explain(finAckReset, ({ fins }) => {
      if (fins > 1) return undefined;
      const because = ['the very first acknowledgment of its FIN met no socket: it did not wait in FIN_WAIT2 at all, as with TCP_LINGER2 below 0'];
      return { certainty: 'likely', because };
    }),
    explain(dataAfterClose, ({ bytes, sinceAcknowledged }) => {
      if (sinceAcknowledged < SHORTEST) return undefined;
      const because = [`its FIN had been acknowledged ${durationText(sinceAcknowledged)} before the ${bytesText(bytes)} came`];
      return weighWait(sinceAcknowledged, because, sinceAcknowledged > FIN_TIMEOUT ? 'likely' : 'possible');
    }),
  ],
  sysctls: ['net.ipv4.tcp_fin_timeout'],
  counters: ['TcpExtTW', 'TcpExtTWKilled', 'TcpOutRsts'],
  dropReasons: ['NO_SOCKET'],
  resetReasons: ['NO_SOCKET'],
  facts: [{ shows: ['TcpExtTWKilled'], raises: ['TcpOutRsts'], quotes: ['net.ipv4.tcp_fin_timeout'] }],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_fin_timeout', expect: 'on the end that closed first: less than the time between the two FINs' },
    { run: "ss -tnp state close-wait 'sport = :PORT'", expect: 'on the other end: the connection, and the process that does not close it' },
    { run: 'ss -tno state fin-wait-2', expect: 'on the end that closed first: timer:(timewait,TIME,0) counts down' },
    {
      run: 'perf trace -e tcp:tcp_send_reset',
      expect: 'on 6.10 and later: reason NO_SOCKET; TCP_TIMEWAIT_SOCKET would mean that FIN_WAIT2 had not expired',
    },
  ],
  remedy: [
    'Have the late end close when read() returns 0: that is where the time is lost (close-wait-leak).',
    'Set net.ipv4.tcp_fin_timeout back to 60 if somebody has lowered it.',
    'If the late end is really entitled to take its time, the first one should use shutdown(SHUT_WR) and go on reading.',
  ],
  avoid: [
    'net.ipv4.tcp_fin_timeout of 2 to 5 s, as tuning guides have it: slow but orderly closes turn into resets.',
    'tcp_fin_timeout against TIME_WAITs: it has no say there; TIME_WAIT is 60 s and fixed.',
  ],
  mimics: [
    { cause: 'timewait-bucket-overflow', tell: 'there the FIN had been acknowledged once, or came within moments' },
    { cause: 'data-after-close-reset', tell: 'there tcp_fin_timeout had not passed yet, and the reset reason is TCP_TIMEWAIT_SOCKET' },
    { cause: 'close-wait-leak', tell: 'the other side of the same story: why the FIN came so late' },
  ],
  sources: [
    'Documentation/networking/ip-sysctl.rst: tcp_fin_timeout',
    'RFC 9293 section 3.6.1',
    'net/ipv4/tcp.c: __tcp_close',
    'net/ipv4/tcp_minisocks.c: tcp_time_wait, tcp_timewait_state_process',
  ],
  capture: 'closing/late-data-reset-because-fin-wait2-expired',
};

/** It had acknowledged the FIN of the other end: then it was in TIME_WAIT. */
function hasHeardFin({ endpoint }: Part, peer: Part): boolean {
  return peer.endpoint.hasFin && endpoint.hasRcvNxt && isAfter(endpoint.rcvNxt, peer.endpoint.finSeq);
}

function weighWait<Certainty>(waited: number, because: readonly string[], certainty: Certainty) {
  const isOver = waited > FIN_TIMEOUT;
  const span = durationText(waited);
  return {
    certainty,
    because: isOver ? [...because, `${span} is longer than tcp_fin_timeout, 60 s by default`] : because,
    against: isOver
      ? []
      : [`${span} is less than the default of 60 s: net.ipv4.tcp_fin_timeout, or TCP_LINGER2 of the socket, would have to be lower there`],
  };
}
