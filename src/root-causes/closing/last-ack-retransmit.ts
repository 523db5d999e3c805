import { durationText, timesText } from '../../hosts/wording.js';
import { finRepeated } from '../../patterns/closing/fin-repeated.js';
import { finUnacknowledged } from '../../patterns/closing/fin-unacknowledged.js';
import { lateFinReset } from '../../patterns/closing/late-fin-reset.js';
import { type Cause, explain } from '../cause.js';

export const lastAckRetransmit: Cause = {
  id: 'last-ack-retransmit',
  title: 'LAST_ACK: the second FIN is repeated because its ACK is missing',
  where: 'this end',
  mechanism: `The end that closes second sends its FIN, enters LAST_ACK and needs one more ACK. If that or the FIN is lost, it repeats the FIN like
    data: first as a tail loss probe, then on the retransmission timer, until net.ipv4.tcp_orphan_retries is reached (0 means 8, about 102 s), and
    ends without a packet. A TIME_WAIT on the other side answers each repeat; a host that has no TIME_WAIT any more answers with a reset, which ends
    LAST_ACK as well. The application has closed long before and notices nothing.`,
  explains: [
    explain(finRepeated, ({ fins, span, isLast, wasAcknowledged, wasLate }, { story, peer }) => {
      if (!isLast) return undefined;
      const because = [
        'it is the second FIN of the connection: its sender is in LAST_ACK',
        `it was sent ${timesText(fins)} within ${durationText(span)}`,
      ];
      if (wasLate) because.push('its acknowledgment was on the way when it was repeated: nothing was lost');
      else if (!wasAcknowledged) because.push('no acknowledgment was captured before the repeat: the FIN or its ACK was lost');
      else because.push('its acknowledgment was captured and it was repeated all the same: the ACK was lost behind the point of capture');
      const against = wasAcknowledged && story.isAt(peer) ? ['the host of this capture did all it had to: it acknowledged each time'] : [];
      return { certainty: 'likely', because, against };
    }),
    explain(finUnacknowledged, ({ fins, span, isLast }, { part, story }) => {
      if (!isLast) return undefined;
      const because = [
        'the other end had sent its FIN first: this one is in LAST_ACK',
        `its FIN was sent ${timesText(fins)} within ${durationText(span)}`,
      ];
      if (story.silence > part.endpoint.finRepeats.lastGap * 2.3)
        because.push(`nothing came in the ${durationText(story.silence)} that followed: it was given up`);
      return { certainty: fins < 3 ? 'possible' : 'likely', because };
    }),
    explain(lateFinReset, (_, { peer }) => {
      const fins = peer.endpoint.finRepeats.count;
      if (fins < 2) return undefined;
      const because = [`the other end sent its FIN ${timesText(fins)}: it, or the ACK of it, had been lost`];
      return { certainty: 'possible', where: 'the peer', because, against: ['that explains why the FIN was repeated, not why a reset answered it'] };
    }),
  ],
  sysctls: ['net.ipv4.tcp_orphan_retries'],
  counters: ['TcpExtTCPTimeouts', 'TcpExtTCPLossProbes', 'TcpExtTCPAbortOnTimeout', 'TcpRetransSegs'],
  facts: [{ sockets: (sockets) => sockets.in('LAST-ACK') }],
  confirm: [
    { run: 'ss -tno state last-ack', expect: 'on the end that repeats: the connection without a process, timer:(on,TIME,N)' },
    {
      run: 'nstat -az TcpExtTCPTimeouts TcpExtTCPAbortOnTimeout; sleep 120; nstat -z TcpExtTCPTimeouts TcpExtTCPAbortOnTimeout',
      expect: 'TcpExtTCPAbortOnTimeout rises when it ends without the ACK',
    },
    {
      run: 'sysctl net.netfilter.nf_conntrack_tcp_timeout_last_ack net.netfilter.nf_conntrack_tcp_timeout_close_wait',
      expect: 'on a firewall between: 30 and 60 s by default; a close that takes longer loses its last ACK there',
    },
  ],
  remedy: [
    'One or two repeats: nothing, a packet was lost and replaced.',
    'If it is regular: look for the firewall or NAT that forgets the connection before the last ACK, or that answers only one direction.',
    'If many sockets stay in LAST_ACK: the other ends are gone; see fin-retransmit-orphan-timeout.',
  ],
  avoid: ['net.ipv4.tcp_fin_timeout: it has no say in LAST_ACK.', 'Counting these FINs as failed requests: both applications had finished before.'],
  mimics: [
    { cause: 'timewait-fin-reack', tell: 'the other side of it: the ACKs of the repeats come from a TIME_WAIT' },
    { cause: 'fin-retransmit-orphan-timeout', tell: 'there it is the first FIN of the connection, in FIN_WAIT1' },
    { cause: 'timewait-bucket-overflow', tell: 'there the repeat is answered with a reset' },
  ],
  sources: ['RFC 9293 section 3.6', 'Documentation/networking/ip-sysctl.rst: tcp_orphan_retries', 'net/ipv4/tcp_timer.c: tcp_write_timeout'],
  capture: 'closing/last-ack-lost',
};
