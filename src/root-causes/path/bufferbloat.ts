import { bytesText, countText, durationText } from '../../hosts/wording.js';
import { queueGrowing } from '../../patterns/path/queue-growing.js';
import { type Cause, explain } from '../cause.js';

export const bufferbloat: Cause = {
  id: 'bufferbloat',
  title: 'A queue on the path fills instead of dropping (bufferbloat)',
  where: 'the path',
  mechanism: `Cubic and Reno raise the congestion window until something is lost. When the buffer before the slowest link is large, nothing is lost
    for long: every segment beyond bandwidth times the shortest round trip only waits there, tcp_rtt_estimator() sees the round trip grow, and
    whatever shares the queue (a key press, a DNS query, a handshake) waits behind it. The throughput is that of the link all the time. If the
    buffer does overflow, many segments are lost at once.`,
  explains: [
    explain(queueGrowing, ({ shortest, swollen, flight, lost }, { part, story }) => {
      const waiting = Math.round(flight * (1 - shortest / swollen));
      const rate = Math.round((flight / swollen) * 1e9);
      const because = [
        `an acknowledgment took ${durationText(shortest)} with little under way, and ${durationText(swollen)} with up to ${bytesText(flight)}`,
        `that fits a link of about ${bytesText(rate)} a second with a queue of about ${bytesText(waiting)} before it`,
      ];
      if (lost === 0) because.push('nothing was lost: the queue takes it all');
      const against = lost > 0 ? [`${countText(lost, 'segment')} had to be sent again meanwhile: the queue overflows at times`] : [];
      if (!story.isAt(part)) against.push('captured away from the sender: only a part of the round trip is seen');
      return { certainty: 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_congestion_control'],
  confirm: [
    { run: 'ping -i 0.2 PEER', expect: 'on the sender: round trips rise with the transfer and fall within a second after it' },
    { run: "ss -tni 'dst PEER'", expect: 'on the sender: rtt many times minrtt, cwnd large, retrans 0 or none' },
    {
      run: 'tc -s qdisc show dev IF',
      expect: 'a large backlog on the host or router whose outgoing link is the slow one; pfifo_fast or pfifo there',
    },
    { run: 'mtr -n -i 0.5 PEER', expect: 'during the transfer: from one hop on all round trips are longer, the queue is before that hop' },
  ],
  remedy: [
    'Give the slowest link a queue that keeps itself short: tc qdisc replace dev IF root fq_codel, or cake with a bandwidth just below the link.',
    'Where the queue is in a modem or at a provider, shape to 90-95 % of its rate before it, so that the queue forms where it is managed.',
    'On the sender a congestion control that watches the round trip (bbr), or a limit in the application, keeps its own share of the queue short.',
  ],
  avoid: [
    'Larger buffers: a longer txqueuelen or ring at the bottleneck makes the queue longer. Larger net.ipv4.tcp_wmem and tcp_rmem fill it further.',
    'Raising timeouts because of long round trips: they are made here, and go when the queue goes.',
  ],
  mimics: [
    { cause: 'receive-buffer-limited', tell: 'there the round trips stay short and the window is used up' },
    { cause: 'sack-fast-recovery-loss', tell: 'there the queue is short and drops; here losses come late and in bursts, if at all' },
    { cause: 'spurious-rto-delay-spike', tell: 'there the delay jumps for a moment, without relation to what is under way' },
    { cause: 'ecn-congestion-response', tell: 'there the queue marks packets before it grows long' },
  ],
  sources: ['RFC 7567', 'RFC 8290 (FQ-CoDel)', 'net/ipv4/tcp_input.c: tcp_rtt_estimator, tcp_ack_update_rtt', 'tc-fq_codel(8)', 'tc-cake(8)'],
  capture: 'path/queue-grows-without-loss',
};
