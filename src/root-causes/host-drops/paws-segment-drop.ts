import { countText } from '../../hosts/wording.js';
import { resentNeedlessly } from '../../patterns/loss/resent-needlessly.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { segmentsReordered } from '../../patterns/loss/segments-reordered.js';
import { timestampWentBack } from '../../patterns/loss/timestamp-went-back.js';
import { type Case, type Cause, explain } from '../cause.js';

export const pawsSegmentDrop: Cause = {
  id: 'paws-segment-drop',
  title: 'Segment refused because its timestamp is older than the last one (PAWS)',
  where: 'the peer',
  mechanism: `The timestamps of one sender never run backwards, so tcp_paws_discard() takes a segment with an older one for a leftover of an earlier
    connection, for up to 24 days since the newest. tcp_validate_incoming() drops it and sends a duplicate ACK with the newer timestamp, at most one
    in 500 ms for segments without data (net.ipv4.tcp_invalid_ratelimit). Data with the right sequence number is refused as well, and repeating it
    does not help as long as its clock is behind. On Linux the clock only moves forward, so that somebody else is at work: two hosts behind one
    address and port, a box that rewrites timestamps, an injected segment.`,
  explains: [
    explain(timestampWentBack, ({ old, ticks, refused }, given) => {
      const { part, alsoShows } = given;
      const because = [`${countText(old, 'segment')} carried a timestamp that was up to ${ticks} ticks older than one before`];
      const against: string[] = [];
      if (refused > 0)
        because.push(`the receiver answered with what it had acknowledged before: it did not take ${refused === 1 ? 'the segment' : 'them'}`);
      else against.push('no refusal was captured');
      if (hasOtherOrigin(given)) because.push('TTL or IP ID of such a segment differ from those of the sender: somebody else sent it');
      if (refused === 0 && alsoShows(segmentsReordered) !== undefined)
        against.push('segments overtake one another here, which makes timestamps run back for a moment');
      if (part.endpoint.dataSegments === 0) against.push('it carried no data');
      return { certainty: refused > 0 ? 'certain' : 'possible', because, against };
    }),
    explain(retransmissionTimeout, ({ resends }, { alsoShows }) => {
      const refused = alsoShows(timestampWentBack)?.refused ?? 0;
      if (refused === 0) return undefined;
      return {
        certainty: 'likely',
        because: [`the receiver refused ${countText(refused, 'segment')} for an old timestamp, and ${resends} had to be sent again`],
      };
    }),
    explain(resentNeedlessly, ({ timeout, acknowledgedBefore }, { alsoShows }) => {
      const refused = alsoShows(timestampWentBack)?.refused ?? 0;
      if (refused === 0 || timeout === 0) return undefined;
      const because = [`the receiver refused ${countText(refused, 'segment')} of this end for an old timestamp`];
      if (acknowledgedBefore > 0) because.push('what came twice had been acknowledged before');
      return { certainty: 'possible', because, against: ['the copies need not come from the host whose address they carry'] };
    }),
  ],
  sysctls: ['net.ipv4.tcp_timestamps', 'net.ipv4.tcp_invalid_ratelimit'],
  counters: ['TcpExtPAWSEstab', 'TcpExtTCPACKSkippedPAWS', 'TcpExtPAWSOldAck'],
  dropReasons: ['TCP_RFC7323_PAWS', 'TCP_RFC7323_PAWS_ACK'],
  facts: [{ proof: [['TcpExtPAWSEstab', 'TcpExtPAWSOldAck']] }],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtPAWSEstab TcpExtTCPACKSkippedPAWS',
      expect: 'on the receiver: PAWSEstab rises with each refused segment',
    },
    {
      run: "perf trace -e skb:kfree_skb --filter 'reason > 2'",
      expect: 'on the receiver, since 5.18: TCP_RFC7323_PAWS in tcp_validate_incoming',
    },
    {
      run: "tcpdump -nvi any 'host PEER and port PORT'",
      expect: 'at both ends: TSval, ttl and id of the refused segment. If it looks different where it was sent, a box on the path has changed it',
    },
  ],
  remedy: [
    'Find who sends the old timestamps: TTL and IP ID of the segment point to the box or host.',
    'If two hosts share the address and port, behind a NAT or a load balancer that moved the connection, cure that: one connection, one host.',
    'Turn off the timestamp rewriting of the firewall ("TCP normalisation"), or make it rewrite both directions alike.',
  ],
  avoid: [
    'net.ipv4.tcp_timestamps = 0: it hides the fault, two hosts still write into one stream, and round-trip measurement and PAWS itself are lost.',
    'Taking it for tcp_tw_recycle: that drops SYNs, this drops segments of an open connection.',
  ],
  mimics: [
    { cause: 'timewait-syn-paws-rejected', tell: 'there it is a SYN, and TIME_WAIT remembers the newer timestamp' },
    { cause: 'rst-challenged-not-accepted', tell: 'there the answer is to a reset, not to data' },
    { cause: 'out-of-window-dupack-loop', tell: 'there sequence or ACK numbers are wrong, timestamps are not' },
    { cause: 'ack-path-loss', tell: 'there data is repeated as well, with timestamps in order' },
  ],
  sources: ['RFC 7323 section 5', 'net/ipv4/tcp_input.c: tcp_validate_incoming, tcp_paws_discard, tcp_disordered_ack'],
  capture: 'transfer/segments-refused-because-timestamp-is-old',
};

/** One of the old ones was not sent by the host whose address it carries, as far as TTL and IP ID tell. */
function hasOtherOrigin({ part }: Case): boolean {
  const stamped = part.moments.filter(({ hasTimestamps, ipId }) => hasTimestamps && ipId > 0);
  return stamped.some((moment, i) => {
    const before = stamped[i - 1];
    if (before === undefined || ((moment.tsval - before.tsval) | 0) >= 0) return false;
    const step = ((moment.ipId - before.ipId) << 16) >> 16;
    return moment.ttl !== before.ttl || Math.abs(step) > 64;
  });
}
