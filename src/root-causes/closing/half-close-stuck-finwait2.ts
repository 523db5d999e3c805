import { durationText } from '../../hosts/wording.js';
import { closeMissing } from '../../patterns/closing/close-missing.js';
import { type Cause, explain } from '../cause.js';
import { mayBeUnaccepted } from '../clues/unaccepted.js';

export const halfCloseStuckFinwait2: Cause = {
  id: 'half-close-stuck-finwait2',
  title: 'shutdown(SHUT_WR), then waiting without limit in FIN_WAIT2',
  where: 'the peer',
  mechanism: `shutdown(SHUT_WR) sends the FIN and keeps the socket: it can read on for as long as the other end has something to say. Once the FIN is
    acknowledged, tcp_rcv_state_process() puts it into FIN_WAIT2, and since it still has an owner no timer runs there: net.ipv4.tcp_fin_timeout is for
    orphans only. If the other end neither sends nor closes, both wait for ever, in FIN_WAIT2 here and in CLOSE_WAIT there, without a packet, unless
    keep-alive is on.`,
  explains: [
    explain(closeMissing, ({ lasted, closed, wasReset, lastData }, given) => {
      if (closed || wasReset || mayBeUnaccepted(given)) return undefined;
      const because = [`nothing ended the connection in the ${durationText(lasted)} after the first FIN`];
      if (lastData === undefined)
        return { certainty: 'possible', because, against: ['whether it called shutdown() or close() does not show before data arrives'] };
      because.push(
        `the end that sent the FIN took data for ${durationText(lastData)} after it, without a reset: it had shut down one direction only`,
      );
      return { certainty: 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_time'],
  facts: [{ sockets: (sockets) => sockets.in('FIN-WAIT-2', ({ isOrphan }) => isOrphan === false), quotes: ['net.ipv4.tcp_fin_timeout'] }],
  confirm: [
    {
      run: 'ss -tanop state fin-wait-2',
      expect: 'on the end that sent the FIN: the connection with its process; an orphan would show none, and timer:(timewait,…)',
    },
    { run: 'ss -tanp state close-wait', expect: 'on the other end: the process that does not close' },
    {
      run: 'strace -f -tt -e trace=shutdown,close,read,recvfrom -p PID',
      expect: 'on the end that sent the FIN: shutdown(FD, SHUT_WR), then a read() that does not return',
    },
  ],
  remedy: [
    'Set a deadline in the application that shuts down: after it, close().',
    'Switch SO_KEEPALIVE on for the case that the other host is gone altogether.',
    'On the other end: close when read() returns 0 (close-wait-leak).',
  ],
  avoid: ['Lowering net.ipv4.tcp_fin_timeout: it does not touch a socket that still has an owner, and it turns slow closes of others into resets.'],
  mimics: [
    { cause: 'close-wait-leak', tell: 'the same packets from the other side: it is the application in CLOSE_WAIT that should close' },
    { cause: 'finwait2-timeout-late-fin-reset', tell: 'there the first end had called close(), and a late FIN gets a reset' },
  ],
  sources: ['RFC 9293 section 3.6', 'Documentation/networking/ip-sysctl.rst: tcp_fin_timeout', 'net/ipv4/tcp_input.c: tcp_rcv_state_process'],
  capture: 'closing/half-close-stuck-after-half-the-answer',
};
