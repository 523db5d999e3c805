import { hostText } from '../../hosts/address.js';
import { countText } from '../../hosts/wording.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { lossRepaired } from '../../patterns/loss/loss-repaired.js';
import { type Case, type Cause, explain } from '../cause.js';
import { queuesDuring } from '../clues/queues.js';

/** So many SYNs in a row are not lost by chance. */
const MOST_SYNS = 3;
/** Conversations that lose something; of fewer it is their own affair. */
const SEVERAL = 2;

export const synLostOnPath: Cause = {
  id: 'syn-lost-on-path',
  title: 'A SYN was lost on the path, the next one was answered',
  where: 'the path',
  mechanism: `Nobody acknowledges a SYN but the server, so the client notices its loss only by the timer: tcp_retransmit_timer() sends the same SYN
    again after the initial RTO, 1 s since 3.1 and 3 s before, whatever the round trip is. One lost packet therefore costs as much as a hundred
    round trips. The server answers the SYN that reaches it, and its SYN-ACK echoes the timestamp of that one.`,
  explains: [
    explain(synRepeated, ({ syns, answersFirst, synAcks, dropped }, given) => {
      const { story, peer, alsoShows } = given;
      const hasTimestamps = story.server.syns[0]?.hasTimestamps ?? false;
      // The first SYN is in a capture at the server, or the server remembers it.
      if (story.isAt(peer) || answersFirst || (!hasTimestamps && synAcks > 1) || syns > MOST_SYNS) return undefined;
      const loss = alsoShows(lossRepaired);
      if (dropped !== undefined && loss === undefined) return undefined;
      const start = story.client.syns[0]?.time ?? 0;
      const { ignored, unanswered, halfOpen, begunMeanwhile, begunShortlyBefore } = queuesDuring(given, start, story.server.syns[0]?.time ?? start);
      const because = [
        hasTimestamps ? 'the SYN-ACK echoes the last SYN: the server knows nothing of an earlier one' : 'one SYN-ACK came, right after the last SYN',
      ];
      if (syns === 2) because.push('only one SYN went unanswered');
      const support = supportOf(given, loss?.resends ?? 0, begunMeanwhile, ignored > 0);
      because.push(...support);
      const against: string[] = [];
      if (syns > 2) against.push(`${syns - 1} SYNs in a row would have to be lost`);
      if (dropped !== undefined) against.push(`the SYN that was answered no longer asked for ${dropped}`);
      if (ignored + unanswered > 0)
        against.push(`${countText(ignored + unanswered, 'other attempt')} at the same listener stayed without reaction at that time`);
      else if (halfOpen + begunShortlyBefore > 2 && begunMeanwhile === 0)
        against.push('several attempts at the same listener just before: its queues may have been full');
      if (support.length === 0) against.push('whether the SYN reached the server cannot be seen: a drop there looks the same');
      return { certainty: against.length === 0 ? 'likely' : 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_syn_retries'],
  counters: ['TcpExtTCPSynRetrans', 'TcpRetransSegs', 'TcpExtTCPTimeouts'],
  facts: [{ at: 'this end', raises: ['TcpExtTCPSynRetrans'] }],
  confirm: [
    {
      run: "tcpdump -ni any 'tcp[tcpflags] & tcp-syn != 0 and port PORT'",
      expect: 'on both hosts at once: the first SYN leaves the client and never reaches the server',
    },
    {
      run: 'nstat -n; sleep 60; nstat -z TcpExtTCPSynRetrans TcpActiveOpens TcpRetransSegs TcpOutSegs',
      expect: 'on the client: SynRetrans to ActiveOpens is about the loss rate that RetransSegs to OutSegs shows',
    },
    { run: 'nstat -n; sleep 60; nstat -z TcpExtListenOverflows TcpExtListenDrops', expect: 'on the server: both stand still' },
  ],
  remedy: [
    'A single loss needs nothing: the retransmission is the repair.',
    'When it happens often, find the loss: interface errors, a policer, a full queue, a bad link.',
    'Keep connections open and reuse them: then a lost packet is repaired in a round trip or so, not in a second.',
  ],
  avoid: ['net.ipv4.tcp_syn_retries = 1: it does not make the first repetition come earlier, and turns the third loss into an error.'],
  mimics: [
    {
      cause: 'syn-dropped-accept-queue-full',
      tell: 'there the SYN arrives, TcpExtListenOverflows rises, and attempts of others to that port stall at the same time',
    },
    { cause: 'third-ack-or-synack-lost', tell: 'there the SYN-ACK echoes the first SYN, or comes twice' },
    { cause: 'conntrack-insert-race', tell: 'there it meets connections begun in the same instant, and insert_failed of conntrack -S rises' },
    { cause: 'ecn-syn-blackhole', tell: 'there every first SYN with ECN is lost, and every one without gets through' },
    { cause: 'syn-unanswered-blackhole', tell: 'there no SYN is ever answered' },
  ],
  sources: ['RFC 6298 section 2.1', 'net/ipv4/tcp_timer.c: tcp_retransmit_timer', 'include/net/tcp.h: TCP_TIMEOUT_INIT'],
  capture: 'handshake/first-syn-lost',
};

/** What shows that the path loses packets, or that the server would have taken the SYN. Data that a full queue ignores is sent again as well. */
function supportOf({ story, hosts }: Case, lost: number, begunMeanwhile: number, isIgnoring: boolean): string[] {
  const support: string[] = [];
  const lossy = isIgnoring ? 0 : hosts.losses.of(hostText(story.flow.client)) - (lost > 0 ? 1 : 0);
  if (lost > 0) support.push(`the connection lost ${countText(lost, 'segment')} later on as well`);
  if (lossy >= SEVERAL)
    support.push(`${countText(lossy, 'other conversation')} of that client had to send data again as well: the path loses packets`);
  if (begunMeanwhile > 0) support.push(`${countText(begunMeanwhile, 'connection')} to the same listener came about meanwhile: it had room`);
  return support;
}
