import { hostText } from '../../hosts/address.js';
import { TOGETHER } from '../../hosts/closing/bursts.js';
import { bytesText, countText, durationText } from '../../hosts/wording.js';
import { aborted } from '../../patterns/resets/aborted.js';
import { abortedTogether } from '../../patterns/resets/aborted-together.js';
import { dataAfterClose } from '../../patterns/resets/data-after-close.js';
import { type Cause, explain, explainHost } from '../cause.js';
import { abortedAlongside } from '../clues/aborted-alongside.js';

/** Fewer may be closed together by chance. */
const SEVERAL = 3;

export const processKilled: Cause = {
  id: 'process-killed',
  title: 'A process ended and the kernel closed all its sockets at once',
  where: 'this end',
  mechanism: `When a process exits, crashes or is killed, do_exit() closes its file descriptors one after another within milliseconds, and each socket
    takes the path of close(): __tcp_close() sends a FIN where the receive queue was empty, and a reset where data was unread. A listening socket
    takes its accept queue along, and every connection in it is reset (inet_csk_listen_stop()). The kernel does not wait for SO_LINGER when a process
    exits. The packets do not say whether it was a crash, the OOM killer or an orderly stop.`,
  explains: [
    explain(aborted, ({ unanswered, received, afterOwnFin, afterProbes, time }, given) => {
      const alongside = abortedAlongside(given, time);
      const { part } = given;
      const mayBeQueued = part.role === 'server' && part.endpoint.dataSegments === 0;
      const hadNothingUnread = received === 0 && !mayBeQueued; // such a socket ends with a FIN
      if (alongside.length === 0 || afterProbes || afterOwnFin !== 'no' || hadNothingUnread) return undefined;
      const served = alongside.filter(({ wasServed }) => wasServed).length;
      const because = [`this host reset ${countText(alongside.length, 'other connection')} in the same instant`];
      const against: string[] = [];
      if (unanswered > 0 && !mayBeQueued)
        because.push(`${bytesText(unanswered)} that had arrived got no answer: unread data turns the FIN of an exit into a reset`);
      if (served > 0) because.push(`${served} of the others had been in use`);
      if (served > 0 && mayBeQueued) because.push('this one had not been served: it went with the listening socket');
      if (mayBeQueued && served === 0) against.push('this connection had not been served: closing the listening socket alone resets it');
      return { certainty: served > 0 && (unanswered > 0 || mayBeQueued) ? 'likely' : 'possible', because, against };
    }),
    explain(dataAfterClose, (_, { part, hosts }) => {
      const fin = part.fins[0]?.time ?? 0;
      const together = hosts.aborts.closedBetween(hostText(part.endpoint), fin - TOGETHER, fin + TOGETHER);
      if (together < SEVERAL) return undefined;
      const because = [
        `this host closed ${countText(together, 'connection')} in the same instant: an exit closes all that it had, in whatever state`,
      ];
      return { certainty: 'likely', because };
    }),
    explainHost(abortedTogether, ({ connections, within, neverServed, hadAnswered, afterFin, closedToo }) => {
      if (afterFin === connections) return undefined; // they were orphans: no process had them any more
      const served = connections - neverServed;
      const because = [`${countText(connections, 'connection')} ended within ${durationText(within)}`];
      if (served > 0) because.push(`${served} of them had been in use`);
      if (served > 0 && neverServed > 0) because.push(`${neverServed} were still waiting to be accepted: the listening socket went with the others`);
      if (closedToo > 0)
        because.push(`${closedToo} more ended with a FIN in the same instant: where nothing is unread, that is how an exit ends them`);
      const against = served === 0 && closedToo === 0 ? ['none of them had been served: closing the listening socket alone does that'] : [];
      if (afterFin > 0) against.push(`${afterFin} of them had already been closed with a FIN: these had no process any more`);
      const isOther = hadAnswered > 0 && hadAnswered === served;
      if (isOther) against.push('those in use had answered all that had come to them: an exit ends such connections with a FIN');
      return { certainty: served + closedToo > 0 && afterFin === 0 && !isOther ? 'likely' : 'possible', because, against };
    }),
  ],
  counters: ['TcpExtTCPAbortOnClose', 'TcpEstabResets', 'TcpOutRsts'],
  resetReasons: ['TCP_ABORT_ON_CLOSE', 'TCP_STATE'],
  facts: [{ raises: ['TcpOutRsts'], logHint: /Killed process \d+|oom-kill:|\]: segfault at|traps: / }],
  confirm: [
    { run: "journalctl -k --since '1 hour ago' | grep -E 'Out of memory|Killed process|segfault'", expect: 'a line at the second of the resets' },
    {
      run: 'systemctl show UNIT -p ActiveEnterTimestamp -p Result -p NRestarts',
      expect: 'the service was started again right after; Result says how it ended',
    },
    { run: 'coredumpctl list --since today', expect: 'a core dump of that program at that time, if it crashed' },
    { run: 'nstat -az TcpExtTCPAbortOnClose; sleep 10; nstat -z TcpExtTCPAbortOnClose', expect: 'rises with each connection that had unread data' },
  ],
  remedy: [
    'Find out why the process ended: crash, OOM killer, a limit of its container, a deployment.',
    'For planned stops: leave the load balancer, stop accepting, finish what is open, then exit; give it the time (TimeoutStopSec, preStop).',
    'Let clients repeat requests that may be repeated, on a new connection.',
  ],
  avoid: [
    'Stopping a service with SIGKILL as a habit: every request in progress gets ECONNRESET.',
    'Turning TCP sysctls: none of them changes what the kernel does with the sockets of a process that is gone.',
  ],
  mimics: [
    { cause: 'close-with-unread-data-reset', tell: 'there one connection ends alone, the process lives on' },
    { cause: 'listener-closed-pending-reset', tell: 'there only connections that nobody had accepted are reset, those in use go on' },
    { cause: 'orphan-limit-reset', tell: 'there the connections had been closed already: a FIN goes with the reset or before it' },
    { cause: 'admin-socket-kill', tell: 'ss -K with a filter resets many at once as well, but idle ones too, and the process lives on' },
  ],
  sources: [
    'RFC 2525 section 2.17',
    'net/ipv4/af_inet.c: inet_release',
    'net/ipv4/tcp.c: __tcp_close',
    'net/ipv4/inet_connection_sock.c: inet_csk_listen_stop',
  ],
  capture: 'closing/process-killed-with-open-connections',
};
