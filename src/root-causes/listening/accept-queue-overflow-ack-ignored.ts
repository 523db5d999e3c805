import type { Moment } from '../../flow/timeline.js';
import { countText, durationText, timesText } from '../../hosts/wording.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { ignoredAfterHandshake } from '../../patterns/listening/ignored-after-handshake.js';
import { retransmissionTimeout } from '../../patterns/loss/retransmission-timeout.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { isAcknowledgment, type Part } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';
import { echoesForeign } from '../clues/foreign-echo.js';
import { type Queues, queuesDuring } from '../clues/queues.js';
import { ignoredOnceMore, sentToRequest } from '../clues/refused-acks.js';
import { is } from '../testimony/sign.js';

/** The first repetition is due after 1 s; one that comes this late was held back on purpose. */
const LATE = 2.5e9;

/** A full queue asks again after a second; and ACKs with foreign timestamps are refused whatever it has room for. */
function isOtherwise(firstGap: number, ignored: readonly Moment[], server: Part): boolean {
  return firstGap > LATE || ignored.some((moment) => echoesForeign(moment, server));
}

const NOBODY_WAITS = 'no connection that fills the queue is in the capture: a rule of the host that lets only SYNs through looks the same';

function sufferers({ ignored, unanswered }: Queues): string[] {
  const because: string[] = [];
  if (ignored > 0) because.push(`the same listener ignored ${countText(ignored, 'other completed handshake')} at that time`);
  if (unanswered > 0) because.push(`it left ${countText(unanswered, 'SYN')} unanswered, as a full accept queue does`);
  return because;
}

export const acceptQueueOverflowAckIgnored: Cause = {
  id: 'accept-queue-overflow-ack-ignored',
  title: 'Accept queue full: the final ACK is ignored',
  where: 'this end',
  mechanism: `The ACK completes the handshake, tcp_check_req() wants to make a socket of the request, but tcp_v4_syn_recv_sock() finds the accept
    queue full (more than backlog connections that the application has not accepted) and returns none. With net.ipv4.tcp_abort_on_overflow = 0, the
    default, the ACK is dropped and the request stays, so the server repeats its SYN-ACK after 1, 3, 7 s… while the client, connected as far as it
    knows, sends data that nobody acknowledges. Whatever the client sends when accept() has made room completes the connection. Without room the
    request is forgotten after net.ipv4.tcp_synack_retries, and the next segment is answered with a reset.`,
  explains: [
    explain(synAckRepeated, ({ firstGap, wasAcknowledged, end }, given) => {
      const { story, part, looks } = given;
      const [first] = story.server.syns;
      const last = story.server.syns.at(-1);
      if (!wasAcknowledged || first === undefined || last === undefined) return undefined;
      const isSeen = story.isAt(part);
      const ignored = story.client.moments.filter((moment) => isAcknowledgment(moment) && moment.frame < last.frame);
      if (isSeen && isOtherwise(firstGap, ignored, part)) return undefined;
      const withData = ignored.filter(({ length }) => length > 0).length;
      const others = queuesDuring(given, first.time, last.time);
      const neighbours = others.ignored + others.unanswered;
      const because = [
        isSeen
          ? 'the ACK is in a capture made at the server, and the SYN-ACK was repeated all the same'
          : 'the client had acknowledged, and the SYN-ACK was repeated all the same',
      ];
      if (withData > 0)
        because.push(
          `${countText(ignored.length, 'segment')} of the client came to nothing before the last repetition, ${withData} of them with data`,
        );
      else if (ignored.length > 1) because.push(`${ignored.length} acknowledgments in a row came to nothing`);
      because.push(...sufferers(others));
      if (end === 'reset') because.push('in the end the request was forgotten, and the next segment reset');
      const against: string[] = [];
      if (firstGap > LATE) against.push(`the first repetition came after ${durationText(firstGap)}, where a full queue makes it 1 s`);
      if (!isSeen && neighbours === 0) against.push('whether the ACKs reached the server intact cannot be seen, and no other connection suffered');
      const mayBeDeferred = isSeen && withData + neighbours + ignoredOnceMore(story) === 0;
      if (mayBeDeferred) against.push('only bare ACKs were ignored, which TCP_DEFER_ACCEPT of a second does as well');
      if (isSeen && others.accepted + others.quiet + others.unanswered === 0) against.push(NOBODY_WAITS);
      const isProven = isSeen && against.length === 0 && looks(part).isLinux;
      const isProbable = isSeen ? !mayBeDeferred : against.length === 0;
      return { certainty: isProven ? 'certain' : isProbable ? 'likely' : 'possible', because, against };
    }),
    explain(retransmissionTimeout, ({ resends }, given) => {
      const { story, peer, alsoShows } = given;
      const repeated = alsoShows(synAckRepeated);
      if (!repeated?.wasAcknowledged || !sentToRequest(given)) return undefined;
      const isSeen = story.isAt(peer);
      const because = ['the server repeated its SYN-ACK meanwhile: what it gets on a request that it cannot accept, it drops'];
      if (isSeen) because.push(`${countText(resends, 'repetition')} reached the server, where this was captured`);
      const against = isSeen ? [] : ['whether the data reached the server cannot be seen'];
      return { certainty: isSeen ? 'likely' : 'possible', where: 'the peer', because, against };
    }),
    explain(resetAnswered, ({ wasNeverAccepted }, { story, part, alsoShows }) => {
      const repeated = alsoShows(synAckRepeated);
      if (!wasNeverAccepted || !repeated?.wasAcknowledged) return undefined;
      const because = [
        `the server had repeated its SYN-ACK ${timesText(repeated.repeats)} and then forgotten the request: to what comes after that it has no connection`,
      ];
      const against = story.isAt(part) ? [] : ['whether the ACKs of the client had reached the server cannot be seen'];
      return { certainty: story.isAt(part) ? 'likely' : 'possible', because, against };
    }),
    explain(ignoredAfterHandshake, ({ segments, span }, { story, peer }) => {
      if (story.isAt(peer)) return undefined; // a request would have repeated its SYN-ACK here
      return {
        certainty: 'possible',
        where: 'the peer',
        because: [`${segments} segments after the handshake came to nothing`],
        against: [
          `no SYN-ACK was repeated within ${durationText(span)}: an ordinary request does so after 1 s, unless each was lost on the way here`,
        ],
      };
    }),
  ],
  sysctls: ['net.core.somaxconn', 'net.ipv4.tcp_abort_on_overflow', 'net.ipv4.tcp_synack_retries'],
  counters: ['TcpExtListenOverflows', 'TcpExtListenDrops', 'TcpExtTCPSynRetrans', 'TcpExtTCPTimeouts'],
  dropReasons: ['TCP_LISTEN_OVERFLOW'],
  facts: [
    {
      needs: { 'net.ipv4.tcp_abort_on_overflow': is('0') },
      proof: ['TcpExtListenOverflows'],
      raises: ['TcpExtTCPSynRetrans'],
      quotes: ['net.core.somaxconn'],
      sockets: ({ fullQueue }) => fullQueue,
    },
  ],
  confirm: [
    { run: "ss -ltn 'sport = :PORT'", expect: 'on the server, while it happens: Recv-Q is Send-Q + 1, the queue is full' },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtListenOverflows TcpExtListenDrops TcpExtTCPSynRetrans',
      expect:
        'ListenOverflows and ListenDrops rise by one with each ACK or data segment that is ignored (netstat -s calls the latter "SYNs … dropped")',
    },
    { run: "perf trace -e skb:kfree_skb --filter 'reason > 2'", expect: 'on recent kernels: TCP_LISTEN_OVERFLOW' },
  ],
  remedy: [
    'Make the application accept faster: unblock its event loop, add workers, share the port with SO_REUSEPORT.',
    'Enlarge the queue: the backlog passed to listen(), and net.core.somaxconn, which caps it (128 before 5.4, 4096 since). Then listen() again.',
    'Shed load earlier, in the load balancer: a client that waits here does not know that it waits.',
  ],
  avoid: [
    'net.ipv4.tcp_abort_on_overflow = 1, be it to prove it: it resets clients that would have got in. TcpExtListenOverflows proves it without harm.',
    'Raising net.ipv4.tcp_max_syn_backlog alone: these requests have left the SYN queue behind, the accept queue is the full one.',
    'Longer client timeouts: they add clients that wait to a server that does not accept.',
  ],
  mimics: [
    { cause: 'third-ack-or-synack-lost', tell: 'there a capture at the server shows no ACK before the repeated SYN-ACK' },
    { cause: 'defer-accept-ack-ignored', tell: 'there the first repetition comes after 3 s or more, and data is accepted at once' },
    { cause: 'syncookie-phantom-connection', tell: 'there the SYN-ACK is never repeated' },
    { cause: 'accept-queue-overflow-abort', tell: 'there the ACK is answered with a reset at once' },
  ],
  sources: [
    'Documentation/networking/ip-sysctl.rst: tcp_abort_on_overflow, somaxconn',
    'listen(2)',
    'net/ipv4/tcp_minisocks.c: tcp_check_req',
    'net/ipv4/tcp_ipv4.c: tcp_v4_syn_recv_sock',
  ],
  capture: 'handshake/final-ack-ignored-because-accept-queue-full',
};
