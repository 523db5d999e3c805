import { bytesText } from '../../hosts/wording.js';
import { flightLimited } from '../../patterns/pace/flight-limited.js';
import { senderIdle } from '../../patterns/pace/sender-idle.js';
import { type Cause, explain } from '../cause.js';

/** SO_SNDBUF cannot be set lower (SOCK_MIN_SNDBUF is 4608 bytes, about half of it payload). */
const SMALLEST = 2_048;
/** Bursts that differ by less are as large as one another. */
const EQUAL = 1.1;

export const senderBufferLimited: Cause = {
  id: 'sender-buffer-limited',
  title: "The sender's socket buffer is too small, or its application feeds it slowly",
  where: 'this end',
  mechanism: `tcp_sendmsg() copies into the send buffer, at most sk_sndbuf bytes that are not acknowledged yet; then it sleeps in
    sk_stream_wait_memory() until a third is free again. Normally tcp_sndbuf_expand() keeps the buffer at twice the congestion window, up to the
    third value of net.ipv4.tcp_wmem. An application that sets SO_SNDBUF fixes its size (SOCK_SNDBUF_LOCK), and with it the most that can be under
    way: throughput = buffer / round trip, although both windows have room. On the wire that cannot be told from an application that writes such
    pieces and waits.`,
  explains: [
    explain(flightLimited, ({ flight, times, flights, window }) => {
      const because = [
        `${times} times in ${flights} flights it came back to ${bytesText(flight)}, where the window allows ${bytesText(window)}: a buffer of that size is full`,
        'nothing was lost, so the congestion window had no reason to stay there',
      ];
      const against = ['a congestion control that paces by a model of the path (bbr) holds what is under way constant as well'];
      return { certainty: 'likely', because, against };
    }),
    explain(senderIdle, ({ flight, window, longest }, { part, story }) => {
      const bursts = part.endpoint.pace?.restarts.slice(0, -1).map(({ after }) => after) ?? [];
      const [smallest, largest] = [Math.min(...bursts), Math.max(...bursts)];
      if (bursts.length < 2 || flight < SMALLEST || flight > window / 2 || largest > smallest * EQUAL) return undefined;
      const because = [
        `each burst is about ${bytesText(largest)}, like a buffer that is filled at one go, where the window allows ${bytesText(window)}`,
      ];
      const against = ['in the pauses everything was acknowledged: a buffer that limits is refilled a round trip later, not left empty'];
      if (longest > story.roundTrip * 4) against.push('the pauses are many round trips long: something else than acknowledgments ends them');
      return { certainty: 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_wmem', 'net.core.wmem_max', 'net.ipv4.tcp_notsent_lowat', 'net.ipv4.tcp_limit_output_bytes'],
  facts: [{ sockets: (sockets) => sockets.limitedBy('sndbuf'), quotes: ['net.ipv4.tcp_wmem'] }],
  confirm: [
    {
      run: "ss -tnmi 'dst PEER'",
      expect: 'on the sender: sndbuf_limited with a large percentage of busy, tb in skmem constant, cwnd above what is in flight',
    },
    {
      run: 'strace -f -T -e trace=setsockopt,write,writev,sendto,sendmsg -p PID',
      expect: 'SO_SNDBUF on new sockets, and write calls that last about a round trip',
    },
  ],
  remedy: [
    'Take SO_SNDBUF out of the application or its configuration, so that the kernel adapts the buffer.',
    'Write larger pieces, and the next before the last is acknowledged: no wait for an answer, no read of the next block, between two writes.',
    'Raise the third value of net.ipv4.tcp_wmem to twice bandwidth times round trip where autotuning has reached it.',
  ],
  avoid: [
    'Limiting the send buffer to the bandwidth-delay product: the congestion window is the limit, and to fill it the buffer must hold twice that.',
    'Raising net.core.wmem_default or net.core.wmem_max for sockets without SO_SNDBUF: TCP takes net.ipv4.tcp_wmem.',
  ],
  mimics: [
    { cause: 'application-limited-sender', tell: 'the same packets; ss on the sender says app_limited instead of sndbuf_limited' },
    { cause: 'receive-buffer-limited', tell: "there the sender stops at the edge of the receiver's window" },
    { cause: 'slow-start-after-idle', tell: 'there the first burst after a pause is ten segments, and the next ones double' },
  ],
  sources: [
    'net/ipv4/tcp.c: tcp_sendmsg_locked',
    'net/core/stream.c: sk_stream_wait_memory',
    'net/ipv4/tcp_input.c: tcp_sndbuf_expand, tcp_new_space',
    'Documentation/networking/ip-sysctl.rst: tcp_wmem',
  ],
  capture: 'transfer/limited-by-fixed-send-buffer',
};
