import type { Moment } from '../../flow/timeline.js';
import { countText, durationText } from '../../hosts/wording.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import { resetForm } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';

export const clientRejectsSynackBadAck: Cause = {
  id: 'client-rejects-synack-bad-ack',
  title: 'The client resets an answer that acknowledges another sequence number',
  where: 'the peer',
  mechanism: `In SYN_SENT only one acknowledgment is right: the initial sequence number plus one. tcp_rcv_synsent_state_process() meets any other
    with a reset whose sequence number is the one that was wrongly acknowledged, keeps the socket in SYN_SENT and sends the SYN again: within some
    milliseconds on recent kernels, at the next timeout on older ones. The reset is meant to clear the peer's memory (RFC 9293 section 3.5). When
    the wrong answer is a SYN-ACK, something changes sequence numbers in one direction only, answers come from two machines, or the SYN-ACK
    belongs to an earlier attempt.`,
  explains: [
    explain(synStrangelyAnswered, ({ kind, answers, previous, clientReset, connected, delay }, { part, peer, story }) => {
      const because = [];
      const against = [];
      if (clientReset) because.push('the client answered with a reset of exactly the number that was wrongly acknowledged');
      if (connected && clientReset) because.push(`the same SYN was accepted afterwards, ${durationText(delay)} after the first`);
      if (!clientReset)
        against.push(
          story.isAt(peer) ? 'the client sent no reset: something in front of it dropped the answer' : 'no reset of the client was captured',
        );
      if (kind === 'ACK') {
        if (!clientReset) return undefined;
        against.push('it was no SYN-ACK but a bare ACK: the server remembers an old connection, and that is the reason');
        return { certainty: 'possible', because, against };
      }
      because.push(
        answers > 1
          ? `${answers} SYN-ACKs acknowledged something that this SYN never asked`
          : 'the SYN-ACK acknowledged something that this SYN never asked',
      );
      const [first] = part.syns;
      const fitting = part.syns.find(({ ack }) => ack === (((peer.syns[0]?.seq ?? 0) + 1) | 0));
      if (first && fitting && first.ttl !== fitting.ttl)
        because.push(`the right SYN-ACK came with TTL ${fitting.ttl}, the wrong one with ${first.ttl}: two senders`);
      if (previous?.fits) because.push(`the wrong numbers are those of stream ${previous.stream}`);
      return { certainty: clientReset ? 'certain' : 'likely', because, against };
    }),
    explain(synAckRepeated, ({ wasAcknowledged }, { peer }) => {
      const isOfNothingSent = ({ seq }: Moment): boolean => seq !== ((peer.endpoint.iss + 1) | 0);
      const resets = peer.resets.filter((reset) => resetForm(reset, peer) === 'answer' && isOfNothingSent(reset));
      if (wasAcknowledged || resets.length === 0) return undefined;
      const because = [
        `the client answered with ${countText(resets.length, 'reset')} of a number that it had never sent`,
        'such a reset repeats what it was told: this is what the SYN-ACKs acknowledged when they reached the client',
      ];
      return { certainty: 'likely', because };
    }),
  ],
  counters: ['TcpOutRsts', 'TcpExtTCPSynRetrans'],
  dropReasons: ['TCP_INVALID_ACK_SEQUENCE'],
  resetReasons: ['TCP_INVALID_ACK_SEQUENCE'],
  facts: [{ raises: ['TcpOutRsts'] }],
  confirm: [
    {
      run: 'nstat -az TcpOutRsts TcpAttemptFails; sleep 10; nstat -z TcpOutRsts TcpAttemptFails',
      expect: 'on the client: one more OutRsts for each wrong answer',
    },
    { run: 'perf trace -e tcp:tcp_send_reset', expect: 'on the client: state SYN_SENT, and since 6.10 the reason TCP_INVALID_ACK_SEQUENCE' },
    {
      run: "tcpdump -ni any -S 'host SERVER and port PORT'",
      expect: 'on both ends at once: the sequence number of one and the same SYN differs on the way',
    },
  ],
  remedy: [
    'If the SYN has other numbers at the server, let both directions pass the firewall that randomises them, or switch that off.',
    'If an old connection stands behind it, see syn-on-live-connection-challenged and timewait-syn-challenged.',
    'If two machines answer (anycast, ECMP, cluster), make the balancing hash stable for both directions of a connection.',
  ],
  avoid: ['Dropping outgoing resets on the client: the server then keeps its old state, and every further SYN fails the same way.'],
  mimics: [
    { cause: 'syn-on-live-connection-challenged', tell: 'the answer is a bare ACK with the numbers of a connection that was never closed' },
    { cause: 'timewait-syn-challenged', tell: 'the answer is a bare ACK with IP ID 0 and the numbers of a connection closed less than 60 s ago' },
    { cause: 'client-abandoned-connect', tell: 'there the SYN-ACK is right but late, and the reset acknowledges it with the expected number' },
  ],
  sources: ['RFC 9293 sections 3.5 and 3.10.7.3', 'net/ipv4/tcp_input.c: tcp_rcv_synsent_state_process'],
  capture: 'handshake/syn-ack-reset-because-its-acknowledgment-was-changed',
};
