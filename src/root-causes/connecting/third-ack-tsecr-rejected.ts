import { timesText } from '../../hosts/wording.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { isAcknowledgment } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';
import { echoesForeign } from '../clues/foreign-echo.js';

export const thirdAckTsecrRejected: Cause = {
  id: 'third-ack-tsecr-rejected',
  title: 'The ACK of the handshake echoes a timestamp that the server never sent',
  where: 'this end',
  kernels: { since: '6.15' },
  mechanism: `The ACK that completes the handshake must echo a timestamp of one of the SYN-ACKs. Since 6.15 tcp_check_req() compares: a TSecr
    outside of what was sent (between the first and the last SYN-ACK) is answered with a bare ACK, and the request stays half-open and repeats its
    SYN-ACK. A TSecr of 0 is let through. Such an echo comes from a box on the path that rewrites timestamps in one direction only, or from a
    forged ACK. Older kernels accepted it, so that the trouble begins with an upgrade of the server.`,
  explains: [
    explain(synAckRepeated, ({ wasAcknowledged, repeats }, { part, peer, story }) => {
      const [synAck] = part.syns;
      if (!wasAcknowledged || synAck === undefined || !synAck.hasTimestamps) return undefined;
      const foreign = peer.moments.find((moment) => isAcknowledgment(moment) && moment.frame > synAck.frame && echoesForeign(moment, part));
      if (foreign === undefined) return undefined;
      const because = [
        'the client acknowledged the SYN-ACK with a TSecr that the server had not sent',
        `the SYN-ACK was repeated ${timesText(repeats)} all the same`,
      ];
      const bare = part.moments.find((moment) => isAcknowledgment(moment) && moment.length === 0 && moment.frame > foreign.frame);
      const isChallenged = bare !== undefined && bare.seq === ((synAck.seq + 1) | 0) && bare.ipId <= 0;
      if (isChallenged) because.push('the server answered with a bare ACK, as tcp_check_req() does');
      const against = story.isAt(part) ? [] : ['not captured at the server: SYN-ACKs with that timestamp may have escaped the capture'];
      return { certainty: isChallenged && story.isAt(part) ? 'certain' : isChallenged ? 'likely' : 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_timestamps'],
  counters: ['TcpExtTSEcrRejected', 'TcpExtTCPSynRetrans'],
  dropReasons: ['TCP_RFC7323_TSECR'],
  facts: [{ proof: ['TcpExtTSEcrRejected'] }],
  confirm: [
    {
      run: 'nstat -az TcpExtTSEcrRejected; sleep 10; nstat -z TcpExtTSEcrRejected',
      expect: 'on the server: rises with each such ACK; the counter does not exist up to 6.12',
    },
    { run: "perf trace -e skb:kfree_skb --filter 'reason > 2'", expect: 'on the server: TCP_RFC7323_TSECR' },
    {
      run: "tcpdump -ni any 'host SERVER and port PORT'",
      expect: 'on both ends at once: the TS val of the SYN-ACK differs between server and client',
    },
  ],
  remedy: [
    'Find the box that rewrites timestamps (firewalls call it normalisation or scrubbing) and make it translate both directions, or none.',
    'If that cannot be: let it strip the option from the SYN, so that both ends do without.',
  ],
  avoid: ['Going back to an older kernel: the echo is wrong all the same, and round trip times and PAWS with it.'],
  mimics: [
    { cause: 'accept-queue-overflow-ack-ignored', tell: 'there the ACK is right, nothing answers it, and TcpExtListenOverflows rises' },
    { cause: 'third-ack-or-synack-lost', tell: 'there the ACK is not in the capture of the server' },
    { cause: 'defer-accept-ack-ignored', tell: 'there the ACK is right, and the SYN-ACK is repeated late' },
  ],
  sources: ['RFC 7323 section 3.2', 'net/ipv4/tcp_minisocks.c: tcp_check_req'],
  capture: 'handshake/final-ack-rejected-because-timestamp-echo-is-wrong',
};
