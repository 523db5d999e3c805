import { ACK, AE, CWR } from '../../decode/flags.js';
import { countText, timesText } from '../../hosts/wording.js';
import { congestionMarked } from '../../patterns/path/congestion-marked.js';
import type { Story } from '../../patterns/story.js';
import { type Cause, explain, type Weight } from '../cause.js';

export const ecnCongestionResponse: Cause = {
  id: 'ecn-congestion-response',
  title: 'A router marks packets (ECN), and the sender slows down without a loss',
  where: 'the path',
  mechanism: `When both SYNs have agreed on ECN, data leaves with ECT in its IP header, and a queue that grows too long (fq_codel, RED, a switch)
    changes that to CE instead of dropping the packet. The receiver's tcp_ecn_check_ce() makes every ACK carry ECE until it sees CWR; the sender's
    tcp_enter_cwr() lowers the congestion window once a round trip, as after a loss (cubic to 70 %), and confirms with CWR. DCTCP lowers it by the
    share of marked packets instead. Nothing is lost and nothing is sent again. With AccECN the same three flags are a counter of marks.`,
  explains: [
    explain(congestionMarked, ({ marks, echoes, reductions }, { part, peer, story }) => {
      if (countsMarks(story)) return accurate(marks);
      const because = [];
      if (marks > 0) because.push(`${countText(marks, 'segment')} arrived with CE in the IP header, which only a queue on the way sets`);
      if (echoes > 0) because.push(`${countText(echoes, 'ACK')} of the receiver carried ECE`);
      if (reductions > 0) because.push(`the sender confirmed ${timesText(reductions)} with CWR that it had slowed down`);
      const against = [];
      if (echoes === 0 && story.isAt(peer)) against.push('the receiver passed no mark on: it did not agree on ECN, or a box set the bits by mistake');
      if (reductions === 0 && story.isAt(part)) against.push('the sender never confirmed: it may not have slowed down');
      return { certainty: against.length === 0 && echoes > 0 ? 'certain' : 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_ecn'],
  counters: ['IpExtInCEPkts', 'TcpExtTCPDeliveredCE'],
  facts: [
    { at: 'this end', shows: ['TcpExtTCPDeliveredCE'] },
    { at: 'the peer', shows: ['IpExtInCEPkts'] },
  ],
  confirm: [
    {
      run: 'nstat -az IpExtInCEPkts IpExtInECT0Pkts; sleep 10; nstat -z IpExtInCEPkts IpExtInECT0Pkts',
      expect: 'on the receiver: the share of the first is the share of marks',
    },
    { run: 'nstat -az TcpExtTCPDeliveredCE; sleep 10; nstat -z TcpExtTCPDeliveredCE', expect: 'on the sender: rises with the marks' },
    { run: "ss -tni 'dst PEER'", expect: 'on the sender: ecn, ecnseen, and a cwnd that falls without retrans' },
    { run: 'tc -s qdisc show dev IF', expect: 'on a Linux router, or the sender itself: ecn_mark or marked rises: this is the queue' },
  ],
  remedy: [
    'Nothing, when the link is simply full: this is congestion control without losses, as it should be.',
    'Otherwise find the queue that marks: its link is the bottleneck, or its marking threshold is too low for the speed.',
  ],
  avoid: [
    'Switching ECN off (net.ipv4.tcp_ecn = 0) to become faster: the same queue then drops, and each drop costs a repair.',
    'Taking the ACKs with ECE for duplicate ACKs, or for losses.',
  ],
  mimics: [
    { cause: 'bufferbloat', tell: 'there the queue neither marks nor drops, and the round trips grow instead' },
    { cause: 'sack-fast-recovery-loss', tell: 'there the queue drops, and segments are sent again' },
    { cause: 'ecn-syn-blackhole', tell: 'there SYNs that ask for ECN vanish' },
  ],
  sources: [
    'RFC 3168 sections 5 and 6.1',
    'net/ipv4/tcp_input.c: tcp_ecn_check_ce, tcp_enter_cwr',
    'Documentation/networking/ip-sysctl.rst: tcp_ecn',
  ],
  capture: 'path/congestion-marked-with-ecn',
};

/** Both ends have agreed on AccECN: AE, CWR and ECE are a counter, which stands at 5 before the first mark. */
function countsMarks({ client, server }: Story): boolean {
  return client.syns.some(({ flags }) => flags & AE && !(flags & ACK)) && server.syns.some(({ flags }) => flags & ACK && flags & (AE | CWR));
}

/** Then only the marks themselves say something, where they can be seen. */
function accurate(marks: number): Weight {
  const against = ['both ends use AccECN: the flags count marks, and are set without any'];
  if (marks === 0) return { certainty: 'possible', because: ['the two ends can mark and count congestion'], against };
  return { certainty: 'certain', because: [`${countText(marks, 'segment')} arrived with CE in the IP header, which only a queue on the way sets`] };
}
