import { countText, timesText } from '../../hosts/wording.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { type Cause, explain, type Weight } from '../cause.js';

/** Where neither end can be told to be near, the SYN-ACKs may have been lost behind the point of capture. */
const UNPLACED: Weight = {
  certainty: 'possible',
  because: ['SYN-ACKs are in the capture, and the client goes on repeating its SYN'],
  against: ['nothing tells where the capture was made; it would have to be at the client'],
};

export const synackDroppedAtClient: Cause = {
  id: 'synack-dropped-at-client',
  title: 'The client host itself drops the SYN-ACK',
  where: 'the peer',
  mechanism: `tcpdump taps packets before netfilter and the IP layer see them, so a SYN-ACK can be in the client's capture and never reach its TCP.
    Whatever reaches TCP gets an answer: tcp_v4_rcv() finds the socket in SYN_SENT and sends the ACK, or finds none and sends a reset. A SYN-ACK
    without either was thrown away in between: by an INPUT rule, often one that relies on conntrack and lacks the entry, by the reverse path filter,
    by XDP or a socket filter, or for a wrong checksum.`,
  explains: [
    explain(synAckRepeated, ({ repeats, wasAcknowledged, clientRepeatsToo }, { story, peer }) => {
      if (wasAcknowledged || peer.resets.length > 0) return undefined;
      if (story.vantage === 'unknown' && clientRepeatsToo) return UNPLACED;
      if (!story.isAt(peer)) return undefined;
      const because = [
        `${countText(repeats + 1, 'SYN-ACK')} reached the host of the client, where the capture was made`,
        'neither an ACK nor a reset left it',
      ];
      if (clientRepeatsToo) because.push('the client goes on repeating its SYN: its TCP has seen no answer');
      const against = clientRepeatsToo ? [] : ['the client did not repeat its SYN: it may have been made by a scanner and not by TCP'];
      if (story.server.endpoint.badChecksums > 0) against.push('SYN-ACKs have a wrong checksum, which is reason enough to drop them');
      return { certainty: 'likely', because, against };
    }),
    explain(synRepeated, ({ synAcks }, { story, part }) => {
      const answer = story.server.syns[0];
      const inVain = part.syns.filter(({ frame }) => answer !== undefined && frame > answer.frame).length;
      if (!story.isAt(part) || inVain === 0) return undefined;
      const because = [
        `${countText(synAcks, 'SYN-ACK')} reached the host of the client, where the capture was made`,
        `all the same it repeated its SYN ${timesText(inVain)} after the first of them`,
      ];
      return { certainty: 'likely', where: 'this end', because };
    }),
  ],
  sysctls: ['net.ipv4.conf.all.rp_filter', 'net.netfilter.nf_conntrack_tcp_loose'],
  counters: ['TcpExtTCPSynRetrans', 'TcpExtIPReversePathFilter', 'TcpInCsumErrors'],
  dropReasons: ['NETFILTER_DROP', 'IP_RPFILTER', 'TCP_CSUM', 'SOCKET_FILTER'],
  facts: [{ shows: ['TcpExtIPReversePathFilter', 'TcpInCsumErrors'], raises: ['TcpExtTCPSynRetrans'] }],
  confirm: [
    {
      run: 'nft list ruleset -a; iptables-save -c',
      expect: 'on the client: an INPUT or prerouting rule that matches the SYN-ACK and whose counter rises with each',
    },
    {
      run: "bpftrace -e 'tracepoint:skb:kfree_skb { @[args.reason, kstack(4)] = count(); }'",
      expect: 'on the client (5.17 and later): NETFILTER_DROP or IP_RPFILTER while SYN-ACKs come in',
    },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtIPReversePathFilter TcpInCsumErrors TcpInSegs',
      expect: 'on the client: which of the first two rises; none of them for a netfilter rule',
    },
    {
      run: 'conntrack -E -p tcp --dport PORT',
      expect: 'on the client: SYN_SENT that never becomes ESTABLISHED, or no entry at all for a SYN that bypasses conntrack',
    },
  ],
  remedy: [
    'Accept answers before anything else: ct state established,related accept, as the first INPUT rule.',
    'Do not mark the SYN as untracked (notrack) when the rules for the answer need conntrack.',
    'With several interfaces: make the SYN-ACK come in where the SYN went out, or set net.ipv4.conf.IF.rp_filter = 2.',
  ],
  avoid: [
    'Searching the network or the server: the capture shows that the SYN-ACK had arrived.',
    'Raising net.ipv4.tcp_syn_retries: every further SYN-ACK is dropped as well.',
  ],
  mimics: [
    { cause: 'third-ack-or-synack-lost', tell: 'there a capture at the client shows no SYN-ACK, or shows the ACK leaving' },
    { cause: 'rp-filter-drop', tell: 'one of the ways this happens: TcpExtIPReversePathFilter rises on the client' },
    { cause: 'client-rejects-synack-bad-ack', tell: 'there the client answers the SYN-ACK with a reset' },
  ],
  sources: ['RFC 9293 section 3.10.7.3', 'net/core/dev.c: __netif_receive_skb_core', 'net/ipv4/tcp_ipv4.c: tcp_v4_rcv', 'nft(8)'],
  capture: 'handshake/syn-acks-dropped-at-client',
};
