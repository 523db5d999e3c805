import { bytesText, countText, durationText } from '../../hosts/wording.js';
import { aborted } from '../../patterns/resets/aborted.js';
import { abortedTogether } from '../../patterns/resets/aborted-together.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { type Cause, explain, explainHost } from '../cause.js';
import { abortedAlongside } from '../clues/aborted-alongside.js';

export const orphanLimitReset: Cause = {
  id: 'orphan-limit-reset',
  title: 'Too many orphaned sockets: the kernel resets what was being closed',
  where: 'this end',
  mechanism: `After close() a socket without an owner, an orphan, still has to deliver its data and its FIN. When there are more than
    net.ipv4.tcp_max_orphans of them, or TCP is out of memory (net.ipv4.tcp_mem), tcp_check_oom() says so: __tcp_close() sends the FIN and a reset
    right behind it, and older orphans are reset when their retransmission timer fires (tcp_out_of_resources()). Orphans whose peer has been silent
    for long, or that got an ICMP error, count double. The limit is one for the whole host, not one for each container.`,
  explains: [
    explain(aborted, ({ afterOwnFin, unanswered, unacknowledged, afterProbes, time }, given) => {
      const isPastFin = afterOwnFin === 'later' && unacknowledged === 0; // FIN_WAIT2 is no orphan of this kind any more
      if (afterOwnFin === 'no' || afterProbes || isPastFin) return undefined;
      const because = [BY_FIN[afterOwnFin]];
      const against: string[] = [];
      if (unanswered === 0) because.push('nothing lay unanswered, so nothing need have been unread');
      else against.push(`${bytesText(unanswered)} that had arrived got no answer: close() with unread data resets as well`);
      const alongside = abortedAlongside(given, time).filter(({ hadFin }) => hadFin).length;
      if (alongside > 0) because.push(`this host reset ${countText(alongside, 'other connection')} that were being closed in the same instant`);
      else against.push('no other connection of this host that was being closed was reset in the same instant');
      return { certainty: alongside > 0 ? 'likely' : 'possible', because, against };
    }),
    explainHost(abortedTogether, ({ connections, within, afterFin }) => {
      if (afterFin === 0) return undefined;
      const because = [
        `${afterFin} of ${connections} connections had been closed with a FIN when the reset followed`,
        `they were reset within ${durationText(within)}`,
      ];
      const others = connections - afterFin;
      const against = others > 0 ? [`${others} of them had not been closed: the limit spares those`] : [];
      return { certainty: others === 0 ? 'likely' : 'possible', because, against };
    }),
    explain(resetAnswered, ({ hadReset, trigger }, { alsoShows }) => {
      if (!hadReset || trigger !== 'ACK' || alsoShows(aborted)?.afterOwnFin !== 'lost') return undefined;
      return {
        certainty: 'likely',
        because: [
          'the same end had sent a reset whose number counts a FIN that was never captured: one too high, so it was answered with a challenge ACK',
          'the challenge met no socket any more and got this second reset',
        ],
      };
    }),
  ],
  sysctls: ['net.ipv4.tcp_max_orphans', 'net.ipv4.tcp_mem', 'net.ipv4.tcp_orphan_retries'],
  counters: ['TcpExtTCPAbortOnMemory', 'TcpOutRsts'],
  resetReasons: ['TCP_ABORT_ON_MEMORY'],
  facts: [{ proof: ['TcpExtTCPAbortOnMemory'], quotes: ['net.ipv4.tcp_max_orphans'], log: /too many orphaned sockets/ }],
  confirm: [
    {
      run: "dmesg -T | grep -E 'too many orphaned sockets|consider tuning tcp_mem'",
      expect: 'the one or the other, at the time of the resets; it says which limit it was',
    },
    {
      run: 'grep TCP: /proc/net/sockstat; sysctl net.ipv4.tcp_max_orphans net.ipv4.tcp_mem',
      expect: 'orphan near tcp_max_orphans, or mem near the last number of tcp_mem',
    },
    { run: 'nstat -az TcpExtTCPAbortOnMemory; sleep 10; nstat -z TcpExtTCPAbortOnMemory', expect: 'rises with each reset' },
    {
      run: "ss -Htn state fin-wait-1 | awk '{print $NF}' | sed 's/:[^:]*$//' | sort | uniq -c | sort -rn | head",
      expect: 'which peers do not take what they are owed; the same for last-ack and closing',
    },
  ],
  remedy: [
    'Find out whose orphans they are: peers that vanished, or that do not read. A burst of closes towards a dead client network is the usual story.',
    'Lower net.ipv4.tcp_orphan_retries, to 3 and not below, so that hopeless orphans go sooner; it is a setting of the network namespace.',
    'Raise net.ipv4.tcp_max_orphans if the memory is there: each orphan can hold up to 64 kB that cannot be swapped out.',
  ],
  avoid: [
    'Raising tcp_max_orphans without end: at up to 64 kB for each orphan the next limit is tcp_mem, and that hurts live connections too.',
    'Lowering net.ipv4.tcp_fin_timeout: orphans in FIN_WAIT2 are not counted here any more, and TIME_WAITs never were.',
  ],
  mimics: [
    { cause: 'close-with-unread-data-reset', tell: 'there no FIN goes with the reset, and TcpExtTCPAbortOnClose rises' },
    { cause: 'linger-zero-reset', tell: 'there no FIN goes before, and TcpExtTCPAbortOnData rises' },
    { cause: 'fin-retransmit-orphan-timeout', tell: 'there the orphan ends in silence' },
    { cause: 'tcp-memory-limit', tell: 'there connections in use suffer as well: closed windows, data not taken' },
  ],
  sources: [
    'Documentation/networking/ip-sysctl.rst: tcp_max_orphans, tcp_orphan_retries',
    'net/ipv4/tcp.c: tcp_check_oom, __tcp_close',
    'net/ipv4/tcp_timer.c: tcp_out_of_resources',
  ],
  capture: 'closing/reset-because-too-many-orphans',
};

const BY_FIN = {
  'at once': 'the FIN and the reset left in the same millisecond: one close() sent both',
  later: 'its FIN was still unacknowledged: an orphan in FIN_WAIT1 whose timer fired',
  lost: 'the number of the reset counts a FIN that was never captured: it had been closed, and the FIN was lost',
};
