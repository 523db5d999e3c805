import { distance } from '../../decode/sequence.js';
import { durationText } from '../../hosts/wording.js';
import { timeWaitReopened } from '../../patterns/time-wait/time-wait-reopened.js';
import { type Cause, explain } from '../cause.js';

/** So far beyond the old numbers Linux starts (tcp_timewait_state_process). */
const STEP = 65537;

export const timewaitReopenAccepted: Cause = {
  id: 'timewait-reopen-accepted',
  title: 'A new SYN reopens the ports of a connection in TIME_WAIT',
  where: 'this end',
  isBenign: true,
  mechanism: `Nothing is wrong. The server held the old connection in TIME_WAIT, and the client came again from the same port within 60 s.
    tcp_timewait_state_process() accepts such a SYN if its sequence number lies beyond the old ones, or if its timestamp is newer (RFC 6191),
    because then no old segment can be mistaken for a new one. It gives the new connection an initial sequence number of exactly 65537 beyond the
    last one that it had sent, which shows in the SYN-ACK. The SYN queue, SYN cookies and net.ipv4.tcp_tw_reuse have no say in it.`,
  explains: [
    explain(timeWaitReopened, ({ by, age, previousStream }, { story, part, peer }) => {
      const { previous } = story.flow;
      const [syn] = story.client.syns;
      const [synAck] = story.server.syns;
      if (by !== 'server' || previous === undefined || syn === undefined || synAck === undefined) return undefined;
      const oldClient = previous.twinOf(peer.endpoint);
      const isStep = distance(synAck.seq, previous.twinOf(part.endpoint).sndNxt) === STEP;
      const because = [`the same two ports ended stream ${previousStream} ${durationText(age)} before, less than the 60 s of TIME_WAIT`];
      if (isStep) because.push(`the SYN-ACK starts exactly ${STEP} beyond the last sequence number of the old connection`);
      if (distance(syn.seq, oldClient.sndNxt) > 0) because.push('the SYN starts beyond the old sequence numbers');
      const isNewer = syn.hasTimestamps && oldClient.hasTimestamps && distance(syn.tsval, oldClient.lastTsval) > 0;
      if (isNewer) because.push('its timestamp is newer than the last one of the old connection');
      const against = isStep
        ? []
        : ['the SYN-ACK starts at an unrelated sequence number: the TIME_WAIT may have been gone already, or the server is not Linux'];
      return { certainty: isStep ? 'certain' : 'possible', because, against };
    }),
  ],
  confirm: [
    { run: "ss -tan state time-wait 'sport = :PORT' | wc -l", expect: 'on the server: TIME_WAITs, which is normal for the end that closes first' },
    { run: "ss -tan 'sport = :PORT and dst CLIENT'", expect: 'the pair of ports is ESTAB again' },
  ],
  remedy: ['Nothing. Reopening a TIME_WAIT is safe, and saves the client a wait of up to a minute.'],
  avoid: [
    'Setting net.ipv4.tcp_tw_reuse because of this: it concerns outgoing connections, and this worked without it.',
    'Lowering net.ipv4.tcp_max_tw_buckets to get rid of TIME_WAITs: without them a late segment of the old connection gets a reset.',
    'Turning net.ipv4.tcp_timestamps off: then only a higher sequence number reopens, and half of the reused ports get timewait-syn-challenged.',
  ],
  mimics: [
    {
      cause: 'tw-reuse-outgoing',
      tell: 'there the client had been in TIME_WAIT: its SYN carries a TSecr and starts 65537 beyond its own old numbers',
    },
    { cause: 'timewait-syn-challenged', tell: 'there the SYN is neither higher nor newer, and gets an ACK instead of a SYN-ACK' },
  ],
  sources: ['RFC 6191', 'RFC 9293 section 3.6.1', 'net/ipv4/tcp_minisocks.c: tcp_timewait_state_process'],
  capture: 'closing/time-wait-reopened-by-syn',
};
