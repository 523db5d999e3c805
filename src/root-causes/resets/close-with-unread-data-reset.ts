import { bytesText, countText, durationText } from '../../hosts/wording.js';
import { aborted } from '../../patterns/resets/aborted.js';
import { type Cause, explain } from '../cause.js';
import { abortedAlongside } from '../clues/aborted-alongside.js';

export const closeWithUnreadDataReset: Cause = {
  id: 'close-with-unread-data-reset',
  title: 'close() while received data was still unread',
  where: 'this end',
  mechanism: `close() looks into the receive queue. When bytes are left that the application never read, __tcp_close() throws them away and sends a
    reset with tcp_send_active_reset() instead of a FIN, so that the peer cannot believe its data was processed (RFC 2525 section 2.17). Whatever this
    end had sent and the peer has not acknowledged is lost as well, often the very answer that says why. shutdown(SHUT_RD) does not help: the kernel
    goes on queueing what arrives. A process that exits closes its sockets in the same way.`,
  explains: [
    explain(aborted, (evidence, given) => {
      const {
        unanswered,
        mayHaveRead,
        hasRead,
        sinceData,
        received,
        unacknowledged,
        freed,
        underWay,
        afterOwnFin,
        afterProbes,
        insteadOfProbe,
        time,
      } = evidence;
      if (received === 0 || afterProbes) return undefined; // nothing can lie unread, or a timer did it
      const { part, peer } = given;
      const because: string[] = [];
      const against: string[] = [];
      if (unanswered > 0 && sinceData !== undefined) {
        because.push(`${bytesText(unanswered)} that had arrived up to ${durationText(sinceData)} before got no answer`);
        because.push(...signsOfQueue(hasRead, part.resets.find((moment) => moment.time === time)?.ack === peer.endpoint.sndNxt));
      } else {
        because.push(`${bytesText(received)} had arrived in all, and it may have closed without reading them to the end`);
        because.push(...signsOfHaste(unacknowledged, freed, underWay));
        if (because.length === 1) against.push('it had sent data after the last that it received, so it had probably read that');
      }
      if (afterOwnFin === 'later') because.push('its own FIN had gone before, as with shutdown(SHUT_WR) and then close()');
      const alongside = abortedAlongside(given, time).length;
      if (alongside > 0)
        against.push(`${countText(alongside, 'other connection')} of this host were reset in the same instant: something ended them all`);
      if (insteadOfProbe) against.push('it came just when a keep-alive probe was due');
      if (hasRead === 'all') against.push(AS_WIDE_AS_EVER);
      if (mayHaveRead) against.push('they answer what it had asked for, and it reset as soon as they were there: it may have read them');
      const isUnread = freed > 0 || (underWay > 0 && unacknowledged > 0);
      return {
        certainty: !insteadOfProbe && ((unanswered > 0 && !mayHaveRead && hasRead !== 'all') || isUnread) ? 'likely' : 'possible',
        because,
        against,
      };
    }),
  ],
  counters: ['TcpExtTCPAbortOnClose', 'TcpEstabResets', 'TcpOutRsts'],
  resetReasons: ['TCP_ABORT_ON_CLOSE'],
  facts: [{ proof: ['TcpExtTCPAbortOnClose'] }],
  confirm: [
    {
      run: 'nstat -az TcpExtTCPAbortOnClose; sleep 10; nstat -z TcpExtTCPAbortOnClose',
      expect: 'on the host that resets: rises by one with each such reset',
    },
    { run: "ss -tnp 'sport = :PORT'", expect: 'Recv-Q above 0 on these connections shortly before the reset: bytes that nobody reads' },
    { run: 'strace -f -tt -e trace=desc,network -p PID', expect: 'close() of the socket without a read() that returned 0 or EAGAIN before' },
    { run: 'perf trace -e tcp:tcp_send_reset', expect: 'on 6.12 and later: reason TCP_ABORT_ON_CLOSE' },
  ],
  remedy: [
    'Close in three steps: shutdown(SHUT_WR), read until end of file or a deadline, close(). Web servers call it lingering close; leave it on.',
    'When a request is refused early (too large, not authorised), read its body to the end, or have the client wait for 100-continue.',
    'If it is the client that resets: have it read its answers before it closes, or accept the reset as the price of cancelling.',
  ],
  avoid: [
    'shutdown(SHUT_RD) before close(): data that arrives is still queued, and the reset comes all the same.',
    'SO_LINGER with a time: it waits until sent data is acknowledged; it reads nothing, and unread data still ends in a reset.',
  ],
  mimics: [
    { cause: 'linger-zero-reset', tell: 'the same bytes; there TcpExtTCPAbortOnData rises, here TcpExtTCPAbortOnClose' },
    { cause: 'process-killed', tell: 'there other connections of the same process end in the same instant' },
    { cause: 'data-after-close-reset', tell: 'there a FIN went first, and the reset has no ACK flag and window 0' },
  ],
  sources: ['RFC 2525 section 2.17', 'RFC 9293 section 3.6.1', 'net/ipv4/tcp.c: __tcp_close'],
  capture: 'closing/reset-because-data-was-unread',
};

const AS_WIDE_AS_EVER = 'its window was still as wide as at first, which it could not be with all that unread: the application reads what comes';

function signsOfQueue(hasRead: 'all' | 'most' | 'unknown', isAcknowledged: boolean): string[] {
  if (hasRead === 'most') return ['that is more than its buffer held at first: it had read most of them, and the rest can lie unread'];
  return hasRead === 'unknown' && isAcknowledged ? ['the reset acknowledges them: they were in the receive queue'] : [];
}

function signsOfHaste(unacknowledged: number, freed: number, underWay: number): string[] {
  const signs: string[] = [];
  if (freed > 0)
    signs.push(
      `its window is ${bytesText(freed)} larger in the reset than in its data just before: close() threw away what lay in the receive queue`,
    );
  if (unacknowledged > 0)
    signs.push(`it sent ${bytesText(unacknowledged)} and closed at once, as when a request is refused before it was read to the end`);
  if (underWay > 0) signs.push(`${bytesText(underWay)} more were on their way to it: it closed in the middle of what it got`);
  return signs;
}
