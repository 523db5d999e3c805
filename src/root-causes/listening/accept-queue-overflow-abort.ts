import { countText, durationText } from '../../hosts/wording.js';
import { handshakeAckReset } from '../../patterns/listening/handshake-ack-reset.js';
import { type Cause, explain } from '../cause.js';
import { hasWaitingOthers, refusedAfterReset } from '../clues/reset-handshakes.js';
import { not } from '../testimony/sign.js';

/** Nanoseconds: a request would have repeated its SYN-ACK by then. */
const REPETITION_DUE = 1.3e9;
/** A SYN cookie lives for a minute at least. */
const COOKIE_AGE = 60e9;

export const acceptQueueOverflowAbort: Cause = {
  id: 'accept-queue-overflow-abort',
  title: 'Accept queue full, and tcp_abort_on_overflow resets the client',
  where: 'this end',
  mechanism: `The listener's accept queue holds backlog + 1 connections that the application has not accepted yet. When the ACK that completes a handshake
    finds it full, tcp_check_req() resets the client if net.ipv4.tcp_abort_on_overflow is 1; with the default 0 it drops the ACK and the client never
    learns of it. SYNs that find the queue full are dropped in silence either way, and the setting has no effect on connections made with SYN cookies.`,
  explains: [
    explain(handshakeAckReset, ({ waited }, given) => {
      const { looks, part, hosts, story } = given;
      const neighbours = hosts.listeners.called(story.serverSocket).counts;
      const because = ['the port is open: a SYN-ACK came first', 'the reset answers a segment that completes the handshake'];
      if (neighbours.unanswered > 0)
        because.push(`the same listener ignored ${countText(neighbours.unanswered, 'SYN')}, which a full queue does as well`);
      if (looks(part).isLinux) because.push('the server looks like Linux');
      const against: string[] = [];
      const wasForgotten = waited > REPETITION_DUE;
      if (wasForgotten) against.push(`no SYN-ACK was repeated in the ${durationText(waited)} before: the server kept no request that it could abort`);
      if (waited > COOKIE_AGE) against.push('what was answered came more than a minute after the SYN-ACK: a SYN cookie would have expired');
      const refused = refusedAfterReset(given);
      if (refused > 0)
        against.push(`${countText(refused, 'SYN')} to the same port ${refused === 1 ? 'was' : 'were'} refused after that: nobody listened any more`);
      const isEmpty = !hasWaitingOthers(given);
      if (isEmpty) against.push('no connection that fills the queue is in the capture');
      return { certainty: wasForgotten || refused > 0 || isEmpty ? 'possible' : 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_abort_on_overflow', 'net.core.somaxconn'],
  counters: ['TcpExtListenOverflows', 'TcpExtListenDrops', 'TcpExtEmbryonicRsts', 'TcpOutRsts'],
  dropReasons: ['TCP_LISTEN_OVERFLOW'],
  resetReasons: ['INVALID_SYN'],
  facts: [
    {
      needs: { 'net.ipv4.tcp_abort_on_overflow': not('0') },
      proof: ['TcpExtListenOverflows', 'TcpExtEmbryonicRsts'],
      quotes: ['net.core.somaxconn'],
      sockets: ({ fullQueue }) => fullQueue,
    },
  ],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_abort_on_overflow', expect: '= 1; with 0 this is not the cause' },
    { run: "ss -ltn 'sport = :PORT'", expect: 'Recv-Q is Send-Q + 1 while it happens: the queue is full' },
    {
      run: 'nstat -az TcpExtEmbryonicRsts TcpExtListenOverflows; sleep 10; nstat TcpExtEmbryonicRsts TcpExtListenOverflows',
      expect: 'both rise together',
    },
  ],
  remedy: [
    'Make the application accept faster: unblock its event loop, add workers, use SO_REUSEPORT.',
    'Enlarge the queue: raise the backlog that the application passes to listen(), and net.core.somaxconn, which caps it; both take effect at the next listen().',
    'Set net.ipv4.tcp_abort_on_overflow back to 0: a client that repeats its ACK a little later may find room.',
  ],
  avoid: [
    'Leaving tcp_abort_on_overflow at 1 "to fail fast": a queue that is full for milliseconds then costs connections. ListenOverflows proves the overflow without harm.',
    'Raising net.ipv4.tcp_max_syn_backlog: it limits half-open requests, not the accept queue.',
  ],
  mimics: [
    { cause: 'syncookie-ack-rejected', tell: 'the same packets; there SyncookiesFailed rises instead of EmbryonicRsts' },
    { cause: 'listener-closed-pending-reset', tell: 'there connections already in the queue are reset as well, with a window and options' },
  ],
  sources: ['Documentation/networking/ip-sysctl.rst: tcp_abort_on_overflow', 'net/ipv4/tcp_minisocks.c: tcp_check_req'],
  capture: 'handshake/final-ack-reset-because-accept-queue-full',
};
