import { bytesText, durationText } from '../../hosts/wording.js';
import { dataAfterClose } from '../../patterns/resets/data-after-close.js';
import { type Cause, explain } from '../cause.js';

export const writeAfterPeerCloseReset: Cause = {
  id: 'write-after-peer-close-reset',
  title: 'Written to a connection that the other end had already closed',
  where: 'the peer',
  mechanism: `The FIN of the other end makes this socket CLOSE_WAIT, and read() returns 0; but write() still succeeds, since TCP cannot know whether
    the other end closed one direction or both. The data then meets no reader and comes back as a reset. In CLOSE_WAIT tcp_reset() makes that EPIPE
    for the next write(); read() goes on returning 0, so the loss can pass for a normal end. The usual scene is a pool of idle connections whose
    server closes after its own idle time, at the moment in which the client takes one out again. When FIN and request cross on the way, the client
    could not have known.`,
  explains: [
    explain(dataAfterClose, ({ delay, bytes, writtenBefore, finWasAcknowledged, hadGivenUp }, { part, peer, story }) => {
      if (writtenBefore > 0) return undefined;
      const because: string[] = [];
      const against: string[] = [];
      if (finWasAcknowledged)
        because.push(
          `the ${bytesText(bytes)} came ${durationText(delay)} after the FIN, which the writer had acknowledged: it could have read end of file`,
        );
      else if (hadGivenUp) because.push('no FIN had been acknowledged: the writer could not know');
      else because.push(`the ${bytesText(bytes)} and the FIN crossed on the way: the writer could not know`);
      if (peer.role === 'client') because.push('the writer is the client: a request on a connection that the server had closed');
      else against.push('the writer is the server: it answered a client that had not waited');
      const idle = story.pauseBefore(part.fins[0]);
      if (idle > 0 && peer.role === 'client')
        because.push(`the connection had been idle for ${durationText(idle)} when it was closed: an idle timeout of the server`);
      return { certainty: hadGivenUp ? 'possible' : 'certain', because, against };
    }),
  ],
  counters: ['TcpEstabResets'],
  facts: [{ quotes: ['TcpEstabResets'] }],
  confirm: [
    { run: 'ss -tnp state close-wait', expect: 'on the writer: connections of its pool that the other end has closed already' },
    {
      run: 'strace -f -tt -e trace=network,read,write -p PID',
      expect: 'on the writer: write() succeeds, then the next write() is EPIPE or the next read() returns 0',
    },
    { run: 'nstat -az TcpEstabResets; sleep 10; nstat -z TcpEstabResets', expect: 'on the writer: rises with each' },
  ],
  remedy: [
    'Make the idle timeout of the client pool clearly shorter than that of the server or load balancer: 50 s against 60 s, for example.',
    'Test a connection before it is used again: a read() that does not block and returns 0 means that it is closed.',
    'Repeat the request on a new connection when nothing of the answer had come, if the request may be repeated.',
  ],
  avoid: [
    'Raising net.ipv4.tcp_fin_timeout on the server: a FIN_WAIT2 that lasts longer takes no request either.',
    "Keep-alive probes to keep the connection open: the idle time that ran out is the application's, and probes are no requests.",
  ],
  mimics: [
    {
      cause: 'data-after-close-reset',
      tell: 'the same packets, seen from the end that closed too early: it did not wait for an answer that it had asked for',
    },
    { cause: 'stale-connection-reset-after-peer-reboot', tell: 'there no FIN came before' },
    { cause: 'close-wait-leak', tell: 'there the writer notices nothing for long and closes late or never' },
  ],
  sources: ['RFC 9293 section 3.6', 'RFC 9112 section 9.5', 'net/ipv4/tcp_input.c: tcp_fin, tcp_reset'],
  capture: 'closing/reset-because-data-came-after-close',
};
