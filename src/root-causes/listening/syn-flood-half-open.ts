import { countText, durationText } from '../../hosts/wording.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { halfOpenPile } from '../../patterns/listening/half-open-pile.js';
import { type Cause, explain, explainHost } from '../cause.js';
import { queuesDuring } from '../clues/queues.js';

/** This one and three others. */
const MANY_OTHERS = 3;

export const synFloodHalfOpen: Cause = {
  id: 'syn-flood-half-open',
  title: 'SYNs that nobody completes: a flood, or a scan',
  where: 'this end',
  mechanism: `Every SYN costs the listener a request that waits for an ACK. reqsk_timer_handler() repeats its SYN-ACK after 1, 3, 7, 15 and 31 s
    (net.ipv4.tcp_synack_retries = 5) and forgets it after 63 s; once the queue is more than half full it gives older requests as few as two
    repetitions. When the queue is full, net.ipv4.tcp_syncookies = 1 makes tcp_conn_request() answer with a cookie and keep nothing, so that real
    clients still get in; with 0 their SYNs are dropped. Forged senders show as SYNs without any ACK, or with resets from the owners of the
    addresses.`,
  explains: [
    explainHost(halfOpenPile, ({ most, ignored, accepted, clients, span }) => {
      const because = [`${most} requests at the same time without an ACK, opened within ${durationText(span)}`];
      if (accepted < most) because.push(`${accepted === 0 ? 'no connection was' : `only ${countText(accepted, 'connection')}`} accepted meanwhile`);
      if (clients > 3) because.push(`they come from ${clients} addresses`);
      const against: string[] = [];
      if (accepted >= most) against.push(`${accepted} connections were accepted meanwhile: most clients are real`);
      if (clients === 1 && ignored > 0) against.push('one address sent them all: its answers may be lost on the way back');
      return { certainty: accepted >= most ? 'possible' : 'likely', because, against };
    }),
    explain(synAckRepeated, ({ wasAcknowledged, clientRepeatsToo, end }, given) => {
      const start = given.story.server.syns[0]?.time ?? 0;
      const { halfOpen, accepted } = queuesDuring(given, start, given.story.flow.lastTime);
      if (wasAcknowledged || end !== 'open' || halfOpen < MANY_OTHERS) return undefined;
      const because = [`${halfOpen} other requests at the same listener wait for their ACK as well`];
      if (!clientRepeatsToo) because.push('the sender of the SYN asked once and never came back, which a real client does not do');
      if (accepted < halfOpen)
        because.push(`${accepted === 0 ? 'no connection' : `only ${countText(accepted, 'connection')}`} to it came about meanwhile`);
      const against = clientRepeatsToo ? ['the client repeats its SYN as a real one does'] : [];
      return { certainty: clientRepeatsToo ? 'possible' : 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_syncookies', 'net.ipv4.tcp_synack_retries', 'net.core.somaxconn'],
  counters: [
    'TcpExtTCPReqQFullDoCookies',
    'TcpExtSyncookiesSent',
    'TcpExtSyncookiesRecv',
    'TcpExtTCPReqQFullDrop',
    'TcpExtListenDrops',
    'TcpExtTCPSynRetrans',
    'TcpExtTCPTimeouts',
  ],
  facts: [
    {
      shows: ['TcpExtTCPReqQFullDrop'],
      quotes: ['TcpExtTCPReqQFullDoCookies', 'net.ipv4.tcp_syncookies'],
      sockets: ({ fullRequests }) => fullRequests,
      log: /Possible SYN flooding on port/,
    },
  ],
  confirm: [
    {
      run: "ss -tn state syn-recv 'sport = :PORT'",
      expect: 'on the server: many rows; addresses that have no business here, or one address with many ports',
    },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPReqQFullDoCookies TcpExtSyncookiesSent TcpExtSyncookiesRecv TcpExtTCPSynRetrans',
      expect: 'SyncookiesSent rises much faster than SyncookiesRecv: cookies go out and nobody returns them',
    },
    {
      run: "dmesg | grep 'Possible SYN flooding'",
      expect: '"Sending cookies" with net.ipv4.tcp_syncookies = 1, "Dropping request" with 0; once for each listener',
    },
    {
      run: "tcpdump -nvi any 'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn and port PORT'",
      expect: 'the same TTL, window and options from everywhere, or options that no client sends',
    },
  ],
  remedy: [
    'Leave or set net.ipv4.tcp_syncookies = 1: then the flood costs packets, and no connections.',
    'Filter it upstream, or in front of the stack: XDP, nft synproxy, a rate limit for each source.',
    'If the SYNs turn out to be of real clients, repair the way back to them, and raise the backlog with net.core.somaxconn.',
  ],
  avoid: [
    'net.ipv4.tcp_synack_retries = 1 as a lasting setting: it makes handshakes on lossy paths fail, and cookies make it pointless.',
    'net.ipv4.tcp_syncookies = 2 in production: it degrades every connection to what a cookie can hold; that value is for tests.',
  ],
  mimics: [
    { cause: 'third-ack-or-synack-lost', tell: 'there the senders repeat their SYN and look like clients of yours; here they ask once' },
    { cause: 'syn-queue-full-drop', tell: 'that is the consequence with cookies off: SYNs of real clients go unanswered' },
    { cause: 'synack-dropped-at-client', tell: 'there a capture at the client shows the SYN-ACKs' },
  ],
  sources: [
    'RFC 4987',
    'Documentation/networking/ip-sysctl.rst: tcp_syncookies, tcp_synack_retries',
    'net/ipv4/inet_connection_sock.c: reqsk_timer_handler',
  ],
  capture: 'handshake/half-open-flood-with-cookies',
};
