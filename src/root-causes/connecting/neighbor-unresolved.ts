import { countText, durationText, timesText } from '../../hosts/wording.js';
import { connectionRejected } from '../../patterns/connecting/connection-rejected.js';
import { neighbourSilent } from '../../patterns/path/neighbour-silent.js';
import { type Cause, explain, explainHost } from '../cause.js';

/** What a router says that has found no neighbour, and when: it asks three times (mcast_solicit), a second apart. Nanoseconds. */
const UNREACHABLE = /^(host|address) unreachable/;
const THREE_REQUESTS = { shortest: 2.7e9, longest: 4.6e9 };

export const neighborUnresolved: Cause = {
  id: 'neighbor-unresolved',
  title: 'The link address of the next hop cannot be found (ARP, neighbour discovery)',
  where: 'the path',
  mechanism: `Before the first packet leaves, the kernel must know the link address of the next hop. neigh_timer_handler() asks three times, a
    second apart (mcast_solicit, retrans_time_ms); the SYN waits in the queue of the neighbour entry and never appears in the capture. Then
    neigh_invalidate() throws the queue away and reports "host unreachable" to the socket: connect() fails with EHOSTUNREACH after about 3 s. When it
    happens to a router on the way, the SYNs leave, and its ICMP error comes 3 s after the first of them. The
    host is down, has another address, is in another VLAN, or the netmask makes this host look for it on the wrong network. A full neighbour table
    does the same to everybody.`,
  explains: [
    explainHost(neighbourSilent, ({ requests, attempts, asker, hearsAnswers }) => {
      const because = [
        `${asker} asked ${timesText(requests)} and nobody answered`,
        `among them ${countText(attempts, 'attempt')} of three requests a second apart, after which the kernel gives up`,
      ];
      if (hearsAnswers) return { certainty: 'certain', because };
      return { certainty: 'possible', because, against: ['no answer to that host was captured at all: they may take another way'] };
    }),
    explain(connectionRejected, ({ error, sinceFirst }) => {
      const isOfThreeRequests = sinceFirst > THREE_REQUESTS.shortest && sinceFirst < THREE_REQUESTS.longest;
      if (!UNREACHABLE.test(error) || !isOfThreeRequests) return undefined;
      const because = [
        `"${error}" came ${durationText(sinceFirst)} after the first SYN: a router says so when three requests, a second apart, have brought no answer`,
        'a rule would have rejected the first SYN at once',
      ];
      return { certainty: 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.neigh.default.mcast_solicit', 'net.ipv4.neigh.default.retrans_time_ms', 'net.ipv4.neigh.default.gc_thresh3'],
  counters: ['TcpExtTCPSpuriousRtxHostQueues', 'IcmpInDestUnreachs', 'TcpAttemptFails'],
  dropReasons: ['NEIGH_FAILED', 'NEIGH_QUEUEFULL'],
  confirm: [
    { run: 'ip neigh show ADDRESS', expect: 'on the host or router that asks: INCOMPLETE while it does, FAILED afterwards' },
    { run: 'ip route get ADDRESS; ip -br addr', expect: 'whether ADDRESS should be asked for on this network at all, or be sent to a gateway' },
    {
      run: 'arping -I IF -c 3 ADDRESS',
      expect: 'no answer either; "Received" other than 0 means that replies come, but too late or to another interface',
    },
    {
      run: "dmesg | grep 'neighbor table overflow'; ip neigh | wc -l",
      expect: 'an overflow, or about as many entries as gc_thresh3 (1024 by default)',
    },
  ],
  remedy: [
    'See to it that the next hop is up and has this address: link, VLAN, port security, security group, bridge, virtual switch.',
    'Correct the netmask or the route if ADDRESS does not belong on this network.',
    'After an overflow raise net.ipv4.neigh.default.gc_thresh1, gc_thresh2 and gc_thresh3 together, or split the network.',
  ],
  avoid: [
    'Looking at the firewall of the target: no packet has left yet.',
    'Static neighbour entries as a cure: they hide the fault until the network card of the other host is changed.',
  ],
  mimics: [
    { cause: 'firewall-reject-icmp', tell: 'there a rule says no, and at the first SYN; a router that finds no neighbour needs three seconds' },
    { cause: 'syn-unanswered-blackhole', tell: 'there SYNs are in the capture, and the error comes after two minutes' },
  ],
  sources: ['RFC 826', 'RFC 4861 section 7.2', 'net/core/neighbour.c: neigh_timer_handler, neigh_invalidate', 'net/ipv4/arp.c: arp_error_report'],
  capture: 'path/neighbour-does-not-answer-arp',
};
