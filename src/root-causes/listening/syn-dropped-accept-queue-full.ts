import { countText } from '../../hosts/wording.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { synUnanswered } from '../../patterns/connecting/syn-unanswered.js';
import { type Case, type Cause, explain } from '../cause.js';
import { type Queues, queuesDuring } from '../clues/queues.js';
import { damagedBefore } from '../clues/unheard.js';

const MANY_HALF_OPEN = 4;

export const synDroppedAcceptQueueFull: Cause = {
  id: 'syn-dropped-accept-queue-full',
  title: 'Accept queue full: the listener ignores new SYNs',
  where: 'the peer',
  mechanism: `Connections that the application has not accepted yet wait in the listener's accept queue, which holds backlog + 1 of them
    (sk_acceptq_is_full()). While it is full, tcp_conn_request() drops each SYN before any SYN-ACK is made: no answer, no reset, with SYN cookies as
    without. Before 4.10 it did so only while more than one fresh request was waiting. The client repeats its SYN and is answered as soon as
    accept() has made room, so that people see connects of 1, 2, 3 s (1, 3, 7 s from clients before 6.5).`,
  explains: [
    explain(synUnanswered, ({ span }, given) => {
      const start = given.story.client.syns[0]?.time ?? 0;
      const queues = queuesDuring(given, start, start + span);
      if (isForbiddenByStamp(given) && queues.ignored === 0) return undefined;
      const because = ['a listener whose accept queue is full leaves SYNs without any answer'];
      const { accepted, 'half-open': halfOpen, 'not accepted': notAccepted } = given.hosts.listeners.called(given.story.serverSocket).counts;
      if (accepted > 0 && queues.acceptedOfClient === 0)
        because.push(`the port is open: ${countText(accepted, 'other connection')} to it came about in this capture`);
      const isSeen = given.story.isAt(given.peer);
      if (isSeen) because.push('the SYNs are in a capture made at the server: they arrived');
      const against = doubts(queues, isSeen);
      if (accepted + halfOpen + notAccepted === 0) against.push('nothing shows that anybody listens there');
      return { certainty: certaintyOf(queues, isSeen), because: [...because, ...signs(queues)], against };
    }),
    explain(synRepeated, ({ syns, delay, answersFirst, dropped, synAcks }, given) => {
      const { story, peer } = given;
      const start = story.client.syns[0]?.time ?? 0;
      const queues = queuesDuring(given, start, start + delay);
      if (damagedBefore(given.part.syns, given).length > 0) return undefined;
      // A request that was remembered had met no full queue.
      if (answersFirst || (synAcks > 1 && !story.server.syns[0]?.hasTimestamps)) return undefined;
      if ((dropped !== undefined || isForbiddenByStamp(given)) && queues.ignored === 0) return undefined;
      const because = [`the listener exists, and answered the SYN at attempt number ${syns}`];
      const isSeen = story.isAt(peer);
      if (isSeen) because.push('the SYNs before are in a capture made at the server: they arrived and were ignored');
      else if (story.server.syns[0]?.hasTimestamps) because.push('the SYN-ACK echoes the last SYN: the server kept nothing of those before');
      return { certainty: certaintyOf(queues, isSeen), because: [...because, ...signs(queues)], against: doubts(queues, isSeen) };
    }),
  ],
  sysctls: ['net.core.somaxconn', 'net.ipv4.tcp_abort_on_overflow'],
  counters: ['TcpExtListenOverflows', 'TcpExtListenDrops'],
  facts: [{ proof: ['TcpExtListenOverflows'], quotes: ['net.core.somaxconn'], sockets: ({ fullQueue }) => fullQueue }],
  confirm: [
    { run: "ss -ltn 'sport = :PORT'", expect: 'on the server, while it happens: Recv-Q is Send-Q + 1, the queue is full' },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtListenOverflows TcpExtListenDrops',
      expect: 'both rise, by one for each SYN that is ignored. No skb:kfree_skb drop reason shows them: such a SYN counts as consumed',
    },
    {
      run: "bpftrace -e 'k:tcp_conn_request {$s=(struct sock *)arg2; @[$s->__sk_common.skc_num,$s->sk_ack_backlog>$s->sk_max_ack_backlog]=count() }'",
      expect: 'SYNs by the port of the listener; the second number is 1 for those that met a full queue',
    },
  ],
  remedy: [
    'Make the application accept faster: unblock its event loop, add workers, share the port with SO_REUSEPORT.',
    'Enlarge the queue: the backlog passed to listen(), and net.core.somaxconn, which caps it (128 before 5.4, 4096 since). Then listen() again.',
    'Shed load before the kernel has to: a limit in the load balancer gives its clients a quick answer.',
  ],
  avoid: [
    'net.ipv4.tcp_abort_on_overflow = 1: SYNs are dropped in silence all the same; it only resets clients that have got as far as the final ACK.',
    'Raising net.ipv4.tcp_max_syn_backlog alone: it does not concern the accept queue.',
    'net.ipv4.tcp_syncookies = 0: the full accept queue stays, and a full SYN queue then drops SYNs as well.',
  ],
  mimics: [
    { cause: 'syn-unanswered-blackhole', tell: 'there the SYN never shows in a capture at the server' },
    { cause: 'syn-queue-full-drop', tell: 'there handshakes are left half-open; here they are completed and then not accepted' },
    { cause: 'syn-lost-on-path', tell: 'there neighbours connect at the first attempt at the same time, and TcpExtListenOverflows stands still' },
    { cause: 'tw-recycle-nat-syn-drop', tell: 'there the timestamps decide which SYN is ignored, and TcpExtPAWSPassive rises' },
  ],
  sources: [
    'Documentation/networking/ip-sysctl.rst: somaxconn, tcp_abort_on_overflow',
    'listen(2)',
    'net/ipv4/tcp_input.c: tcp_conn_request',
    'include/net/sock.h: sk_acceptq_is_full',
  ],
  capture: 'handshake/accept-queue-full-then-drained',
};

/** A queue holds one connection more than the backlog, and one connection alone fills none that anybody has asked for. */
function certaintyOf({ ignored, halfOpen, accepted, acceptedOfClient }: Queues, isSeen: boolean): 'likely' | 'possible' {
  if (ignored > 0) return 'likely';
  return isSeen && acceptedOfClient > 0 && accepted > 1 && halfOpen < MANY_HALF_OPEN ? 'likely' : 'possible';
}

function signs({ ignored, begunShortlyBefore, acceptedOfClient }: Queues): string[] {
  const because: string[] = [];
  if (ignored > 0)
    because.push(`meanwhile the listener ignored ${countText(ignored, 'handshake')} that the client had completed: its accept queue was full`);
  if (begunShortlyBefore > 1) because.push(`${begunShortlyBefore} connections to the same listener were begun in the three seconds before`);
  if (acceptedOfClient > 0) because.push(`${countText(acceptedOfClient, 'connection')} of the same client to that listener did work at that time`);
  return because;
}

function doubts({ ignored, halfOpen, begunMeanwhile, openBefore, answeredTogether }: Queues, isSeen: boolean): string[] {
  const against: string[] = [];
  if (!isSeen && ignored === 0) against.push('not to be seen from here: whether the SYN reached the server, and whether its queue was full');
  if (begunMeanwhile > 0 && ignored === 0) against.push(`${countText(begunMeanwhile, 'connection')} begun later came about: the queue had room`);
  if (ignored === 0 && openBefore > 0 && answeredTogether >= openBefore)
    against.push(`${answeredTogether + 1} connections were answered in the same instant, more than the ${openBefore} that can have filled the queue`);
  if (halfOpen >= MANY_HALF_OPEN) against.push(`${halfOpen} connections were half-open at that listener: its SYN queue is the one that fills`);
  return against;
}

/** An old kernel with tcp_tw_recycle would ignore this SYN for its timestamp. */
function isForbiddenByStamp({ story, hosts, looks, peer }: Case): boolean {
  const [syn] = story.client.syns;
  if (syn === undefined || looks(peer).before === undefined) return false;
  const clock = hosts.clocks.between(story.flow);
  const { frame, time, tsval, hasTimestamps } = syn;
  return clock?.newerStamp({ stream: story.flow.stream, frame, time, isAnswered: false, tsval: hasTimestamps ? tsval : undefined }) !== undefined;
}
