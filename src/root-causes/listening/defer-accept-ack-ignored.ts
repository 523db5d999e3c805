import { durationText } from '../../hosts/wording.js';
import { synAckRepeated } from '../../patterns/connecting/syn-ack-repeated.js';
import { isAcknowledgment } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';
import { ignoredOnceMore } from '../clues/refused-acks.js';

/** Nanoseconds: the first repetition is due after 1 s; later it can only come when an ACK has arrived and was put aside. */
const LATE = 2.5e9;

export const deferAcceptAckIgnored: Cause = {
  id: 'defer-accept-ack-ignored',
  title: 'TCP_DEFER_ACCEPT: the listener waits for data, not for the ACK',
  where: 'this end',
  mechanism: `With TCP_DEFER_ACCEPT the application wants to hear of a connection only when its first data is there. tcp_check_req() therefore drops
    a bare ACK and only notes that it came; syn_ack_recalc() then holds back the SYN-ACK repetitions until the time of the option, counted in
    timeouts of 1, 3, 7, 15 s, is nearly over: with 3 s the first repetition comes after 3 s, with 5 s after 7 s. The first data segment completes
    the connection at once, and so does an ACK once the time is over. A client that waits for a greeting waits for all of it.`,
  explains: [
    explain(synAckRepeated, ({ firstGap, wasAcknowledged, end, completedByData }, { story, looks, part }) => {
      const last = story.server.syns.at(-1);
      const ignored = story.client.moments.filter((moment) => isAcknowledgment(moment) && moment.frame < (last?.frame ?? 0));
      // Data is what it waits for, and after a repetition an ACK is enough: these would have been accepted.
      if (!wasAcknowledged || ignored.some(({ length }) => length > 0)) return undefined;
      const again = ignoredOnceMore(story);
      if (again > 0 && story.isAt(part)) return undefined;
      const because = ['the client had acknowledged with a bare ACK, and the server did not count it'];
      const against: string[] = [];
      if (firstGap <= LATE)
        against.push(`the first repetition came after ${durationText(firstGap)}: only an option of one second lets it come so early`);
      else {
        because.push(`the first repetition came after ${durationText(firstGap)} and not after 1 s: the server knew of the ACK`);
        if (end === 'completed')
          because.push(completedByData ? 'data was accepted at once' : 'the server took the connection when the time was over');
        const { before } = looks(part);
        if (before === '2.6.39' || before === '3.10') against.push('kernels before 3.1 repeat every SYN-ACK after 3 s at first');
      }
      if (again > 0) against.push('ACKs after the first repetition came to nothing as well, where this takes the next one');
      if (end === 'reset') against.push('in the end the server reset the connection');
      return { certainty: against.length === 0 ? 'likely' : 'possible', because, against };
    }),
  ],
  counters: ['TcpExtTCPDeferAcceptDrop', 'TcpExtTCPSynRetrans'],
  facts: [{ proof: ['TcpExtTCPDeferAcceptDrop'] }],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtTCPDeferAcceptDrop TcpExtListenOverflows',
      expect: 'on the server: DeferAcceptDrop rises with each bare ACK, ListenOverflows stands still',
    },
    { run: 'strace -f -e trace=setsockopt -p PID', expect: 'when the service starts or reloads: setsockopt(…, TCP_DEFER_ACCEPT, [n], 4)' },
    {
      run: "grep -rnE 'deferred|AcceptFilter' /etc/nginx /etc/apache2 /etc/httpd",
      expect: 'nginx: "listen … deferred"; Apache: AcceptFilter, on by default for http',
    },
  ],
  remedy: [
    'Where the client speaks first, nothing: this is what the option is for. A client that connects and says nothing is meant to wait.',
    'Where the server speaks first (SMTP, SSH, MySQL and others), take TCP_DEFER_ACCEPT off that listener.',
    'Health checks that only connect: let them send a byte, or check a port without the option.',
  ],
  avoid: [
    'Enlarging the backlog or net.core.somaxconn: no queue is full.',
    'TCP_DEFER_ACCEPT on every listener "for performance": where the server speaks first it delays each connection by the whole time of the option.',
  ],
  mimics: [
    { cause: 'accept-queue-overflow-ack-ignored', tell: 'there the first repetition comes after 1 s, and data is ignored as well' },
    { cause: 'third-ack-or-synack-lost', tell: 'there the first repetition comes after 1 s, and a capture at the server shows no ACK before it' },
  ],
  sources: [
    'tcp(7): TCP_DEFER_ACCEPT',
    'net/ipv4/tcp_minisocks.c: tcp_check_req',
    'net/ipv4/inet_connection_sock.c: syn_ack_recalc',
    'net/ipv4/tcp.c: secs_to_retrans',
  ],
  capture: 'handshake/final-ack-ignored-because-accept-is-deferred',
};
