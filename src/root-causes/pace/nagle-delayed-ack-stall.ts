import { nagleDelayedAck } from '../../patterns/pace/nagle-delayed-ack.js';
import { type Cause, explain } from '../cause.js';

export const nagleDelayedAckStall: Cause = {
  id: 'nagle-delayed-ack-stall',
  title: 'Nagle on the sender meets delayed ACK on the receiver',
  where: 'this end',
  mechanism: `tcp_nagle_check() holds back a segment smaller than the MSS while earlier data is unacknowledged. The receiver's __tcp_ack_snd_check()
    delays the ACK of a lone small segment by 40 ms on Linux (up to 200 ms, adapting), hoping to send it along with an answer. An application that
    writes a message in two pieces makes both wait. The first segments of a connection are acknowledged at once (quick ACK), so that it starts only
    after some messages.`,
  explains: [
    explain(nagleDelayedAck, ({ stalls, typical }) => ({
      certainty: 'certain',
      because: [
        `${stalls} times a small segment left the moment the ACK of the one before arrived`,
        `the ACKs took about ${Math.round(typical / 1e6)} ms, which is the timer of delayed ACKs`,
      ],
    })),
  ],
  sysctls: ['net.ipv4.tcp_pingpong_thresh', 'net.ipv4.tcp_autocorking'],
  counters: ['TcpExtDelayedACKs'],
  facts: [{ at: 'the peer', raises: ['TcpExtDelayedACKs'] }],
  confirm: [
    { run: 'strace -f -e trace=write,writev,sendto,setsockopt -p PID', expect: 'two small writes for each message, and no TCP_NODELAY' },
    { run: 'nstat -az TcpExtDelayedACKs; sleep 10; nstat -z TcpExtDelayedACKs', expect: 'on the receiver: one for each message of these 10 s' },
  ],
  remedy: [
    'Write each message with one call: buffer it, or use writev() or MSG_MORE for its parts.',
    'Set TCP_NODELAY on the sending socket; most HTTP, RPC and database libraries have an option for it.',
  ],
  avoid: [
    'TCP_QUICKACK on the receiver as the only cure: it does not last, and must be set again after each receive.',
    'net.ipv4.tcp_low_latency: it has done nothing since 4.14.',
  ],
  mimics: [
    { cause: 'slow-application-response', tell: 'there the request is acknowledged and the answer is late; here the sender waits for an ACK' },
  ],
  sources: ['RFC 896', 'RFC 1122 section 4.2.3.2', 'net/ipv4/tcp_output.c: tcp_nagle_check', 'net/ipv4/tcp_input.c: __tcp_ack_snd_check'],
  capture: 'transfer/small-writes-stall-because-nagle-meets-delayed-ack',
};
