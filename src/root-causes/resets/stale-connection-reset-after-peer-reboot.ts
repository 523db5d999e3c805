import { durationText } from '../../hosts/wording.js';
import { foreignReset } from '../../patterns/resets/foreign-reset.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { resetForm } from '../../patterns/story.js';
import { type Cause, type Certainty, explain } from '../cause.js';
import { lastBefore } from '../clues/origin.js';

/** Nanoseconds: no host restarts faster, and no address moves. */
const RESTART = 1e9;

export const staleConnectionResetAfterPeerReboot: Cause = {
  id: 'stale-connection-reset-after-peer-reboot',
  title: 'One end has lost the connection: restarted host, failover, moved address',
  where: 'this end',
  mechanism: `A segment of an old connection reaches a host that has no socket for it, because it was rebooted or restored from a snapshot, because
    the address moved to another machine, or because a load balancer chose another backend. tcp_v4_rcv() finds neither the connection nor a listener
    that would want the segment, and tcp_v4_send_reset() answers with a bare reset: the number that the segment acknowledged, no ACK flag, window 0,
    no options. It knows nothing of the old connection. The sender gets ECONNRESET, although nothing is wrong with its side.`,
  explains: [
    explain(resetAnswered, (evidence, { part }) => {
      const { trigger, pauseBefore, wasStalled, wasNeverAccepted, hadReset, hadGivenUp } = evidence;
      const because: string[] = [];
      const against: string[] = [];
      if (trigger === 'keep-alive') because.push('it answers a keep-alive probe: the connection had been idle');
      else if (pauseBefore > 0) because.push(`the connection had been silent for ${durationText(pauseBefore)}`);
      const reset = part.resets.find((moment) => resetForm(moment, part) === 'answer');
      const isOfSameDistance = reset !== undefined && part.moments.every(({ flags, ttl }) => flags & 0x04 || ttl === reset.ttl);
      if (isOfSameDistance) because.push('the reset has the TTL of the other packets of that host');
      else against.push('the TTL of the reset differs from that of the other packets: something on the path may have sent it');
      if (!hadReset) because.push('neither a FIN nor a reset ended the connection before, as far as captured');
      if (hadReset) against.push('this end had ended the connection with a reset itself, which got lost or was not accepted');
      if (wasNeverAccepted) against.push('the server had repeated its SYN-ACK: it never took the connection, so it had none to lose');
      if (wasStalled) against.push('the window of the other end had been closed: an orphan that ran out of retries answers the same');
      if (hadGivenUp) against.push('this end had repeated its own data in vain: it may have given up and kept no socket');
      const last = reset === undefined ? undefined : lastBefore(reset, part);
      const absence = reset === undefined || last === undefined ? undefined : reset.time - last.time;
      if (absence !== undefined && absence < RESTART) against.push(`it had still been heard ${durationText(absence)} before: no time to restart`);
      const certainty: Certainty = against.length === 0 ? 'likely' : 'possible';
      return { certainty, because, against };
    }),
    explain(foreignReset, ({ isBare, bothWays, silentBefore }) => {
      if (!isBare || bothWays) return undefined;
      const because = ['it has no ACK flag, as the answer of a host that has no socket for the segment'];
      if (silentBefore > 0) because.push(`the connection had been silent for ${durationText(silentBefore)}`);
      const against = ['Linux answers with IP ID 0 and window 0: that host runs another system, or a box on the path sent it'];
      return { certainty: 'possible', because, against };
    }),
  ],
  counters: ['TcpOutRsts', 'TcpEstabResets'],
  dropReasons: ['NO_SOCKET'],
  resetReasons: ['NO_SOCKET'],
  facts: [{ raises: ['TcpOutRsts'] }],
  confirm: [
    { run: 'uptime -s; last -x reboot | head -3', expect: 'on the host that resets: it was started after the connection was opened' },
    {
      run: 'nstat -az TcpOutRsts; sleep 10; nstat -z TcpOutRsts',
      expect: 'on that host: rises with each such segment; a firewall that rejects does not move it',
    },
    { run: 'ss -tn dst CLIENT', expect: 'on that host: the connection is not listed' },
    { run: 'perf trace -e skb:kfree_skb --filter "reason > 2"', expect: 'on that host, 5.18 and later: NO_SOCKET when the segment comes' },
    { run: 'ip neigh show ADDRESS', expect: 'in its network: another MAC address than before the event, if the address has moved' },
  ],
  remedy: [
    'Let the client treat ECONNRESET on an idle connection as normal: open a new one, and repeat what may be repeated.',
    'Find out sooner: heartbeats, or keep-alive with an idle time (TCP_KEEPIDLE) shorter than anybody would wait.',
    'For failovers that should not be noticed: connection tracking synchronised between the load balancers, or backends drained before they go.',
  ],
  avoid: [
    'Dropping outgoing resets with a packet filter: the client then hangs until tcp_retries2 ends it, a quarter of an hour later.',
    'Raising net.ipv4.tcp_keepalive_time so that it shows less often: the connection is dead, and the next request pays for it.',
  ],
  mimics: [
    { cause: 'middlebox-idle-expiry', tell: 'there the host still has the connection, ss lists it; the box on the path has forgotten it' },
    { cause: 'data-timeout-silent-abort', tell: 'there that end had sent data in vain before and gave up without a packet' },
    { cause: 'fin-wait1-zero-window-stall', tell: 'there its window had been waited for, and the reset answers the window update' },
    { cause: 'firewall-reject-rst', tell: 'there TcpOutRsts does not move, and another TTL may tell' },
    { cause: 'injected-rst', tell: 'there the real peer goes on sending' },
  ],
  sources: ['RFC 9293 sections 3.5.1 and 3.5.2', 'net/ipv4/tcp_ipv4.c: tcp_v4_rcv, tcp_v4_send_reset'],
  capture: 'transfer/keep-alive-reset-because-peer-rebooted',
};
