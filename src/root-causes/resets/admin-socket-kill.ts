import { countText, durationText } from '../../hosts/wording.js';
import { aborted } from '../../patterns/resets/aborted.js';
import { abortedTogether } from '../../patterns/resets/aborted-together.js';
import { type Cause, explain, explainHost } from '../cause.js';
import { abortedAlongside } from '../clues/aborted-alongside.js';

export const adminSocketKill: Cause = {
  id: 'admin-socket-kill',
  title: 'Somebody else destroyed the socket: ss -K, SOCK_DESTROY, bpf_sock_destroy()',
  where: 'this end',
  mechanism: `Since 4.5 a privileged program can end a socket of any process: ss -K sends SOCK_DESTROY over netlink, tcp_diag_destroy() calls
    tcp_abort(), and that sends a reset with tcp_send_active_reset() and reports ECONNABORTED to the owner. Connection managers do it when an address
    or network goes away, container networks when a backend is removed (from BPF, with bpf_sock_destroy(), since 6.5), operators by hand. Nothing on
    the wire tells it from a close with SO_LINGER 0.`,
  explains: [
    explain(aborted, ({ unanswered, hasRead, received, silentBefore, afterOwnFin, neverUsed, afterProbes, time }, given) => {
      const isExplained = afterProbes || (unanswered > 0 && hasRead !== 'all') || afterOwnFin !== 'no'; // a timer, unread data, or the close itself
      const isOfQueue = neverUsed && abortedAlongside(given, time).length > 0;
      if (isExplained || isOfQueue) return undefined;
      const dealtWith = unanswered === 0 ? 'answered' : 'read';
      const because = [
        received === 0 ? 'this end had received no data, so none can have been unread' : `this end had ${dealtWith} all that it received`,
      ];
      const against: string[] = [];
      if (silentBefore > 0) because.push(`the connection had been idle for ${durationText(silentBefore)}: nothing in it called for an end`);
      else against.push('the connection was in use until then, not idle');
      return { certainty: 'possible', because, against };
    }),
    explainHost(abortedTogether, ({ connections, within, neverServed, hadAnswered, afterFin }) => {
      const served = connections - neverServed;
      if (served < 2 || afterFin > 0) return undefined;
      return {
        certainty: 'possible',
        because: [`${countText(connections, 'connection')} of this host ended within ${durationText(within)}, as with ss -K and a filter`],
        against: hadAnswered < served ? ['the end of their process looks the same where data was unread'] : [],
      };
    }),
  ],
  counters: ['TcpOutRsts', 'TcpEstabResets'],
  resetReasons: ['TCP_STATE'],
  facts: [{ raises: ['TcpOutRsts'] }],
  confirm: [
    {
      run: `bpftrace -e 'kprobe:tcp_abort { printf("%s %d\\n", comm, pid); }'`,
      expect: 'names the program that destroys sockets, at the moment of the reset',
    },
    {
      run: "journalctl --since '1 hour ago' | grep -iE 'ECONNABORTED|Software caused connection abort'",
      expect: 'the owner of the socket complains: a close() of its own would not give this error',
    },
    { run: 'grep INET_DIAG_DESTROY /boot/config-$(uname -r)', expect: '=y; without it only BPF can do it' },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpOutRsts TcpExtTCPAbortOnData TcpExtTCPAbortOnClose',
      expect: 'TcpOutRsts rises alone: tcp_abort() has no counter of its own',
    },
  ],
  remedy: [
    'Find who does it: an operator, a script with ss -K, a connection manager, the agent of the container network.',
    'If it is meant to be (the backend is gone, the address has moved): nothing, the application should connect again.',
  ],
  avoid: [
    'ss -K with a loose filter: without one it destroys every socket that it can, the session of the one who types it included.',
    'ss -K on orphans in FIN-WAIT-1 before 6.11: it cleared their queue and with it their timers, and left a socket that never ends.',
  ],
  mimics: [
    { cause: 'linger-zero-reset', tell: 'the same bytes; there TcpExtTCPAbortOnData rises with each reset' },
    { cause: 'process-killed', tell: 'there the process is gone' },
    { cause: 'injected-rst', tell: 'there TTL or IP ID do not continue those of the sender, which goes on sending' },
  ],
  sources: ['ss(8): --kill', 'RFC 9293 section 3.10.5 (ABORT)', 'net/ipv4/tcp_diag.c: tcp_diag_destroy', 'net/ipv4/tcp.c: tcp_abort'],
  capture: 'closing/idle-connection-destroyed-by-ss',
};
