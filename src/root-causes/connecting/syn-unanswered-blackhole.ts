import { countText, durationText } from '../../hosts/wording.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { synUnanswered } from '../../patterns/connecting/syn-unanswered.js';
import type { Story } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';
import { acceptedElsewhere, type Queues, queuesDuring } from '../clues/queues.js';
import type { Sign } from '../testimony/sign.js';

/** So many SYNs in a row are not lost by chance. */
const OUTAGE = 4;
const MANY_HALF_OPEN = 4;
/** A kernel counts what it repeats; a scanner repeats SYNs of its own. */
const REPEATED: Sign = { at: 'this end', raises: ['TcpExtTCPSynRetrans'], quotes: ['net.ipv4.tcp_syn_retries'] };

export const synUnansweredBlackhole: Cause = {
  id: 'syn-unanswered-blackhole',
  title: 'The SYN, or every answer to it, vanishes on the path',
  where: 'the path',
  mechanism: `A filter that drops, a route into nowhere or a dead host: nobody tells the client. In SYN_SENT tcp_retransmit_timer() sends the same
    SYN again (same ports, same sequence number, only the timestamp moves on) until tcp_write_timeout() gives up with ETIMEDOUT. Since 6.5 SYNs
    leave at 0, 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s, because net.ipv4.tcp_syn_linear_timeouts (4) is added to net.ipv4.tcp_syn_retries (6), and
    connect() fails after 131 s. From 3.7 to 6.4 it is 0, 1, 3, 7, 15, 31, 63 s and 127 s. Before 3.1 the first wait was 3 s and the end came after
    189 s.`,
  explains: [
    explain(synUnanswered, ({ syns, span }, given) => {
      const { story, peer, hosts } = given;
      if (story.isAt(peer)) return undefined; // the SYN has come through
      const start = story.client.syns[0]?.time ?? 0;
      const others = queuesDuring(given, start, start + span);
      const because = [`${countText(syns, 'SYN')} and no reaction at all: no SYN-ACK, no reset, no ICMP error`];
      const elsewhere = acceptedElsewhere(given, start, start + span);
      if (elsewhere > 0)
        because.push(`${countText(elsewhere, 'connection')} to other ports of that address worked meanwhile, which speaks for a filter`);
      if (others.unanswered > 0 && others.accepted + others.halfOpen + others.ignored === 0)
        because.push(`${countText(others.unanswered, 'other attempt')} at the same port met the same silence, and none was answered`);
      const facts = syns > 1 ? [REPEATED] : [];
      const endedHere = hosts.vantages.endedHere(story.flow);
      if (endedHere) because.push('they came in at the capturing host, which forwards between these two, and never left it: it dropped them itself');
      return { certainty: endedHere ? 'likely' : 'possible', because, against: endedHere ? [] : signsOfLife(others, story), facts };
    }),
    explain(synRepeated, ({ syns, delay, answersFirst, dropped }, given) => {
      const { story, peer } = given;
      if (story.isAt(peer) || answersFirst || dropped !== undefined || syns < OUTAGE) return undefined;
      const start = story.client.syns[0]?.time ?? 0;
      const because = [
        `${syns - 1} SYNs in a row met silence for ${durationText(delay)}, then one was answered: the path may have been dead for a while`,
      ];
      const against = signsOfLife(queuesDuring(given, start, start + delay), story);
      return { certainty: 'possible', because, against, facts: [REPEATED] };
    }),
  ],
  sysctls: ['net.ipv4.tcp_syn_retries', 'net.ipv4.tcp_syn_linear_timeouts'],
  counters: ['TcpRetransSegs', 'TcpExtTCPSynRetrans', 'TcpExtTCPTimeouts', 'TcpExtTCPAbortOnTimeout', 'TcpAttemptFails'],
  confirm: [
    {
      run: "tcpdump -ni any 'tcp[tcpflags] & tcp-syn != 0 and port PORT'",
      expect: 'on the server, during an attempt: the SYN does not show up. If it does, the cause is on the server',
    },
    { run: 'traceroute -T -p PORT SERVER', expect: 'on the client: the last hop that answers is the one before the filter or the broken route' },
    {
      run: "ss -tno state syn-sent 'dport = :PORT'",
      expect: 'on the client: the timer column shows timer:(on,…,n), n being the SYNs repeated so far',
    },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPSynRetrans TcpExtTCPAbortOnTimeout',
      expect: 'on the client: SynRetrans rises with each repeated SYN, AbortOnTimeout with each attempt given up',
    },
  ],
  remedy: [
    'Let the packets through: security group, firewall rule (reject instead of drop makes such failures quick), route, address of the service.',
    'Give the application a connect timeout of its own, a few seconds long, and let it try another address.',
    'For one socket, TCP_SYNCNT or TCP_USER_TIMEOUT ends the attempt earlier.',
  ],
  avoid: [
    'net.ipv4.tcp_syn_retries = 1 for the whole host: then two or three lost packets are enough for a failed connection.',
    'Raising net.ipv4.tcp_syn_retries: it makes people wait longer for the same error.',
  ],
  mimics: [
    { cause: 'syn-dropped-accept-queue-full', tell: 'there the SYN shows in a capture at the server, and TcpExtListenOverflows rises with each' },
    { cause: 'syn-queue-full-drop', tell: 'there many half-open connections wait at the same port, and TcpExtTCPReqQFullDrop rises' },
    { cause: 'host-netfilter-drop', tell: 'there the SYN shows in a capture at the server, and no TCP counter moves' },
    { cause: 'rp-filter-drop', tell: 'there the SYN shows in a capture at the server, and TcpExtIPReversePathFilter rises' },
    { cause: 'no-return-route-synack', tell: 'there the SYN shows in a capture at the server, and IpOutNoRoutes rises' },
    { cause: 'conntrack-table-full', tell: 'there connections that were open before go on, while new ones fail on every port' },
    {
      cause: 'tw-recycle-nat-syn-drop',
      tell: 'there only SYNs with an older timestamp than another of the same address are ignored, by a kernel before 4.12',
    },
    { cause: 'neighbor-unresolved', tell: 'there ARP requests go unanswered and no SYN leaves' },
  ],
  sources: [
    'RFC 9293 section 3.8.3',
    'RFC 6298 section 2',
    'Documentation/networking/ip-sysctl.rst: tcp_syn_retries, tcp_syn_linear_timeouts',
    'net/ipv4/tcp_timer.c: tcp_retransmit_timer, tcp_write_timeout',
  ],
  capture: 'handshake/syn-unanswered-until-timeout',
};

/** What shows that packets of that listener did come through. */
function signsOfLife({ begunMeanwhile, ignored, halfOpen, acceptedShortlyBefore }: Queues, { vantage }: Story): string[] {
  const against: string[] = [];
  if (begunMeanwhile > 0) against.push(`the port answered ${countText(begunMeanwhile, 'connection')} begun meanwhile: the path works`);
  else if (ignored > 0 || halfOpen >= MANY_HALF_OPEN) against.push('SYN-ACKs of the same listener came through at that time: the path works');
  else if (acceptedShortlyBefore > 1)
    against.push(`the port had answered ${countText(acceptedShortlyBefore, 'connection')} in the three seconds before: the path worked then`);
  if (vantage === 'unknown') against.push('nothing tells where the capture was made; if it was at the server, the SYN has arrived there');
  return against;
}
