import { countText, durationText } from '../../hosts/wording.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import { type Cause, explain } from '../cause.js';

/** Nanoseconds: SYNs so close together are handled at the same time on two CPUs. */
const BURST = 20e6;
/** Nanoseconds that the first repetition takes at most, with the way there and back. */
const ONE_SECOND = 1.5e9;

export const conntrackInsertRace: Cause = {
  id: 'conntrack-insert-race',
  title: 'Two new connections get the same NAT port, and one SYN is dropped (insert_failed)',
  where: 'the path',
  mechanism: `A node that masquerades gives a new connection a source port when its first packet passes (nf_nat_setup_info), but enters it into
    the table only when the packet leaves (__nf_conntrack_confirm). Two connections to the same destination, handled on two CPUs in between, can
    get the same port: the second one finds the place taken, insert_failed is counted and its SYN is dropped. The repetition a second later gets a
    new port and passes. It takes parallel new connections from one node to one address and port, as containers make them; DNS over UDP knows the
    same race as a pause of five seconds.`,
  explains: [
    explain(synRepeated, ({ syns, delay, answersFirst, dropped }, { story, hosts, peer, alsoShows }) => {
      if (alsoShows(synStrangelyAnswered) !== undefined || answersFirst || dropped !== undefined || syns > 2 || story.isAt(peer)) return undefined;
      const because = [];
      const against = ['the capture does not show whether the SYN left the node that translates its address'];
      if (delay < ONE_SECOND) because.push(`exactly one SYN was lost, and the repetition was answered, ${durationText(delay)} after the first`);
      const from = story.client.syns[0]?.time ?? 0;
      const listener = hosts.listeners.called(story.serverSocket);
      const parallel = listener.attempts.filter(({ stream, from: at }) => stream !== story.flow.stream && Math.abs(at - from) < BURST).length;
      if (parallel > 0) because.push(`${countText(parallel, 'other connection')} to the same address and port began within 20 ms of it`);
      else against.push('no other connection to the same address and port began at the same time');
      return { certainty: 'possible', because, against };
    }),
  ],
  counters: ['TcpExtTCPSynRetrans'],
  dropReasons: ['NETFILTER_DROP'],
  facts: [{ at: 'this end', raises: ['TcpExtTCPSynRetrans'] }],
  confirm: [
    {
      run: 'conntrack -S; sleep 60; conntrack -S',
      expect: 'on the node that translates: insert_failed rises, about once for each connect of one second',
    },
    {
      run: 'tcpdump -ni any host SERVER and port PORT',
      expect: 'on that node: the first SYN comes in from the container and does not leave, the second one does',
    },
    {
      run: "nft list ruleset | grep -i masquerade; iptables-save -t nat | grep -iE 'masq|snat'",
      expect: 'rules without "fully-random" or "--random-fully"',
    },
  ],
  remedy: [
    'Choose the ports at random: "masquerade fully-random" in nft, --random-fully with MASQUERADE or SNAT in iptables; the race gets rare.',
    'Translate to several addresses, or route the container addresses without NAT.',
    'Keep connections open: no new connection, no race.',
  ],
  avoid: ['Raising net.netfilter.nf_conntrack_max: the table is not full, two entries want the same place.'],
  mimics: [
    { cause: 'syn-lost-on-path', tell: 'there the SYN leaves the node, and it happens without NAT as well' },
    { cause: 'conntrack-table-full', tell: 'there drop rises instead of insert_failed, and dmesg says so' },
    { cause: 'ipvs-port-reuse-delay', tell: 'there the client uses a port that it had used shortly before' },
  ],
  sources: [
    'net/netfilter/nf_conntrack_core.c: __nf_conntrack_confirm',
    'net/netfilter/nf_nat_core.c: nf_nat_setup_info',
    'conntrack(8): insert_failed',
  ],
  capture: 'handshake/syn-dropped-because-nat-ports-clash',
};
