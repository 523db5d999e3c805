import { durationText, shareText } from '../../hosts/wording.js';
import { nagleDelayedAck } from '../../patterns/pace/nagle-delayed-ack.js';
import { slowAnswer } from '../../patterns/pace/slow-answer.js';
import { zeroWindow } from '../../patterns/pace/zero-window.js';
import { type Cause, explain } from '../cause.js';

/** Nanoseconds after which nobody waits for an answer any more. */
const CONVERSATION = 30e9;

export const slowApplicationResponse: Cause = {
  id: 'slow-application-response',
  title: 'The application takes its time to answer',
  where: 'this end',
  isOfAnyStack: true,
  mechanism: `tcp_rcv_established() puts the request into the receive queue, wakes the application and acknowledges: at once, or with the delayed
    ACK timer after 40 ms when no answer came first. From then on the kernel has nothing to do until the application writes. What passes between the
    acknowledgment and the first byte of the answer is spent in the application: waiting for a thread or an event loop that is busy, for a database
    or another service, for a disk, or computing.`,
  explains: [
    explain(slowAnswer, ({ slow, answers, longest, wasAcknowledged }, { part, story, alsoShows }) => {
      const because = [`${shareText(slow, answers, 'answer')} came late, by up to ${durationText(longest)} more than a round trip`];
      if (wasAcknowledged) because.push('no request had to be sent twice: they had arrived');
      if (story.isAt(part)) because.push('captured where it answers: nothing on the way can have held it up');
      else if (slow > 1) because.push('it happened again and again: losses on the way would not repeat so');
      const against = [];
      if (!wasAcknowledged) against.push('requests were sent again: some of the time went there');
      if (part.endpoint.hasResent) against.push('this end sent segments again as well: an answer may have been late because it was lost first');
      if (longest > CONVERSATION) against.push('after so long it may be a message of its own: some protocols let both ends speak when they like');
      if (alsoShows(zeroWindow) !== undefined) against.push('a window was closed meanwhile: the answer may have waited for room');
      if (alsoShows(nagleDelayedAck) !== undefined) against.push('small writes wait for delayed ACKs here: some of the time goes there');
      if (answers === 1) against.push('it is the first answer on this connection: until then it may have waited to be accepted');
      const isProven = against.length === 0 && (story.isAt(part) || slow > 1);
      const isOpening = answers === 1 && story.server.syns.length > 1;
      if (isOpening) against.push('the SYN-ACK was sent again meanwhile: the handshake took the time');
      return { certainty: isProven ? 'certain' : isOpening ? 'possible' : 'likely', because, against };
    }),
  ],
  counters: ['TcpExtDelayedACKs'],
  facts: [{ sockets: ({ unread }) => unread }],
  confirm: [
    {
      run: "ss -tnp 'sport = :PORT'",
      expect: 'while a client waits: Recv-Q 0 when the application has read the request and works on it, above 0 when it has not even read it',
    },
    {
      run: 'strace -f -tt -T -e trace=network,read,write,futex -p PID',
      expect: 'the request is read; then see which call takes the time before the answer is written',
    },
    { run: "ss -ltn 'sport = :PORT'", expect: 'Recv-Q 0: connections are accepted; a value that grows means that all workers are busy' },
    { run: 'cat /proc/pressure/cpu /proc/pressure/io', expect: 'avg10 well above 0 when the host is short of CPU time or waits for disks' },
  ],
  remedy: [
    'Look at the application with the time of the request from this capture: its log, its slow query log, a profile, the services behind it.',
    'Where all workers are busy add workers or shed load; the network has no part in it.',
  ],
  avoid: [
    'Tuning TCP: no sysctl makes an application answer.',
    'Taking the delayed ACK before the answer for the reason: it takes 40 ms as a rule, and nobody waits for it here.',
  ],
  mimics: [
    { cause: 'nagle-delayed-ack-stall', tell: 'there the answer is cut in two and the second part waits 40 ms for an ACK' },
    {
      cause: 'rto-backoff-path-loss',
      tell: 'there the request or the answer was lost and is sent again; seen from the client a lost answer looks late',
    },
    { cause: 'accept-queue-overflow-ack-ignored', tell: 'there the request is not even acknowledged' },
    { cause: 'application-limited-sender', tell: 'there one end streams with pauses, without being asked' },
  ],
  sources: ['RFC 1122 section 4.2.3.2', 'net/ipv4/tcp_input.c: tcp_rcv_established, __tcp_ack_snd_check'],
  capture: 'transfer/slow-answers-of-the-application',
};
