import { FIRST_TIMEOUT } from '../../flow/timers.js';
import { durationText } from '../../hosts/wording.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { type Cause, explain } from '../cause.js';

/** The answer to the first SYN took no longer than any other: so much may a round trip vary. */
const ALIKE = 1.5;

export const rttAboveSynTimeout: Cause = {
  id: 'rtt-above-syn-timeout',
  title: 'The round trip is longer than the first SYN timeout; nothing is lost',
  where: 'the path',
  mechanism: `No round trip is known yet when a SYN leaves, so its timer runs for the initial RTO of 1 s (TCP_TIMEOUT_INIT; 3 s before 3.1). On a
    path that takes longer, by satellite or through a queue that somebody has filled, the client repeats its SYN and the server its SYN-ACK while
    the first ones are still on their way. The SYN-ACK echoes the timestamp of the first SYN and proves that it was not lost; since 5.2
    tcp_try_undo_spurious_syn() sees that and keeps the initial congestion window. Surplus SYN-ACKs are answered with an ACK.`,
  explains: [
    explain(synRepeated, ({ answersFirst, synAcks, delay }, { story }) => {
      const hasTimestamps = story.server.syns[0]?.hasTimestamps ?? false;
      if (!(hasTimestamps ? answersFirst : synAcks > 1)) return undefined;
      const { roundTrip } = story;
      if (roundTrip > 0 && roundTrip < FIRST_TIMEOUT) return undefined;
      const because: string[] = [];
      if (answersFirst) because.push(`the SYN-ACK echoes the first SYN, ${durationText(delay)} after that one had left`);
      if (synAcks > 1) because.push(`${synAcks} SYN-ACKs came: none of the SYNs was lost`);
      if (roundTrip === 0)
        return { certainty: 'possible', because, against: ['no other round trip could be measured: the first answer may have been lost'] };
      because.push(`later round trips take at least ${durationText(roundTrip)} as well`);
      const isProven = answersFirst && delay < roundTrip * ALIKE;
      return { certainty: isProven ? 'certain' : 'likely', because };
    }),
    explain(synAckRepeated, ({ firstGap, end }, { story }) => {
      const { roundTrip } = story;
      if (roundTrip <= FIRST_TIMEOUT || end !== 'completed') return undefined;
      const because = [
        `a round trip takes at least ${durationText(roundTrip)}: no ACK could come before the timer of ${durationText(firstGap)} ran out`,
        'in the end the connection was accepted',
      ];
      return { certainty: 'likely', because };
    }),
  ],
  counters: ['TcpExtTCPSynRetrans', 'TcpExtTCPTimeouts', 'TcpExtTCPSYNChallenge', 'TcpExtTCPChallengeACK'],
  facts: [{ at: 'this end', raises: ['TcpExtTCPSynRetrans'], sockets: ({ slowPath }) => slowPath }],
  confirm: [
    { run: 'ping -c 10 SERVER', expect: 'round trips above 1000 ms; when they fall at quiet times, a queue on the path is full' },
    { run: "ss -tni 'dport = :PORT'", expect: 'on the client: rtt above 1000 for open connections to that host' },
  ],
  remedy: [
    'When the path is slow by nature, nothing: the second SYN is superfluous and harmless.',
    'When a full queue makes it slow, cure that: a fair queue with a delay target (fq_codel, cake) at the bottleneck.',
    'On hosts that only talk over such paths, a BPF program of type sockops can set a longer first timeout (BPF_SOCK_OPS_TIMEOUT_INIT, since 4.13).',
  ],
  avoid: ['Looking for lost packets: every SYN was answered. Raising net.ipv4.tcp_syn_retries changes nothing either.'],
  mimics: [
    { cause: 'third-ack-or-synack-lost', tell: 'there later round trips are short' },
    { cause: 'syn-lost-on-path', tell: 'there one SYN-ACK comes, and it echoes the last SYN' },
    { cause: 'spurious-rto-delay-spike', tell: 'the same later in the connection, when a delay grows beyond the timeout that was learned' },
  ],
  sources: ['RFC 6298 sections 2.1 and 5.7', 'include/net/tcp.h: TCP_TIMEOUT_INIT', 'net/ipv4/tcp_input.c: tcp_try_undo_spurious_syn'],
  capture: 'handshake/syn-repeated-because-path-is-slow',
};
