import { countText, durationText } from '../../hosts/wording.js';
import { synAckReset } from '../../patterns/connecting/syn-ack-reset.js';
import { type Cause, explain } from '../cause.js';

/** Nanoseconds: applications that give up have waited for longer than a usual round trip. */
const PATIENCE = 200e6;

export const clientAbandonedConnect: Cause = {
  id: 'client-abandoned-connect',
  title: 'The client had given up before the SYN-ACK came',
  where: 'this end',
  mechanism: `An application that runs out of patience closes its socket in SYN_SENT. Nothing is sent then, so the server does not learn of it. When
    the SYN-ACK comes after all, tcp_v4_rcv() finds no socket for it and tcp_v4_send_reset() answers with a bare reset whose sequence number is the
    one that the SYN-ACK acknowledges; the server drops its request. A port scanner shows the same: it sends its SYN from a raw socket, and its
    kernel, which knows nothing of it, resets the SYN-ACK at once.`,
  explains: [
    explain(synAckReset, ({ waited, waitedSinceLast, syns }, { part, looks }) => {
      const because = ['the SYN-ACK acknowledges just what this end had sent, and no socket took it'];
      const against: string[] = [];
      if (waited > PATIENCE) because.push(`it was reset ${durationText(waited)} after the first SYN: long enough for an application to give up`);
      else against.push(`it was reset ${durationText(waitedSinceLast)} after the SYN already: a scanner, which has no socket, looks like this`);
      if (syns > 1) because.push(`${countText(syns - 1, 'repeat')} of the SYN show that a kernel did wait for it`);
      const isLikely = waited > PATIENCE && looks(part).isLinux;
      return { certainty: isLikely ? 'likely' : 'possible', because, against };
    }),
  ],
  counters: ['TcpOutRsts', 'TcpAttemptFails', 'TcpExtEmbryonicRsts'],
  dropReasons: ['NO_SOCKET'],
  resetReasons: ['NO_SOCKET'],
  facts: [{ raises: ['TcpOutRsts'] }, { at: 'the peer', quotes: ['TcpAttemptFails', 'TcpExtEmbryonicRsts'] }],
  confirm: [
    { run: 'perf trace -e tcp:tcp_send_reset', expect: 'on the client (reason on 6.10 and later): NO_SOCKET, at the time of the SYN-ACK' },
    {
      run: 'strace -f -e trace=connect,close,poll,select -p PID',
      expect: 'on the client: connect() is pending, a timeout fires, close() follows, all before the SYN-ACK',
    },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpAttemptFails TcpExtEmbryonicRsts',
      expect: 'on the server: both rise by one with each attempt that is abandoned',
    },
  ],
  remedy: [
    'Find out why the SYN-ACK is late: lost SYNs, a full accept queue, a slow path. That is the real cause.',
    'Make the connect timeout longer than one SYN repetition: 3 s and more; below 1 s a single lost packet is a failure.',
    'From unknown addresses, without other traffic, and within a round trip: a scan. Nothing is wrong.',
  ],
  avoid: [
    'Retrying at once with a new port when the timeout is short: the server then answers attempts that nobody waits for, and gets slower still.',
  ],
  mimics: [
    {
      cause: 'client-rejects-synack-bad-ack',
      tell: 'there the SYN-ACK acknowledges something that the client never sent, and the client goes on with its SYN',
    },
    { cause: 'synack-dropped-at-client', tell: 'there no reset answers the SYN-ACK' },
    {
      cause: 'syn-flood-half-open',
      tell: 'resets from owners of forged addresses look alike: there one answers each SYN-ACK, from hosts that never sent a SYN',
    },
  ],
  sources: ['RFC 9293 section 3.5.2', 'net/ipv4/tcp_ipv4.c: tcp_v4_rcv, tcp_v4_send_reset', 'net/ipv4/tcp.c: tcp_close'],
  capture: 'handshake/late-syn-ack-reset-because-client-gave-up',
};
