import { FIN_TIMEOUT } from '../../flow/timers.js';
import { bytesText, durationText } from '../../hosts/wording.js';
import { dataAfterClose } from '../../patterns/resets/data-after-close.js';
import { resetAnswered } from '../../patterns/resets/reset-answered.js';
import { type Cause, explain } from '../cause.js';

export const dataAfterCloseReset: Cause = {
  id: 'data-after-close-reset',
  title: 'close() before the other end had finished: its data meets no reader',
  where: 'this end',
  mechanism: `close() gives up both directions: the FIN says "I send no more", but nobody is left to read either. New data that arrives in FIN_WAIT1
    makes tcp_rcv_state_process() reset the connection; once the FIN is acknowledged the orphan in FIN_WAIT2 is only a mini-socket
    (net.ipv4.tcp_fin_timeout up to 60 s), and tcp_timewait_state_process() answers data with a reset. Either way the data is lost; its sender gets
    EPIPE when it writes again, and end of file when it reads. After shutdown(SHUT_WR) the socket would have gone on reading.`,
  explains: [
    explain(dataAfterClose, ({ delay, bytes, finWasAcknowledged, hadGivenUp }, { part, peer }) => {
      if (hadGivenUp) return undefined;
      const came = delay < 0 ? 'crossed with its FIN' : `came ${durationText(delay)} after its FIN`;
      const because = [`${bytesText(bytes)} ${came} and got a bare reset: it had closed both directions`];
      const against: string[] = [];
      because.push(
        finWasAcknowledged ? 'its FIN had been acknowledged: it was in FIN_WAIT2' : 'its FIN had not been acknowledged yet: it was in FIN_WAIT1',
      );
      const isWhole = part.endpoint.dataSegments > 0 && peer.endpoint.payload === bytes;
      if (isWhole) because.push('these were the first bytes that it was sent: it had asked and did not wait for the answer');
      if (delay > FIN_TIMEOUT) against.push('more than the 60 s of the default tcp_fin_timeout had passed: FIN_WAIT2 was over by then');
      return { certainty: delay > FIN_TIMEOUT ? 'likely' : 'certain', because, against };
    }),
    explain(resetAnswered, ({ isStalled }, { part, peer }) => {
      const { count, last, lastGap } = part.endpoint.probeRepeats;
      const data = peer.moments.findLast(({ length, frame }) => length > 0 && frame < (part.resets[0]?.frame ?? 0));
      const isAlive = count > 0 && data !== undefined && data.time < last + lastGap * 2;
      if (!isStalled || !isAlive) return undefined;
      const because = [
        'the data came while its own waited for a window: close() sends no FIN then, and nobody is left to read',
        'its next window probe was not due yet: the socket was still there, and reset the connection itself',
      ];
      return { certainty: 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_fin_timeout'],
  counters: ['TcpExtTCPAbortOnData', 'TcpOutRsts'],
  dropReasons: ['TCP_ABORT_ON_DATA'],
  resetReasons: ['TCP_ABORT_ON_DATA', 'TCP_TIMEWAIT_SOCKET'],
  facts: [{ raises: ['TcpOutRsts'], shows: ['TcpExtTCPAbortOnData'] }],
  confirm: [
    {
      run: 'nstat -az TcpOutRsts TcpExtTCPAbortOnData; sleep 10; nstat -z TcpOutRsts TcpExtTCPAbortOnData',
      expect: 'on the host that had closed: both rise when it was in FIN_WAIT1, only TcpOutRsts in FIN_WAIT2',
    },
    {
      run: 'strace -f -tt -e trace=shutdown,close,read,recvfrom -p PID',
      expect: 'close() without shutdown() and without a read() that returned 0 before',
    },
    { run: 'perf trace -e tcp:tcp_send_reset', expect: 'on 6.12 and later: reason TCP_TIMEWAIT_SOCKET or TCP_ABORT_ON_DATA' },
  ],
  remedy: [
    'End in order: shutdown(SHUT_WR), read until end of file, then close().',
    'If it closes because its patience ran out: compare its timeout with the time that the other end needs for an answer.',
    'If it was meant to cancel (a download broken off): nothing, the reset is what stops the sender.',
  ],
  avoid: [
    'Raising net.ipv4.tcp_fin_timeout: a longer FIN_WAIT2 accepts no data either.',
    'SO_LINGER with a time: it waits for the own data to be acknowledged, not for the data of the other end.',
  ],
  mimics: [
    {
      cause: 'write-after-peer-close-reset',
      tell: 'the same packets, seen from the writer: it used a connection again that the other end had closed',
    },
    { cause: 'finwait2-timeout-late-fin-reset', tell: 'there tcp_fin_timeout has passed since the FIN, and the reset reason is NO_SOCKET' },
    { cause: 'close-with-unread-data-reset', tell: 'there the data came before the close, and the reset has an ACK flag and a window' },
  ],
  sources: ['RFC 9293 sections 3.6 and 3.6.1', 'net/ipv4/tcp_input.c: tcp_rcv_state_process', 'net/ipv4/tcp_minisocks.c: tcp_timewait_state_process'],
  capture: 'closing/reset-because-data-came-after-close',
};
