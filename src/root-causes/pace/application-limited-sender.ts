import { bytesText, countText, durationText } from '../../hosts/wording.js';
import { senderIdle } from '../../patterns/pace/sender-idle.js';
import { type Cause, explain } from '../cause.js';
import { unscaledWindowObeyed } from './window-scaling-missing.js';

export const applicationLimitedSender: Cause = {
  id: 'application-limited-sender',
  title: 'The sending application has nothing more to send',
  where: 'this end',
  isOfAnyStack: true,
  isBenign: true,
  mechanism: `tcp_write_xmit() sends what is in the write queue at once, as far as the congestion window and the receiver's window allow. When
    everything is acknowledged and both windows are open, the queue is empty: the application has not written. The kernel notes it as "application
    limited" (tcp_cwnd_application_limited(), tcp_rate_check_app_limited()) and does not take the low rate for the capacity of the path.`,
  explains: [
    explain(senderIdle, ({ pauses, longest, flight, window }, { part, peer }) => {
      const { pace } = part.endpoint;
      const isOpen = window >= (pace?.largest ?? 0);
      if (!isOpen || unscaledWindowObeyed(part, peer) !== undefined) return undefined;
      const because = [
        `${countText(pauses, 'pause')} of up to ${durationText(longest)} with everything acknowledged: nothing was waiting for the network`,
        'no segment was sent twice',
      ];
      if (flight < window / 2) because.push(`at most ${bytesText(flight)} were under way where the window allowed ${bytesText(window)}`);
      return { certainty: 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_notsent_lowat', 'net.ipv4.tcp_wmem'],
  confirm: [
    {
      run: "ss -tni 'dst PEER'",
      expect: 'on the sender: app_limited, notsent:0 or none, busy far below the age of the connection, no rwnd_limited or sndbuf_limited',
    },
    { run: 'strace -f -tt -e trace=write,writev,sendto,sendmsg,sendfile -p PID', expect: 'on the sender: the same pauses between the calls' },
  ],
  remedy: ['Nothing on the network: it carries all that it is given. What the application waits for (disk, database, rate limit) decides the speed.'],
  avoid: [
    'Reading the achieved rate as the bandwidth of the path: it is the speed of the application.',
    'Larger buffers, another congestion control, more window: none of them was used up.',
  ],
  mimics: [
    { cause: 'sender-buffer-limited', tell: 'there the application has more to write, but its write call waits for room in the send buffer' },
    { cause: 'slow-application-response', tell: 'there the pause lies between a request and its answer' },
    { cause: 'nagle-delayed-ack-stall', tell: 'there the pauses are 40 ms long and end with an ACK of the peer' },
    { cause: 'window-scaling-missing', tell: 'there each burst is as large as the window field says without its scale' },
  ],
  sources: [
    'net/ipv4/tcp_output.c: tcp_write_xmit, tcp_cwnd_application_limited',
    'net/ipv4/tcp_rate.c: tcp_rate_check_app_limited',
    'RFC 7661',
    'ss(8)',
  ],
  capture: 'transfer/limited-by-sending-application',
};
