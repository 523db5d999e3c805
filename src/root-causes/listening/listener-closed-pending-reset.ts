import { countText, durationText } from '../../hosts/wording.js';
import { handshakeAckReset } from '../../patterns/listening/handshake-ack-reset.js';
import { aborted } from '../../patterns/resets/aborted.js';
import { abortedTogether } from '../../patterns/resets/aborted-together.js';
import { type Cause, explain, explainHost } from '../cause.js';
import { abortedAlongside } from '../clues/aborted-alongside.js';
import { hasWaitingOthers, refusedAfterReset } from '../clues/reset-handshakes.js';

export const listenerClosedPendingReset: Cause = {
  id: 'listener-closed-pending-reset',
  title: 'Listening socket closed while connections waited in its accept queue',
  where: 'this end',
  mechanism: `A connection whose handshake is complete waits in the accept queue of the listening socket until the application calls accept(). When
    that socket is closed, inet_csk_listen_stop() disconnects every connection in the queue, each with a reset of its own; requests that are still
    half open are forgotten, and their ACK gets a bare reset later. To the clients it looks like a server that accepts and hangs up. Since 5.14, with
    net.ipv4.tcp_migrate_req = 1, the queue moves to another listener of the same SO_REUSEPORT group instead.`,
  explains: [
    explain(handshakeAckReset, (_, given) => {
      const refused = refusedAfterReset(given);
      const because = ['the reset answers the ACK of a handshake that a listener had begun'];
      const against = ['no SYN to the same port was refused after that'];
      if (refused === 0) return hasWaitingOthers(given) ? undefined : { certainty: 'possible', because, against };
      because.push(`${countText(refused, 'SYN')} to the same port ${refused === 1 ? 'was' : 'were'} refused after that: nobody listened any more`);
      return { certainty: 'likely', because };
    }),
    explainHost(abortedTogether, ({ connections, within, neverServed, afterFin, closedToo }) => {
      const served = connections - neverServed;
      if (neverServed === 0 || afterFin === connections) return undefined;
      const because = [`${neverServed} connections that had never been served were reset within ${durationText(within)}`];
      if (served === 0) because.push('no connection in use was reset with them');
      const against = served > 0 ? [`${served} connections in use were reset with them: more than a queue went away`] : [];
      if (closedToo > 0) against.push(`${closedToo} more were closed with a FIN in the same instant: a whole process ended`);
      return { certainty: served === 0 ? 'likely' : 'possible', because, against };
    }),
    explain(aborted, ({ neverUsed, afterOwnFin, afterProbes, time }, given) => {
      const { part, hosts, story } = given;
      if (part.role !== 'server' || part.endpoint.dataSegments > 0 || afterOwnFin !== 'no' || afterProbes) return undefined;
      const alongside = abortedAlongside(given, time);
      const queued = alongside.filter(({ wasServed }) => !wasServed).length;
      const served = alongside.length - queued;
      const { refused } = hosts.listeners.called(story.serverSocket).counts;
      const because = [
        neverUsed
          ? 'nothing was exchanged after the handshake'
          : 'the server never answered what the client sent: it may never have accepted the connection',
      ];
      if (queued > 0) because.push(`this host reset ${countText(queued, 'other connection')} that it had never served in the same instant`);
      if (queued > 0 && served === 0) because.push('no connection in use was reset with them');
      if (refused > 0)
        because.push(`${countText(refused, 'SYN')} to the same port ${refused === 1 ? 'was' : 'were'} refused: nobody listened any more`);
      const isAlone = queued === 0 && refused === 0;
      if (isAlone && !neverUsed) return undefined; // then unread data is explanation enough
      const against = isAlone ? ['no other waiting connection was reset, and no SYN to that port refused'] : [];
      if (served > 0) against.push(`${countText(served, 'connection')} in use were reset with it: more than a queue went away`);
      return { certainty: isAlone ? 'possible' : 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_migrate_req'],
  counters: ['TcpOutRsts', 'TcpEstabResets'],
  resetReasons: ['TCP_STATE'],
  facts: [{ raises: ['TcpOutRsts'] }],
  confirm: [
    { run: "ss -ltnp 'sport = :PORT'", expect: 'another process than before the resets listens, or nobody' },
    { run: 'systemctl show UNIT -p ActiveEnterTimestamp -p ExecMainStartTimestamp', expect: 'the service was restarted at the second of the resets' },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpOutRsts TcpExtTCPAbortOnClose TcpExtTCPAbortOnData',
      expect: 'across a restart under load: TcpOutRsts rises, the Abort counters do not',
    },
  ],
  remedy: [
    'Keep the listening socket open across restarts: a systemd .socket unit, or a reload in which the new process inherits the socket.',
    'Take the host out of the load balancer first, and close the listener when its queue is empty.',
    'With several listeners in a SO_REUSEPORT group and Linux 5.14 or later: net.ipv4.tcp_migrate_req = 1.',
    'If the queue is long at each restart, the application accepts too slowly: cure that first.',
  ],
  avoid: ['Raising the backlog or net.core.somaxconn: a longer queue only means more connections that a restart resets.'],
  mimics: [
    { cause: 'process-killed', tell: 'there connections in use end in the same instant' },
    { cause: 'accept-queue-overflow-abort', tell: 'there each reset answers the ACK of a handshake, without ACK flag and with window 0' },
    { cause: 'linger-zero-reset', tell: 'there connections end one by one, after they were served' },
  ],
  sources: [
    'Documentation/networking/ip-sysctl.rst: tcp_migrate_req',
    'net/ipv4/inet_connection_sock.c: inet_csk_listen_stop, inet_child_forget',
    'net/ipv4/tcp.c: tcp_disconnect',
  ],
  capture: 'closing/reset-because-listener-was-closed',
};
