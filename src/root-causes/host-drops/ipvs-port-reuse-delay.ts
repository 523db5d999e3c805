import { durationText } from '../../hosts/wording.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import { type Cause, explain } from '../cause.js';
import { not } from '../testimony/sign.js';

/** Nanoseconds for which IPVS remembers a closed connection (TIME_WAIT and FIN_WAIT, 120 s). */
const REMEMBERED = 121e9;
/** Nanoseconds that the first repetition takes at most, with the way there and back. */
const ONE_SECOND = 1.5e9;

export const ipvsPortReuseDelay: Cause = {
  id: 'ipvs-port-reuse-delay',
  title: 'IPVS drops the SYN of a client port that was used shortly before',
  where: 'the path',
  kernels: { before: '5.9' },
  mechanism: `The load balancer remembers a closed connection for two minutes. When a SYN comes from the same address and port again and
    net.ipv4.vs.conn_reuse_mode is not 0, ip_vs_in() wants to choose a real server anew. With net.ipv4.vs.conntrack on, kernels before 5.9 could
    not do that at once: they drop the entry and the SYN, and the repetition a second later is scheduled. With conn_reuse_mode = 0 the SYN goes to
    the old real server, even if that has been taken out of service. Clients that open connections fast to one virtual address come back to the
    same port within two minutes; Kubernetes in IPVS mode showed it much.`,
  explains: [
    explain(synRepeated, ({ syns, delay, answersFirst, dropped }, { story, alsoShows }) => {
      if (alsoShows(synStrangelyAnswered) !== undefined || answersFirst || dropped !== undefined || syns > 2) return undefined;
      const { previous } = story.flow;
      const age = previous === undefined ? undefined : story.flow.firstTime - previous.lastTime;
      if (age !== undefined && age > REMEMBERED) return undefined;
      const because = [];
      const against = ['whether there is an IPVS load balancer on the path cannot be seen'];
      if (delay < ONE_SECOND) because.push(`exactly one SYN was lost, and the repetition was answered, ${durationText(delay)} after the first`);
      if (age === undefined) against.push('no earlier connection between the same ports is in the capture');
      else because.push(`the same two ports had ended stream ${previous?.stream} ${durationText(age)} before`);
      return { certainty: 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.vs.conn_reuse_mode', 'net.ipv4.vs.conntrack', 'net.ipv4.vs.expire_nodest_conn'],
  counters: ['TcpExtTCPSynRetrans'],
  facts: [{ at: 'the path', needs: { 'net.ipv4.vs.conn_reuse_mode': not('0') } }],
  confirm: [
    {
      run: 'uname -r; sysctl net.ipv4.vs.conn_reuse_mode net.ipv4.vs.conntrack',
      expect: 'on the load balancer: a kernel before 5.9, and both are 1',
    },
    { run: 'ipvsadm -Lcn | grep CLIENT:PORT', expect: 'the entry of the old connection in TIME_WAIT or FIN_WAIT, just before the SYN comes' },
    {
      run: 'tcpdump -ni any tcp port PORT and host CLIENT',
      expect: 'on the load balancer: the first SYN comes in and does not go out to a real server',
    },
  ],
  remedy: [
    'Use a kernel of 5.9 or later on the load balancer (some distributions have brought the change to older ones).',
    'Keep connections open: what does not open new ones does not come back to the same port.',
    'Widen net.ipv4.ip_local_port_range on the clients, or use more client or virtual addresses, so that ports come back later.',
  ],
  avoid: [
    'net.ipv4.vs.conn_reuse_mode = 0 without a second thought: SYNs with a reused port then go to real servers that are drained or dead.',
    'net.ipv4.tcp_tw_reuse = 1 on the clients as a cure: it makes ports come back sooner.',
  ],
  mimics: [
    { cause: 'syn-lost-on-path', tell: 'there the ports need not have been used before' },
    { cause: 'conntrack-insert-race', tell: 'there other connections begin at the same instant, and conntrack -S counts insert_failed' },
    { cause: 'timewait-syn-challenged', tell: 'there the old connection is remembered by the server itself, which answers with an ACK' },
  ],
  sources: ['Documentation/networking/ipvs-sysctl.rst: conn_reuse_mode', 'net/netfilter/ipvs/ip_vs_core.c: ip_vs_in'],
  capture: 'handshake/syn-dropped-because-ipvs-remembers-the-port',
};
