import { durationText, timesText } from '../../hosts/wording.js';
import { finRepeated } from '../../patterns/closing/fin-repeated.js';
import { type Cause, explain } from '../cause.js';

export const timewaitFinReack: Cause = {
  id: 'timewait-fin-reack',
  title: 'TIME_WAIT acknowledges the FIN again',
  where: 'the peer',
  isBenign: true,
  mechanism: `This is what TIME_WAIT is for. The end that closed first keeps a mini-socket for 60 s; when the last FIN comes again because its ACK was
    lost, tcp_timewait_state_process() starts the 60 s over and tcp_v4_timewait_ack() acknowledges once more, with the old numbers and IP ID 0.
    Without it the FIN would meet no socket, and the reset would make an orderly close look like a failure.`,
  explains: [
    explain(finRepeated, ({ fins, span, isLast, wasAcknowledged, wasLate, acks, fromTimeWait }, { peer }) => {
      const wasReset = peer.resets.length > 0;
      if (!isLast || wasReset) return undefined;
      const because = [`the second FIN of the connection was sent ${timesText(fins)} within ${durationText(span)}, and acknowledged in the end`];
      if (!wasAcknowledged && !wasLate)
        return { certainty: 'possible', because, against: ['no ACK of an earlier FIN was captured: perhaps only the last FIN arrived'] };
      because.push(wasLate ? 'an ACK of it was on the way when it was repeated' : 'an ACK of it had been captured before it was repeated');
      if (fromTimeWait > 0) because.push(`${fromTimeWait} of ${acks} ACKs have IP ID 0, as a mini-socket sends them`);
      return { certainty: 'certain', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_max_tw_buckets'],
  counters: ['TcpExtTW'],
  facts: [{ sockets: (sockets) => sockets.in('TIME-WAIT') }],
  confirm: [
    {
      run: "ss -tno state time-wait 'dport = :PORT'",
      expect: 'on the end that closed first: timer:(timewait,TIME,0) starts again near 60 s with each repeat',
    },
    { run: 'nstat -az TcpRetransSegs; sleep 10; nstat -z TcpRetransSegs', expect: 'on the other end: rises with each repeat of the FIN' },
  ],
  remedy: ['Nothing. An ACK was lost and replaced; the applications had finished before.'],
  avoid: ['Shortening TIME_WAIT, or net.ipv4.tcp_max_tw_buckets: the next lost ACK would then end in a reset.'],
  mimics: [
    { cause: 'last-ack-retransmit', tell: 'the other side of it: why the FIN is repeated' },
    { cause: 'timewait-bucket-overflow', tell: 'there no TIME_WAIT was kept and the repeat gets a reset' },
  ],
  sources: ['RFC 9293 section 3.6', 'RFC 1337', 'net/ipv4/tcp_minisocks.c: tcp_timewait_state_process', 'net/ipv4/tcp_ipv4.c: tcp_v4_timewait_ack'],
  capture: 'closing/last-ack-lost',
};
