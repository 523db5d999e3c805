import { bytesText, durationText } from '../../hosts/wording.js';
import { smallFirstFlight } from '../../patterns/connecting/small-first-flight.js';
import { type Cause, explain } from '../cause.js';

export const cwndOneAfterHandshakeLoss: Cause = {
  id: 'cwnd-one-after-handshake-loss',
  title: 'After a lossy handshake the first flight is one segment',
  where: 'this end',
  mechanism: `A new connection may send ten segments at once (TCP_INIT_CWND, since 2.6.39). If its own SYN or SYN-ACK had to be repeated twice or
    more, tcp_init_transfer() takes the path for congested and starts with one; after a single repetition it is still ten. Without timestamps
    there is no round trip to measure either, because an answer to a repeated SYN is ambiguous: the first retransmission timeout is then 3 s
    (TCP_TIMEOUT_FALLBACK) instead of 1 s. The page is slow after a slow connect, although nothing is lost any more.`,
  explains: [
    explain(smallFirstFlight, ({ repeats, first, second, waited }, { part, looks }) => {
      if (repeats < 2) return undefined; // after one repeat it is still ten
      const because = [
        `its ${part.role === 'client' ? 'SYN' : 'SYN-ACK'} had to be sent ${repeats + 1} times`,
        `${bytesText(first)} went first, and ${bytesText(second)} right after the acknowledgment, ${durationText(waited)} later: it was not for want of data`,
      ];
      return { certainty: looks(part).isLinux ? 'certain' : 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_timestamps', 'net.ipv4.tcp_syn_retries', 'net.ipv4.tcp_synack_retries'],
  counters: ['TcpExtTCPSynRetrans', 'TcpExtTCPTimeouts'],
  facts: [{ raises: ['TcpExtTCPSynRetrans'], quotes: ['net.ipv4.tcp_timestamps'] }],
  confirm: [
    { run: "ss -tni 'dst PEER'", expect: 'right after the connect: cwnd:1, then 2, 4, 8 with each round trip; other connections start with cwnd:10' },
    { run: 'nstat -az TcpExtTCPSynRetrans; sleep 10; nstat -z TcpExtTCPSynRetrans', expect: 'rises by two or more for each such connection' },
    {
      run: 'ip route get PEER; ip tcp_metrics show PEER',
      expect: 'no initcwnd on the route, and no cwnd in the metrics, that would explain it as well',
    },
  ],
  remedy: [
    'Cure what loses or ignores the SYNs: the slow start is only the echo of it.',
    'Leave net.ipv4.tcp_timestamps = 1 on both ends: then the first round trip is measured in spite of the repetitions.',
    'Keep connections open and use them again, so that a slow handshake is paid once.',
  ],
  avoid: [
    'Setting initcwnd on the route: it does not apply here, and makes the first flight of all other connections bursty.',
    'Turning net.ipv4.tcp_timestamps off to save 12 bytes: that is what brings the timeout of 3 s.',
  ],
  mimics: [
    { cause: 'slow-start-after-idle', tell: 'there the flight is small after a pause in the middle, not at the beginning' },
    { cause: 'receive-buffer-limited', tell: 'there the peer advertises so little' },
    { cause: 'application-limited-sender', tell: 'there the application has not written more yet' },
  ],
  sources: ['RFC 5681 section 3.1', 'RFC 6298 section 5.7', 'net/ipv4/tcp_input.c: tcp_init_transfer', 'net/ipv4/tcp_metrics.c: tcp_init_metrics'],
  capture: 'handshake/first-flight-is-one-segment-after-repeated-syns',
};
