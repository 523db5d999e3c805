import { isAfter } from '../../decode/sequence.js';
import { SHORTEST_FIN_WAIT2, TIME_WAIT_LENGTH } from '../../flow/timers.js';
import { durationText, timesText } from '../../hosts/wording.js';
import { lateFinReset } from '../../patterns/closing/late-fin-reset.js';
import { type Cause, explain } from '../cause.js';

export const timewaitBucketOverflow: Cause = {
  id: 'timewait-bucket-overflow',
  title: 'No room for another TIME_WAIT: the socket was dropped instead',
  where: 'this end',
  mechanism: `When a socket should enter TIME_WAIT, or FIN_WAIT2 after close(), tcp_time_wait() asks inet_twsk_alloc() for a mini-socket. With
    net.ipv4.tcp_max_tw_buckets of them in the network namespace it gets none, and the socket is simply closed: no older TIME_WAIT makes room. The FIN
    that completed the close was still acknowledged; but if that ACK is lost, the repeated FIN meets no socket and gets a reset, and an application
    that still waits on the socket gets ECONNRESET after an orderly close. Old duplicates can reach the next connection between the same ports.`,
  explains: [
    explain(lateFinReset, ({ delay, hadAcknowledged, sinceFirst }, { part, peer }) => {
      if (sinceFirst > TIME_WAIT_LENGTH || peer.resets.length > 0) return undefined; // it was over, or a reset had ended it
      const because: string[] = [];
      const against: string[] = [];
      const hadHeard = hadAcknowledged || (peer.endpoint.hasFin && part.endpoint.hasRcvNxt && isAfter(part.endpoint.rcvNxt, peer.endpoint.finSeq));
      const { count } = peer.endpoint.finRepeats;
      const waited = count > 1 ? delay - sinceFirst : delay; // until the FIN came for the first time
      if (!hadHeard && count < 2 && waited > SHORTEST_FIN_WAIT2) return undefined; // FIN_WAIT2 may have been over
      if (hadHeard) because.push(`it had acknowledged that FIN ${durationText(sinceFirst)} before: it should have been in TIME_WAIT for 60 s`);
      else against.push('it is not captured that it had acknowledged that FIN before');
      if (count > 1) because.push(`the FIN was sent ${timesText(count)}, and only the last one got a reset`);
      if (waited < SHORTEST_FIN_WAIT2)
        because.push(
          `the FIN came ${durationText(Math.max(0, waited))} after its own: FIN_WAIT2 cannot have been over, whatever tcp_fin_timeout says`,
        );
      return { certainty: hadHeard || count > 1 ? 'likely' : 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_max_tw_buckets'],
  counters: ['TcpExtTCPTimeWaitOverflow', 'TcpExtTW', 'TcpOutRsts'],
  dropReasons: ['NO_SOCKET'],
  resetReasons: ['NO_SOCKET'],
  facts: [{ proof: ['TcpExtTCPTimeWaitOverflow'], quotes: ['net.ipv4.tcp_max_tw_buckets'], log: /time wait bucket table overflow/ }],
  confirm: [
    {
      run: 'nstat -az TcpExtTCPTimeWaitOverflow; sleep 10; nstat -z TcpExtTCPTimeWaitOverflow',
      expect: 'on the host that resets: rises with each TIME_WAIT that found no room',
    },
    { run: 'sysctl net.ipv4.tcp_max_tw_buckets; ss -tan state time-wait | wc -l', expect: 'the two numbers are about the same' },
    { run: 'dmesg | grep "time wait bucket table overflow"', expect: 'only kernels 2.6 and 3.x write it; silence on newer ones proves nothing' },
  ],
  remedy: [
    'Raise net.ipv4.tcp_max_tw_buckets, at least to its default of half the slots of the connection table: each TIME_WAIT costs about 300 bytes.',
    'Let the client close first, or keep connections open for more requests: fewer TIME_WAITs on the busy side.',
  ],
  avoid: [
    'tcp_max_tw_buckets = 5000, as tuning guides have it: it does not shorten TIME_WAIT, it does without it.',
    'Believing that the overflow clears the table: the TIME_WAITs that are there stay, the new one is missing.',
  ],
  mimics: [
    { cause: 'finwait2-timeout-late-fin-reset', tell: 'there the FIN comes for the first time, more than tcp_fin_timeout late' },
    { cause: 'tw-recycle-nat-syn-drop', tell: 'with tcp_tw_recycle, before 4.12, a TIME_WAIT lasted 0.7 s only, with the same reset' },
    { cause: 'timewait-assassination', tell: 'there a reset had ended TIME_WAIT before' },
  ],
  sources: [
    'Documentation/networking/ip-sysctl.rst: tcp_max_tw_buckets',
    'net/ipv4/tcp_minisocks.c: tcp_time_wait',
    'net/ipv4/inet_timewait_sock.c: inet_twsk_alloc',
  ],
  capture: 'closing/fin-reset-because-time-wait-buckets-full',
};
