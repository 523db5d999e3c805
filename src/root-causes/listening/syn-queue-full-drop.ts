import { countText } from '../../hosts/wording.js';
import { synUnanswered } from '../../patterns/connecting/syn-unanswered.js';
import { halfOpenPile } from '../../patterns/listening/half-open-pile.js';
import { type Cause, explain, explainHost } from '../cause.js';
import { queuesDuring } from '../clues/queues.js';
import { is } from '../testimony/sign.js';

/** Fewer fill no queue. */
const FEWEST_HALF_OPEN = 2;
const MANY_HALF_OPEN = 4;

export const synQueueFullDrop: Cause = {
  id: 'syn-queue-full-drop',
  title: 'SYN queue full, and SYN cookies are off',
  where: 'the peer',
  mechanism: `Each SYN that was answered with a SYN-ACK leaves a request waiting for its ACK, for up to 63 s. When a listener has as many of them as
    its backlog allows, tcp_conn_request() asks tcp_syn_flood_action(): with net.ipv4.tcp_syncookies = 1 (the default) it answers with a cookie,
    with 0 it drops the SYN in silence. With 0 it also keeps the last quarter of net.ipv4.tcp_max_syn_backlog for peers that it knows, and drops the
    others. The limit is the backlog of listen(), capped by net.core.somaxconn, not net.ipv4.tcp_max_syn_backlog.`,
  explains: [
    explain(synUnanswered, ({ span }, given) => {
      const start = given.story.client.syns[0]?.time ?? 0;
      const { halfOpen, accepted, ignored, unanswered } = queuesDuring(given, start, start + span);
      if (halfOpen < FEWEST_HALF_OPEN) return undefined;
      const because = [`the same listener had ${countText(halfOpen, 'half-open connection')} waiting for the ACK when it ignored this SYN`];
      if (unanswered > 0) because.push(`it ignored ${countText(unanswered, 'other SYN')} at that time as well`);
      const isMany = halfOpen >= MANY_HALF_OPEN;
      const against: string[] = [];
      if (!isMany) against.push('so few requests fill the queue only of a listener with a tiny backlog');
      if (accepted > 0 && isMany) against.push(`${countText(accepted, 'connection')} to it did work at that time`);
      if (ignored > 0) against.push(`it also ignored ${countText(ignored, 'completed handshake')}, which a full accept queue does`);
      return { certainty: isMany && ignored === 0 ? 'likely' : 'possible', because, against };
    }),
    explainHost(halfOpenPile, ({ most, ignored, accepted }) => {
      if (ignored === 0) return undefined; // with room, or with cookies
      const because = [
        `${most} requests were waiting for their ACK at the same time`,
        `${countText(ignored, 'SYN')} got no answer while they waited`,
      ];
      if (accepted === 0) because.push('no connection was accepted meanwhile, as SYN cookies would have allowed');
      const against = accepted > ignored ? [`${accepted} connections were accepted meanwhile`] : [];
      return { certainty: 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_syncookies', 'net.core.somaxconn', 'net.ipv4.tcp_synack_retries', 'net.ipv4.tcp_max_syn_backlog'],
  counters: ['TcpExtTCPReqQFullDrop', 'TcpExtListenDrops'],
  facts: [
    {
      needs: { 'net.ipv4.tcp_syncookies': is('0') },
      shows: ['TcpExtTCPReqQFullDrop'],
      raises: ['TcpExtListenDrops'],
      log: /Possible SYN flooding on port .*Dropping request/,
    },
  ],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_syncookies', expect: '= 0 on the server; with 1 this is not the cause' },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPReqQFullDrop TcpExtListenDrops TcpExtListenOverflows',
      expect:
        'TCPReqQFullDrop and ListenDrops rise together, ListenOverflows stands still. Only ListenDrops rises when the last quarter is kept back',
    },
    {
      run: "ss -tn state syn-recv 'sport = :PORT' | tail -n +2 | wc -l",
      expect: 'as many as the Send-Q that ss -ltn shows for the listener, or one more',
    },
    { run: "dmesg | grep 'Possible SYN flooding'", expect: '"Dropping request", once for each listener' },
  ],
  remedy: [
    'Set net.ipv4.tcp_syncookies = 1: no SYN is dropped for want of room in the SYN queue any more.',
    'If the load is legitimate, raise the backlog of listen() together with net.core.somaxconn.',
    'If it is a flood, filter it upstream, or let SYNPROXY answer it.',
    'If the SYN-ACKs do not reach their clients, repair the way back: each of them holds a place for a minute.',
  ],
  avoid: [
    'Raising net.ipv4.tcp_max_syn_backlog alone: the queue is limited by the backlog of listen(), and that number matters only with cookies off.',
    'net.ipv4.tcp_synack_retries = 1 to free places sooner: clients on a lossy path pay for it, and cookies make it pointless.',
  ],
  mimics: [
    { cause: 'syn-dropped-accept-queue-full', tell: 'there handshakes are completed and not accepted, and TcpExtListenOverflows rises' },
    { cause: 'syn-flood-half-open', tell: 'that is where the half-open requests come from; with cookies on it alone makes no SYN go unanswered' },
  ],
  sources: [
    'RFC 4987 section 3.6',
    'Documentation/networking/ip-sysctl.rst: tcp_syncookies, tcp_max_syn_backlog',
    'net/ipv4/tcp_input.c: tcp_conn_request, tcp_syn_flood_action',
    'include/net/inet_connection_sock.h: inet_csk_reqsk_queue_is_full',
  ],
  capture: 'handshake/syns-ignored-because-syn-queue-full',
};
