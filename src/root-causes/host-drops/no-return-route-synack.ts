import { countText } from '../../hosts/wording.js';
import { synUnanswered } from '../../patterns/connecting/syn-unanswered.js';
import { type Cause, explain } from '../cause.js';
import { arrivalOf, doubtOfArrival, otherAnswers, silenceOf, stampReason } from '../clues/silence.js';

export const noReturnRouteSynack: Cause = {
  id: 'no-return-route-synack',
  title: 'The server has no route back to the client',
  where: 'the peer',
  mechanism: `Before tcp_conn_request() sends a SYN-ACK it looks up the route to the client. Without one it drops the request: no SYN-ACK, no
    reset, no ICMP error, not even an ARP request. TcpExtListenDrops rises, which is easily mistaken for a full queue, but TcpExtListenOverflows
    does not. Because the SYN counts as consumed, no drop reason appears in skb:kfree_skb either. A missing default route, a rule that points to
    an empty table, an "unreachable" or "blackhole" route and a VRF that the listener does not belong to all end here.`,
  explains: [
    explain(synUnanswered, ({ syns }, given) => {
      const silence = silenceOf(given);
      if (silence.answeredMeanwhile > 0) return undefined;
      const because = ['neither a reset nor an ICMP error came back: without a route nothing can', ...arrivalOf(silence)];
      if (silence.answeredStrangers > 0 && silence.answeredElse === 0)
        because.push(`the listener answered ${countText(silence.answeredStrangers, 'SYN')} from other addresses: it depends on the source`);
      if (silence.hasArrived && syns > 3) because.push(`all ${syns} SYNs met the same fate: a route does not recover by itself`);
      return { certainty: 'possible', because, against: [...doubtOfArrival(silence, given), ...otherAnswers(silence), ...stampReason(silence)] };
    }),
  ],
  counters: ['IpOutNoRoutes', 'TcpExtListenDrops'],
  facts: [{ shows: ['IpOutNoRoutes', 'Ip6OutNoRoutes'], raises: ['TcpExtListenDrops'] }],
  confirm: [
    {
      run: "nstat -az 'TcpExtListen*' IpOutNoRoutes; sleep 10; nstat -z 'TcpExtListen*' IpOutNoRoutes",
      expect: 'on the server: IpOutNoRoutes and ListenDrops rise by one with each SYN, ListenOverflows stands still (over IPv6: Ip6OutNoRoutes)',
    },
    { run: 'ip route get CLIENT from SERVER', expect: 'on the server: "Network is unreachable", or a route through the wrong gateway' },
    { run: 'ip rule; ip route show table all', expect: 'which rule and table answer for that source' },
    { run: 'tcpdump -ni any host CLIENT', expect: 'no SYN-ACK on any interface; one that leaves elsewhere is an asymmetric path instead' },
  ],
  remedy: [
    'Add the missing route: the default route, or one for the network of the client, in the table that the rules select for it.',
    'Check what takes it away: DHCP, VPN clients, network managers and container tools rewrite routes; set it where they are configured.',
  ],
  avoid: ['Enlarging backlog or net.core.somaxconn because ListenDrops rises: without ListenOverflows no queue is full.'],
  mimics: [
    { cause: 'rp-filter-drop', tell: 'there TcpExtIPReversePathFilter rises, and ListenDrops does not' },
    { cause: 'syn-dropped-accept-queue-full', tell: 'there ListenOverflows rises together with ListenDrops, and it comes and goes with the load' },
    { cause: 'syn-unanswered-blackhole', tell: 'there the SYN never arrives, or the SYN-ACK leaves the server and gets lost' },
  ],
  sources: ['net/ipv4/tcp_input.c: tcp_conn_request', 'net/ipv4/inet_connection_sock.c: inet_csk_route_req'],
  capture: 'path/syns-unanswered-because-no-return-route',
};
