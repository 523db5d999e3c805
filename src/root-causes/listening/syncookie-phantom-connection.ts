import { countText, durationText } from '../../hosts/wording.js';
import { ignoredAfterHandshake } from '../../patterns/listening/ignored-after-handshake.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { type Cause, explain } from '../cause.js';
import { queuesDuring } from '../clues/queues.js';
import { sentToRequest } from '../clues/refused-acks.js';
import { not } from '../testimony/sign.js';

const UNSEEN = 'not to be seen from here: whether the segments of the client reached the server';

export const syncookiePhantomConnection: Cause = {
  id: 'syncookie-phantom-connection',
  title: 'SYN cookie: the client is connected to a server that remembers nothing',
  where: 'the peer',
  mechanism: `A SYN-ACK with a cookie leaves no request behind, so nothing repeats it. The connection exists only once an ACK with a valid cookie
    has come through and cookie_v4_check() has made a socket of it. When the ACK is lost, the first data does it as well; a client that waits for
    the server to speak waits for ever. When the accept queue is full, tcp_get_cookie_sock() gets no socket and the segment is dropped in silence,
    each time, even with net.ipv4.tcp_abort_on_overflow = 1. A burst on a listener with a small backlog is enough: its SYN queue fills, cookies go
    out, and their ACKs find the accept queue full.`,
  explains: [
    explain(ignoredAfterHandshake, ({ segments, resends, span, wasTaken }, given) => {
      const { story, peer } = given;
      const start = story.client.syns[0]?.time ?? 0;
      const { ignored, accepted, unanswered } = queuesDuring(given, start, story.flow.lastTime);
      const isSeen = story.isAt(peer);
      const because = [`no SYN-ACK was repeated within ${durationText(span)}, as a request in the SYN queue does after 1 s: the server keeps none`];
      if (isSeen) because.push(`${segments} segments of the client are in a capture made at the server, and nothing answers them`);
      if (resends > 0) because.push('no reset came either: the server does not take the segments for strange ones');
      if (ignored > 0) because.push(`${countText(ignored, 'other connection')} to the same listener fared the same`);
      if (accepted > 0) because.push(`${countText(accepted, 'connection')} to it did work at that time`);
      if (unanswered > 0) because.push(`it left ${countText(unanswered, 'SYN')} unanswered, as a full accept queue does`);
      if (wasTaken) because.push('what the client sent later was taken, as when there is room in the queue again');
      const against: string[] = [];
      if (!isSeen && ignored === 0) against.push(UNSEEN);
      return { certainty: isSeen || ignored > 0 ? 'likely' : 'possible', because, against };
    }),
    explain(retransmissionTimeout, ({ resends }, given) => {
      const { story, peer, alsoShows } = given;
      if (alsoShows(ignoredAfterHandshake) === undefined || !sentToRequest(given)) return undefined;
      const isSeen = story.isAt(peer);
      const because = ['the server ignores what comes on this connection, and has not taken it'];
      if (isSeen) because.push(`${countText(resends, 'repetition')} reached the server, where this was captured`);
      return { certainty: isSeen ? 'likely' : 'possible', because, against: isSeen ? [] : [UNSEEN] };
    }),
  ],
  sysctls: ['net.ipv4.tcp_syncookies', 'net.core.somaxconn'],
  counters: [
    'TcpExtSyncookiesSent',
    'TcpExtSyncookiesRecv',
    'TcpExtSyncookiesFailed',
    'TcpExtListenOverflows',
    'TcpExtListenDrops',
    'TcpExtTCPReqQFullDoCookies',
  ],
  dropReasons: ['NO_SOCKET'],
  facts: [
    {
      needs: { 'net.ipv4.tcp_syncookies': not('0') },
      proof: ['TcpExtSyncookiesSent', 'TcpExtListenOverflows'],
      quotes: ['net.core.somaxconn'],
      sockets: ({ fullQueue }) => fullQueue,
    },
  ],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtSyncookiesSent TcpExtSyncookiesRecv TcpExtListenOverflows TcpExtListenDrops',
      expect: 'on the server: SyncookiesRecv, ListenOverflows and ListenDrops rise together, by one with each segment that is ignored',
    },
    { run: "ss -ltn 'sport = :PORT'", expect: 'on the server: Recv-Q is Send-Q + 1 (queue full), and Send-Q is small' },
    {
      run: "ss -tn 'dport = :PORT'",
      expect: 'on the client: ESTAB with a Send-Q that does not shrink; the same on the server does not list the connection at all',
    },
    {
      run: "bpftrace -e 'tracepoint:skb:kfree_skb { @[args.reason, kstack(4)] = count(); }'",
      expect: 'on the server: drops in cookie_v4_check, with the misleading reason NO_SOCKET',
    },
  ],
  remedy: [
    'Raise the backlog of listen() together with net.core.somaxconn, so that a burst needs no cookies; both take effect at the next listen().',
    'Make the application accept faster.',
    'Let the client send first, or give it a timeout for the first answer: with data in flight TCP itself needs 15 minutes (net.ipv4.tcp_retries2).',
  ],
  avoid: [
    'net.ipv4.tcp_abort_on_overflow = 1: it does not apply to connections made with cookies.',
    'net.ipv4.tcp_syncookies = 0: the SYNs are dropped instead, and a flood closes the port.',
  ],
  mimics: [
    { cause: 'accept-queue-overflow-ack-ignored', tell: 'there the server repeats its SYN-ACK after 1, 3, 7 s' },
    { cause: 'rto-backoff-path-loss', tell: 'there a capture at the server does not show the segments of the client' },
    { cause: 'syncookie-ack-rejected', tell: 'there the ACK is answered with a reset' },
  ],
  sources: [
    'RFC 4987 section 3.6',
    'Documentation/networking/ip-sysctl.rst: tcp_syncookies',
    'net/ipv4/syncookies.c: cookie_v4_check, tcp_get_cookie_sock',
    'net/ipv4/tcp_ipv4.c: tcp_v4_syn_recv_sock',
  ],
  capture: 'handshake/cookie-ack-ignored-because-accept-queue-full',
};
