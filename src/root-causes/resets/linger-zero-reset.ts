import { bytesText, countText } from '../../hosts/wording.js';
import { aborted } from '../../patterns/resets/aborted.js';
import { foreignReset } from '../../patterns/resets/foreign-reset.js';
import { type Cause, explain } from '../cause.js';
import { abortedAlongside, abortedOtherwise } from '../clues/aborted-alongside.js';

export const lingerZeroReset: Cause = {
  id: 'linger-zero-reset',
  title: 'SO_LINGER with 0 seconds: the application closes with a reset',
  where: 'this end',
  mechanism: `With SO_LINGER switched on and a time of 0, close() calls tcp_disconnect(): it throws away what was not sent or not read, sends a reset
    with tcp_send_active_reset(), and the socket is gone at once, without FIN and without TIME_WAIT. Applications ask for it to save TIME_WAITs, or
    for connections that they have given up; load balancers and health checks do it by the thousand. connect() with AF_UNSPEC has the same effect.`,
  explains: [
    explain(aborted, (evidence, given) => {
      const { unanswered, hasRead, received, freed, underWay, afterOwnFin, unacknowledged, afterProbes, insteadOfProbe, time } = evidence;
      if (afterProbes) return undefined; // the keep-alive timer did it
      const because: string[] = [];
      const against: string[] = [];
      const dealtWith = dealtWithText(evidence);
      if (dealtWith === undefined)
        against.push(`${bytesText(unanswered)} that had arrived got no answer: unread data explains the reset without any option`);
      else because.push(dealtWith);
      if (afterOwnFin === 'no') because.push('no FIN went before it');
      else against.push('a FIN had gone before it: close() with this option sends none');
      if (unacknowledged > 0 && received > 0 && unanswered === 0)
        against.push(
          `${bytesText(unacknowledged)} that it had just sent are lost with the reset: an application that means it waits until they have arrived`,
        );
      if (insteadOfProbe) against.push('it came just when a keep-alive probe was due');
      if (freed > 0) against.push('its window grew by then, as if received data had been thrown away unread');
      if (underWay > 0 && received > 0 && unanswered === 0)
        against.push(`${bytesText(underWay)} more were on their way: who closes in the middle of what it gets leaves some of it unread`);
      if (unacknowledged === 0 && given.part.endpoint.dataSegments > 0 && against.length === 0)
        because.push('all that it had sent was acknowledged: it was done');
      const alongside = abortedAlongside(given, time).length;
      if (alongside > 0)
        against.push(`${countText(alongside, 'other connection')} of this host were reset in the same instant: something ended them all`);
      const otherwise = abortedOtherwise(given, time);
      if (otherwise > 0 && afterOwnFin === 'no')
        because.push(`this host ended ${countText(otherwise, 'other connection')} with a reset at other times`);
      return { certainty: against.length === 0 && (unanswered === 0 || hasRead === 'all') ? 'likely' : 'possible', because, against };
    }),
    explain(foreignReset, ({ isBare, bothWays }) => {
      if (isBare || bothWays) return undefined;
      const because = ['it acknowledges what had come, as the reset of an end that still has the connection does'];
      return { certainty: 'possible', because, against: ['the window of 0 and the IP ID are not those of a Linux socket'] };
    }),
  ],
  counters: ['TcpExtTCPAbortOnData', 'TcpEstabResets', 'TcpOutRsts'],
  resetReasons: ['TCP_STATE'],
  facts: [{ proof: ['TcpExtTCPAbortOnData'] }],
  confirm: [
    {
      run: 'nstat -az TcpExtTCPAbortOnData TcpExtTCPAbortOnLinger; sleep 10; nstat -z TcpExtTCPAbortOnData TcpExtTCPAbortOnLinger',
      expect: 'TcpExtTCPAbortOnData rises with each reset; TcpExtTCPAbortOnLinger does not, it belongs to a negative TCP_LINGER2',
    },
    { run: 'strace -f -e trace=setsockopt,close,connect -p PID', expect: 'setsockopt(…, SO_LINGER, {l_onoff=1, l_linger=0}) before close()' },
    { run: 'perf trace -e tcp:tcp_send_reset', expect: 'on 6.12 and later: reason TCP_STATE, sent while the process is in close()' },
  ],
  remedy: [
    'Take SO_LINGER 0 out of the application, or out of the option of its library that sets it, and close with a FIN.',
    'If it was there to save TIME_WAITs: let the client close first, and keep connections open for more requests.',
    'If it is a health check that has seen enough: nothing; the reset is its way to say goodbye.',
  ],
  avoid: [
    'SO_LINGER 0 on a server against TIME_WAIT: unsent bytes are lost, and old segments can enter the next connection between the same ports.',
    'Looking for TcpExtTCPAbortOnLinger as the proof: SO_LINGER never moves it.',
  ],
  mimics: [
    { cause: 'close-with-unread-data-reset', tell: 'there TcpExtTCPAbortOnClose rises, and unanswered data came just before' },
    { cause: 'admin-socket-kill', tell: 'there no Abort counter moves, and the local application gets ECONNABORTED' },
    { cause: 'injected-rst', tell: 'there TTL or IP ID do not continue those of the sender, which goes on sending' },
  ],
  sources: ['socket(7): SO_LINGER', 'RFC 9293 section 3.10.5 (ABORT)', 'net/ipv4/tcp.c: __tcp_close, tcp_disconnect'],
  capture: 'closing/reset-because-linger-zero',
};

/** Why nothing that it had received was left unread; undefined when something may have been. */
function dealtWithText({ unanswered, mayHaveRead, hasRead, received }: Received): string | undefined {
  if (received === 0) return 'this end had received no data, so none can have been unread';
  if (unanswered === 0) return 'this end had answered all that it received';
  if (hasRead === 'all') return `its window was still as wide as at first: it had read the ${bytesText(unanswered)} that got no answer`;
  return mayHaveRead ? 'it had asked, and reset as soon as the answer was there: it had probably read it' : undefined;
}

interface Received {
  readonly unanswered: number;
  readonly mayHaveRead: boolean;
  readonly hasRead: 'all' | 'most' | 'unknown';
  readonly received: number;
}
