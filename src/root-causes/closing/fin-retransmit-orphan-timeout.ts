import { CLOSED } from '../../flow/state.js';
import { bytesText, durationText, timesText } from '../../hosts/wording.js';
import { finAckReset } from '../../patterns/closing/fin-ack-reset.js';
import { finUnacknowledged } from '../../patterns/closing/fin-unacknowledged.js';
import { dataAfterClose } from '../../patterns/resets/data-after-close.js';
import { type Cause, explain } from '../cause.js';

export const finRetransmitOrphanTimeout: Cause = {
  id: 'fin-retransmit-orphan-timeout',
  title: 'FIN repeated into silence until the orphan is given up',
  where: 'this end',
  mechanism: `After close() the socket is an orphan in FIN_WAIT1 and repeats its FIN on the schedule of the retransmission timer, the first time as a
    tail loss probe. For orphans tcp_write_timeout() does not wait for net.ipv4.tcp_retries2 but for net.ipv4.tcp_orphan_retries, where the default 0
    means 8: about 102 s by the kernel's reckoning, 9 or 10 FINs on the wire. Then it is gone without a packet, and a late segment of the other end
    gets a bare reset. A socket that only called shutdown() and is still open follows tcp_retries2.`,
  explains: [
    explain(finUnacknowledged, ({ fins, span, isLast }, { part, peer, story }) => {
      if (isLast) return undefined;
      const wasHeard = peer.endpoint.lastTime > part.endpoint.finRepeats.first;
      const because = [
        `its FIN was sent ${timesText(fins)} within ${durationText(span)}`,
        `nothing of the other end was heard after the ${wasHeard ? 'last' : 'first'}`,
      ];
      const against: string[] = [];
      if (fins > 8 && span > 40e9) because.push('that is what the default of net.ipv4.tcp_orphan_retries amounts to');
      const next = part.endpoint.finRepeats.lastGap * 2.3; // a timer fires late rather than early
      const end = story.transitions.findLast(({ side }) => side === part.endpoint.side);
      if (end?.to === CLOSED && end.basis === 'seen') against.push('it was ended by what the ports were used for next, not given up');
      else if (story.silence > next)
        because.push(`no further FIN came in the ${durationText(story.silence)} that followed: it was given up, without a reset`);
      else against.push('the capture ends before the next FIN would be due: whether it was given up cannot be seen');
      if (story.isAt(peer)) because.push('the FINs reached the other host, which kept silent');
      return { certainty: fins < 3 ? 'possible' : 'likely', because, against };
    }),
    explain(finAckReset, ({ fins, delay }) => {
      if (fins < 2) return undefined;
      const because = [
        `its FIN was sent ${timesText(fins)}, and acknowledged only ${durationText(delay)} after the first: it may have given up by then`,
      ];
      return { certainty: fins < 3 ? 'possible' : 'likely', because };
    }),
    explain(dataAfterClose, ({ delay, bytes, hadGivenUp }, { part }) => {
      if (!hadGivenUp) return undefined;
      const { count, last, first } = part.endpoint.finRepeats;
      const because = [
        `its FIN was sent ${timesText(count)} within ${durationText(last - first)} and never acknowledged`,
        `the next one was overdue when ${bytesText(bytes)} came, ${durationText(delay)} after the first: there was no socket left`,
      ];
      return { certainty: 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_orphan_retries', 'net.ipv4.tcp_retries2', 'net.ipv4.tcp_max_orphans'],
  counters: ['TcpExtTCPTimeouts', 'TcpExtTCPAbortOnTimeout', 'TcpRetransSegs'],
  facts: [{ sockets: (sockets) => sockets.in('FIN-WAIT-1'), quotes: ['TcpExtTCPAbortOnTimeout', 'net.ipv4.tcp_orphan_retries'] }],
  confirm: [
    { run: 'ss -tno state fin-wait-1', expect: 'the connection without a process, timer:(on,TIME,N) with N growing' },
    {
      run: 'nstat -az TcpExtTCPTimeouts TcpExtTCPAbortOnTimeout; sleep 120; nstat -z TcpExtTCPTimeouts TcpExtTCPAbortOnTimeout',
      expect: 'TcpExtTCPTimeouts rises with each repeat, TcpExtTCPAbortOnTimeout when it is given up; TcpOutRsts has no part in it',
    },
    { run: 'tcpdump -ni any host PEER and port PORT', expect: 'on the other host: whether the FINs arrive there at all' },
  ],
  remedy: [
    'Find out what became of the other end: powered off, address moved, or a firewall that has forgotten the connection and drops the FIN.',
    'If clients vanish by design (mobile networks): nothing, each orphan costs little and goes by itself.',
    'Only on hosts with very many of them: net.ipv4.tcp_orphan_retries = 3 or more shortens their life.',
  ],
  avoid: [
    'net.ipv4.tcp_orphan_retries = 1: data that the application had written and closed behind is thrown away after a short outage.',
    'net.ipv4.tcp_fin_timeout: it limits FIN_WAIT2, not FIN_WAIT1.',
    'SO_LINGER 0 so that no orphan is left: it throws away what was not yet acknowledged in every case, not only in the hopeless ones.',
  ],
  mimics: [
    { cause: 'last-ack-retransmit', tell: 'there the other end had sent its FIN first' },
    { cause: 'rto-backoff-path-loss', tell: 'the same timer; there data is repeated and the socket has an owner' },
    { cause: 'fin-wait1-zero-window-stall', tell: 'there the FIN never gets onto the wire, zero-window probes do' },
  ],
  sources: [
    'Documentation/networking/ip-sysctl.rst: tcp_orphan_retries',
    'net/ipv4/tcp_timer.c: tcp_write_timeout, tcp_orphan_retries',
    'RFC 9293 section 3.10.4 (CLOSE)',
  ],
  capture: 'closing/fin-unacknowledged-until-orphan-timeout',
};
