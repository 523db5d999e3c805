import { FIRST_TIMEOUT } from '../../flow/timers.js';
import { LOCAL_ANSWER } from '../../hosts/vantage.js';
import { countText, durationText, timesText } from '../../hosts/wording.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import type { EvidenceOf } from '../../patterns/pattern.js';
import { isAcknowledgment, type Story } from '../../patterns/story.js';
import { type Case, type Cause, explain, type Weight } from '../cause.js';
import { queuesDuring } from '../clues/queues.js';

/** This one and three others. */
const MANY_OTHERS = 3;
const A_SECOND = 1e9;
/** A first repetition later than this was not due to the timer alone. */
const LATE = 2.5e9;

export const thirdAckOrSynackLost: Cause = {
  id: 'third-ack-or-synack-lost',
  title: 'SYN-ACK, or the ACK that answers it, lost on the path',
  where: 'the path',
  mechanism: `The server holds a request and waits for the ACK. reqsk_timer_handler() repeats the SYN-ACK after 1, 3, 7, 15 and 31 s
    (net.ipv4.tcp_synack_retries = 5), and tcp_check_req() answers each repeated SYN with one more, so that both timers interleave; after 63 s the
    request is forgotten. When the SYN-ACK is lost, the client repeats its SYN and connects a second late. When only the ACK is lost, the client is
    connected at once, and its first data completes the handshake; only where the server speaks first does it wait for the next SYN-ACK.`,
  explains: [
    explain(synAckRepeated, (evidence, given) => {
      if (isLongWay(given.story)) return undefined;
      return evidence.wasAcknowledged ? weighLostAck(evidence, given) : weighLostSynAck(evidence, given);
    }),
    explain(synRepeated, ({ answersFirst, synAcks, delay }, { story, peer }) => {
      const hasTimestamps = story.server.syns[0]?.hasTimestamps ?? false;
      // At the server the capture would show the answer to the first SYN. Elsewhere the answer must prove that the server remembered the first one.
      if (story.isAt(peer) || isLongWay(story) || !(hasTimestamps ? answersFirst : synAcks > 1)) return undefined;
      const because: string[] = [];
      if (answersFirst) because.push('the SYN-ACK echoes the timestamp of the first SYN: that one had arrived, and its answer was lost');
      if (synAcks > 1) because.push(`${synAcks} SYN-ACKs came: the timer of the server and each repeated SYN bring one`);
      const isMeasured = story.roundTrip > 0;
      if (isMeasured) because.push(`a round trip takes only ${durationText(story.roundTrip)}, and the answer took ${durationText(delay)}`);
      const against = isMeasured ? [] : ['no round trip could be measured: the path may simply be that slow'];
      return { certainty: isMeasured ? 'likely' : 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_synack_retries'],
  counters: ['TcpExtTCPSynRetrans', 'TcpExtTCPTimeouts', 'TcpRetransSegs', 'TcpExtTCPACKSkippedSynRecv', 'TcpExtTCPSYNChallenge'],
  facts: [{ at: 'this end', quotes: ['TcpExtTCPSynRetrans'] }],
  confirm: [
    {
      run: "tcpdump -ni any 'tcp[tcpflags] & tcp-syn != 0 and host PEER and port PORT'",
      expect: 'on both hosts at once: a SYN-ACK that leaves the server and does not reach the client, or an ACK the other way round',
    },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPSynRetrans TcpExtListenOverflows TcpExtTCPDeferAcceptDrop',
      expect: 'on the server: SynRetrans rises, ListenOverflows and DeferAcceptDrop stand still',
    },
    {
      run: "ss -tno state syn-recv 'sport = :PORT'",
      expect: 'on the server: the request is there, its timer shows how often the SYN-ACK was repeated',
    },
  ],
  remedy: [
    'Find the loss: compare captures of both ends, look at interface errors, queue drops and policers on the way back.',
    'Look for a stateful filter that sees one direction only (asymmetric routes): it drops SYN-ACKs or ACKs for good.',
    'Occasional loss needs nothing: the repetitions are there for it, and cost a second.',
  ],
  avoid: [
    'net.ipv4.tcp_synack_retries = 1: a server that asks only once more turns two lost packets into a failed connection.',
    'Enlarging queues (backlog, net.ipv4.tcp_max_syn_backlog): nothing is full.',
  ],
  mimics: [
    { cause: 'accept-queue-overflow-ack-ignored', tell: 'there a capture at the server shows the ACK before the repeated SYN-ACK' },
    { cause: 'defer-accept-ack-ignored', tell: 'there the first repetition comes after 3 s or more, not after 1 s' },
    { cause: 'synack-dropped-at-client', tell: 'there a capture at the client shows the SYN-ACKs, and no ACK leaves' },
    { cause: 'rtt-above-syn-timeout', tell: 'there every later round trip takes more than a second as well' },
    { cause: 'syn-flood-half-open', tell: 'there many requests wait at the same time, and their senders never ask again' },
    { cause: 'syn-lost-on-path', tell: 'there one SYN-ACK comes, and it echoes the timestamp of the last SYN' },
  ],
  sources: [
    'RFC 9293 section 3.8.1',
    'RFC 6298 section 5',
    'Documentation/networking/ip-sysctl.rst: tcp_synack_retries',
    'net/ipv4/inet_connection_sock.c: reqsk_timer_handler',
    'net/ipv4/tcp_minisocks.c: tcp_check_req',
  ],
  capture: 'handshake/first-syn-ack-lost',
};

/** The client had acknowledged: its ACK must have been lost behind the point of capture. */
function weighLostAck({ firstGap, end }: EvidenceOf<typeof synAckRepeated>, given: Case): Weight | undefined {
  const { story, part } = given;
  if (story.isAt(part)) return undefined; // the ACK has arrived
  const last = story.server.syns.at(-1)?.frame ?? 0;
  const acks = story.client.moments.filter((moment) => isAcknowledgment(moment) && moment.frame < last).length;
  const { ignored } = queuesDuring(given, story.server.syns[0]?.time ?? 0, story.flow.lastTime);
  const because = ['the client had acknowledged, and the server asked again as if nothing had come'];
  if (end === 'completed' && acks === 1) because.push('the next acknowledgment was accepted');
  const against: string[] = [];
  if (acks > 1) against.push(`${acks} acknowledgments of the client in a row would have to be lost`);
  if (firstGap > LATE) against.push(`the server waited ${durationText(firstGap)} before it asked again: without any ACK it does so after 1 s`);
  if (ignored > 0) against.push(`the same listener ignored ${countText(ignored, 'other completed handshake')} at that time`);
  return { certainty: against.length > 0 ? 'possible' : 'likely', because, against };
}

/** No ACK had come by: the SYN-ACK did not reach the client, or the ACK did not get as far as here. */
function weighLostSynAck({ repeats, end, clientRepeatsToo }: EvidenceOf<typeof synAckRepeated>, given: Case): Weight | undefined {
  const { story, part, peer } = given;
  if (story.isAt(peer)) return undefined; // the SYN-ACKs are here, and the client does not answer
  if (peer.resets.length > 0) return undefined; // it has answered them
  const because = [`no ACK was captured before the SYN-ACK was repeated ${timesText(repeats)}`];
  if (clientRepeatsToo) because.push('the client repeats its SYN meanwhile: no SYN-ACK had reached it');
  const whichWasLost = end === 'completed' ? echoed(story) : undefined;
  if (whichWasLost !== undefined) because.push(whichWasLost);
  const { halfOpen } = queuesDuring(given, story.server.syns[0]?.time ?? 0, story.flow.lastTime);
  const looksForged = halfOpen >= MANY_OTHERS && end !== 'completed';
  const against = looksForged ? [`${halfOpen} other requests of that listener wait for their ACK as well, which looks like a flood of SYNs`] : [];
  const isProven = end === 'completed' && story.isAt(part);
  const mayBeHere = story.vantage === 'unknown' && end !== 'completed' && peer.endpoint.roundTrips.shortest > LOCAL_ANSWER;
  const isEarly = end === 'open' && repeats === 1 && story.silence < A_SECOND;
  if (isEarly) against.push('the capture ends less than a second after that: the path may simply be that slow');
  if (mayBeHere) against.push('nothing tells where the capture was made; at the client the SYN-ACKs would have arrived');
  return { certainty: looksForged || mayBeHere || isEarly ? 'possible' : isProven ? 'certain' : 'likely', because, against };
}

/** The ACK that came in the end tells by its timestamp which SYN-ACK had reached the client first. */
function echoed({ client, server }: Story): string | undefined {
  const ack = client.moments.find(isAcknowledgment);
  if (!ack?.hasTimestamps) return undefined;
  return ack.tsecr === server.syns[0]?.tsval
    ? 'the ACK that came in the end echoes the first SYN-ACK: that one had arrived, and an ACK was lost'
    : 'the ACK that came in the end echoes a repeated SYN-ACK: the first one was lost';
}

/** The path is so slow that a SYN-ACK is repeated though nothing was lost. */
function isLongWay({ roundTrip }: Story): boolean {
  return roundTrip > FIRST_TIMEOUT;
}
