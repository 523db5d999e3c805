import type { Moment } from '../../flow/timeline.js';
import { WINDOW_PROBE } from '../../flow/verdict.js';
import { countText, durationText } from '../../hosts/wording.js';
import { zeroWindow } from '../../patterns/pace/zero-window.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import type { Part } from '../../patterns/story.js';
import { type Cause, explain, type Weight } from '../cause.js';

/** Nanoseconds: a window closed for less than this needs no such explanation, and the life of an orphan with the defaults. */
const LONG = 60e9;
const ORPHAN_LIFE = 240e9;

export const finWait1ZeroWindowStall: Cause = {
  id: 'fin-wait1-zero-window-stall',
  title: 'close() behind a closed window: FIN_WAIT1 without a FIN on the wire',
  where: 'this end',
  mechanism: `close() queues the FIN behind the data that the other end has no room for: ss shows FIN-WAIT-1, the wire only zero-window probes. RFC
    1122 lets a sender probe for ever while the probes are answered, but an orphan is limited since 3.18: tcp_probe_timer() ends it once the probe
    interval has doubled up to the largest RTO (120 s, or net.ipv4.tcp_rto_max_ms since 6.15) and net.ipv4.tcp_orphan_retries probes were sent. With
    the defaults that takes four to six minutes, and it goes without a packet. A reader that opens its window later gets a bare reset, and the rest of
    the data is lost.`,
  explains: [
    explain(resetAnswered, ({ trigger, wasStalled, isStalled, hadReset }, { alsoShows, part, story }) => {
      if (!(isStalled || (wasStalled && trigger === 'window update')) || hadReset) return undefined;
      const stall = alsoShows(zeroWindow);
      const because = [
        isStalled
          ? 'the reset answers data that came while the window of its sender was closed: this end had data to send and no room for it'
          : 'the reset answers the segment that opened the window: until then this end had data to send and no room for it',
        'it never sent a FIN: that waits behind the data',
      ];
      if (stall === undefined || stall.probes === 0 || stall.unanswered > 0) return { certainty: 'possible', because };
      because.push(`its ${countText(stall.probes, 'probe')} had been answered: a socket with an owner would have gone on asking`);
      return { certainty: 'likely', ...withEnd(because, stall.closed, part, story.other(part)) };
    }),
    explain(zeroWindow, ({ closed, reopened, probes, unanswered, peerHadGone }, { part, peer, story }) => {
      if (peer.fins.length > 0 || probes === 0 || unanswered > 0) return undefined;
      const because = [`the sender's ${countText(probes, 'probe')} found the window closed for ${durationText(closed)} and were answered`];
      if (peerHadGone) {
        because.push(
          'when the window opened, a bare reset came back: the sender had no socket any more',
          'it had never sent a FIN: that waits behind the data',
        );
        return { certainty: 'likely', where: 'the peer', ...withEnd(because, closed, peer, part) };
      }
      if (reopened || closed < LONG) return undefined;
      if (story.silence > nextProbe(peer)) because.push(`the probes had stopped ${durationText(story.silence)} before the capture ended`);
      return {
        certainty: 'possible',
        where: 'the peer',
        because,
        against: ['a sender whose socket is still open looks the same: close() cannot be seen'],
      };
    }),
  ],
  sysctls: ['net.ipv4.tcp_orphan_retries', 'net.ipv4.tcp_rto_max_ms', 'net.ipv4.tcp_max_orphans'],
  counters: ['TcpExtTCPWinProbe', 'TcpExtTCPAbortOnTimeout', 'TcpOutRsts'],
  dropReasons: ['NO_SOCKET'],
  resetReasons: ['NO_SOCKET'],
  facts: [{ raises: ['TcpExtTCPWinProbe'], sockets: (sockets) => sockets.in('FIN-WAIT-1', ({ timer }) => timer === 'persist') }],
  confirm: [
    { run: 'ss -tno state fin-wait-1', expect: 'on the sender: Send-Q above 0, no process, timer:(persist,TIME,N)' },
    { run: "ss -tnmp 'sport = :PORT'", expect: 'on the reader: Recv-Q full, and the process that does not read' },
    {
      run: 'nstat -az TcpExtTCPWinProbe TcpExtTCPAbortOnTimeout; sleep 300; nstat -z TcpExtTCPWinProbe TcpExtTCPAbortOnTimeout',
      expect: 'on the sender: TcpExtTCPAbortOnTimeout rises when the orphan is given up, TcpOutRsts only when the reader wakes up',
    },
    { run: 'grep TCP: /proc/net/sockstat', expect: 'on the sender: orphan grows when this happens often' },
  ],
  remedy: [
    'Mend the reader: it is the one that does not read.',
    'In the sending application: shutdown(SHUT_WR), then wait for end of file with a deadline; close() alone never tells it that data was lost.',
    'TCP_USER_TIMEOUT on the sending socket limits the wait for connections that matter; it also holds after close().',
    'Against readers that do it on purpose to bind memory: lower net.ipv4.tcp_orphan_retries (to 3), and net.ipv4.tcp_rto_max_ms on 6.15 and later.',
  ],
  avoid: [
    'net.ipv4.tcp_fin_timeout: it limits FIN_WAIT2, and this is FIN_WAIT1.',
    'ss -K on such an orphan before 6.11: it loses its queue and its timers and stays for ever.',
    'A larger receive buffer on the reader as the cure: it only fills later.',
  ],
  mimics: [
    { cause: 'receiver-zero-window', tell: 'there the sender still has its socket and goes on when the window opens' },
    { cause: 'user-timeout-abort', tell: 'there TCP_USER_TIMEOUT of the sending socket ends it, also while its owner still has it' },
    { cause: 'zero-window-probe-timeout', tell: 'there the last probes stay unanswered' },
    { cause: 'stale-connection-reset-after-peer-reboot', tell: 'there no window was closed before' },
  ],
  sources: [
    'RFC 1122 section 4.2.2.17',
    'RFC 9293 section 3.8.6.1',
    'net/ipv4/tcp_timer.c: tcp_probe_timer, tcp_orphan_retries',
    'net/ipv4/tcp.c: tcp_abort',
  ],
  capture: 'closing/fin-wait1-stalls-behind-zero-window',
};

/** Whether the probes had stopped before the window opened, and what it means that the orphan lived no longer. */
function withEnd(because: readonly string[], closed: number, sender: Part, reader: Part): Pick<Weight, 'because' | 'against'> {
  const lastProbe = probesOf(sender).at(-1)?.lastTime ?? 0;
  const opened = reader.moments.find(({ time, window }) => time > lastProbe && window > 0)?.time ?? lastProbe;
  const isEarly = closed < ORPHAN_LIFE;
  const setting = 'with the default tcp_orphan_retries and tcp_rto_max_ms an orphan lasts minutes';
  if (opened - lastProbe <= nextProbe(sender)) return { because, against: isEarly ? [`${durationText(closed)} is short: ${setting}`] : [] };
  const stopped = `the probes had stopped ${durationText(opened - lastProbe)} before the window opened, when the next was long due`;
  return { because: [...because, isEarly ? `${stopped}; ${setting}, so one of them is lower there` : stopped] };
}

/** Nanoseconds after the last probe in which the next one would have come: twice the last gap, at most 120 s, and timers are late. */
function nextProbe(sender: Part): number {
  const [before, last] = probesOf(sender).slice(-2);
  const gap = before === undefined || last === undefined ? 120e9 : last.lastTime - before.lastTime;
  return Math.min(gap * 2, 120e9) * 1.13;
}

function probesOf({ moments }: Part): readonly Moment[] {
  return moments.filter(({ verdict }) => verdict === WINDOW_PROBE);
}
