import { bytesText, durationText } from '../../hosts/wording.js';
import { closeMissing } from '../../patterns/closing/close-missing.js';
import { bytesBetween } from '../../patterns/story.js';
import { type Cause, type Certainty, explain } from '../cause.js';
import { mayBeUnaccepted } from '../clues/unaccepted.js';

export const closeWaitLeak: Cause = {
  id: 'close-wait-leak',
  title: 'CLOSE_WAIT: the other end has closed, the application does not',
  where: 'this end',
  mechanism: `tcp_fin() acknowledges the FIN, puts the socket into CLOSE_WAIT and makes read() return 0. The rest is up to the application: until it
    calls close() the kernel sends no FIN, and there is no timer for CLOSE_WAIT, since one direction may stay open for as long as it likes. A program
    that forgets the descriptor, hangs elsewhere, or has no thread left to read it keeps the socket until it exits, and runs into its limit of open
    files at last. The other end has long left FIN_WAIT2 by then and answers with a reset.`,
  explains: [
    explain(closeMissing, ({ lasted, closed, wasReset, lastData }, given) => {
      if (mayBeUnaccepted(given)) return undefined; // no application has it yet
      const { part, story } = given;
      const span = durationText(lasted);
      const because = [
        closed ? `its own FIN came only ${span} after that of the other end` : `${span} after the FIN of the other end its own had not come`,
      ];
      const against: string[] = [];
      because.push('its kernel had acknowledged the FIN, so only close() was missing');
      if (wasReset) because.push('when it did something at last, the other end no longer knew the connection');
      if (story.isAt(part)) because.push('the capture was made on that host: a FIN of it would be in it');
      if (lastData !== undefined)
        against.push(`it went on sending for ${durationText(lastData)} after the FIN: it may still have had an answer to give`);
      const waiting = closed || !part.endpoint.isAcknowledged ? 0 : bytesBetween(part.endpoint.sndUna, part.endpoint.sndNxt);
      if (waiting > 0) against.push(`${bytesText(waiting)} that it sent are not acknowledged: its FIN may wait behind them`);
      const certainty: Certainty = story.isAt(part) && against.length === 0 ? 'certain' : 'likely';
      return { certainty, because, against };
    }),
  ],
  facts: [{ sockets: (sockets) => sockets.in('CLOSE-WAIT') }],
  confirm: [
    {
      run: 'ss -tanp state close-wait',
      expect: 'the connections and the process that holds them; Recv-Q 1 means that not even the end of file was read',
    },
    { run: 'ls /proc/PID/fd | wc -l; grep "open files" /proc/PID/limits', expect: 'the number of descriptors grows towards the limit' },
    { run: 'watch -n 10 "ss -Htan state close-wait | wc -l"', expect: 'grows and never falls until the process is restarted' },
    { run: 'gdb -p PID -batch -ex "thread apply all bt"', expect: 'where its threads are instead of reading: a lock, a slow backend, a full pool' },
  ],
  remedy: [
    'Mend the application: a read() that returns 0 calls for close(), on the paths of errors and timeouts too. HTTP clients: close every response.',
    'Look for what its threads wait for; often the leak is only a slow backend with an unbounded queue in front of it.',
    'Until it is mended: restart it. Only the end of the process closes these sockets.',
  ],
  avoid: [
    'Any sysctl: tcp_fin_timeout and tcp_tw_* have no say in CLOSE_WAIT; keep-alive can end the connection, but the descriptor stays open.',
    'ss -K on the sockets: the descriptors stay open in the process, and the leak goes on.',
    'Believing that in CLOSE_WAIT the FIN was not acknowledged yet: the kernel has done so at once; what is missing is the application.',
  ],
  mimics: [
    { cause: 'half-close-stuck-finwait2', tell: 'the other end only shut down one direction and waits for an answer on purpose' },
    { cause: 'accept-queue-overflow-ack-ignored', tell: 'there nobody has accepted the connection: ss shows it without a process' },
    { cause: 'slow-application-response', tell: 'there the close comes when the answer is done' },
  ],
  sources: ['RFC 9293 section 3.6', 'net/ipv4/tcp_input.c: tcp_fin', 'net/ipv4/tcp.c: tcp_close_state'],
  capture: 'closing/close-wait-because-application-does-not-close',
};
