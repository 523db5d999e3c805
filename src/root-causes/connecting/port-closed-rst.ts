import { hostText } from '../../hosts/address.js';
import { TOGETHER } from '../../hosts/closing/bursts.js';
import { countText, durationText } from '../../hosts/wording.js';
import { connectionRefused } from '../../patterns/connecting/connection-refused.js';
import { type Case, type Cause, explain } from '../cause.js';

/** Nanoseconds: accepted so shortly before or after, the port was open. */
const SHORTLY = 3e9;
/** Fewer may end together by chance. */
const SEVERAL = 3;

export const portClosedRst: Cause = {
  id: 'port-closed-rst',
  title: 'Nothing listens on that address and port',
  where: 'the peer',
  mechanism: `tcp_v4_rcv() (tcp_v6_rcv() for IPv6) looks up a socket for the SYN, finds none, and tcp_v4_send_reset() answers: RST and ACK, sequence
    number 0, acknowledging the SYN, window 0, no options. A service that listens on 127.0.0.1 only, or on one protocol family, has no socket for
    other addresses either. Linux ends connect() with ECONNREFUSED at once; Windows sends the SYN twice more, half a second apart, before it
    believes.`,
  explains: [
    explain(connectionRefused, ({ delay, syns }, given) => {
      const { story, peer, hosts } = given;
      const [reset] = story.server.resets;
      const [syn] = story.client.syns;
      if (reset === undefined || syn === undefined || hosts.vantages.endedHere(story.flow)) return undefined; // the SYN did not get there
      const isPlain = reset.seq === 0 && reset.window === 0 && !reset.hasTimestamps;
      const listener = hosts.listeners.called(story.serverSocket);
      const { counts } = listener;
      const accepted = listener.around(syn.time, SHORTLY, 'accepted');
      const refused = accepted.length === 0 ? [] : listener.attempts.filter(({ attempt }) => attempt === 'refused').map(({ from }) => from);
      const [first, last] = [Math.min(...refused), Math.max(...refused)];
      const isMixed = accepted.some(({ from }) => from > first && from < last);
      const isAlone = refused.length === 1 && accepted.some(({ from }) => from < first) && accepted.some(({ from }) => from > first);
      const because: string[] = [];
      if (isPlain) because.push('the reset has the form that a kernel without a socket gives it: sequence number 0, window 0, no options');
      if (story.isAt(peer)) because.push(`it left ${durationText(delay)} after the SYN, from the host where the capture was made`);
      if (counts.refused > 1 && counts.accepted === 0) because.push(`all ${counts.refused} attempts at that port were refused`);
      if (syns > 2) because.push(`the client asked ${syns} times, as Windows does when it is refused`);
      because.push(...endOfProcess(given));
      if (because.length === 0) because.push('the SYN was answered with a reset');
      const against: string[] = [];
      if (!isPlain) against.push('the reset does not have the form of a kernel without a socket: something else made it');
      if (isMixed || isAlone)
        against.push(`${countText(accepted.length, 'connection')} to the same port came about within three seconds, before it and after it`);
      else if (accepted.length > 0 && refused.length > 1)
        because.push(
          `the ${refused.length} refusals came in one stretch, with connections only before or after it: the service was not running then`,
        );
      return { certainty: against.length === 0 ? 'likely' : 'possible', because, against };
    }),
  ],
  counters: ['TcpOutRsts', 'TcpAttemptFails'],
  dropReasons: ['NO_SOCKET'],
  resetReasons: ['NO_SOCKET'],
  facts: [{ raises: ['TcpOutRsts'] }],
  confirm: [
    { run: "ss -ltnp 'sport = :PORT'", expect: 'on the server: no row, or one that is bound to another address, such as 127.0.0.1 or [::1]' },
    {
      run: 'nstat -n; sleep 10; nstat -z TcpOutRsts',
      expect: 'on the server: rises by one with each attempt. If it stands still, a packet filter made the reset',
    },
    { run: 'perf trace -e tcp:tcp_send_reset', expect: 'on the server (reason on 6.10 and later): NO_SOCKET' },
    { run: 'journalctl -u SERVICE --since -10min', expect: 'the service has stopped, crashed, is still starting, or failed to bind' },
  ],
  remedy: [
    'Start the service, or find out why it is gone.',
    'Bind it to the address that clients use: 0.0.0.0 or [::] instead of localhost, both families where clients use both.',
    'Correct address and port on the client; behind a load balancer or NAT, the target port.',
    'Restarts without a gap: socket activation, or hand the listening socket on.',
  ],
  avoid: [
    'Endless quick retries: each costs a port and a packet, and the answer stays the same. Wait longer after each.',
    'Opening the firewall: the packet has got through, and the answer came back.',
  ],
  mimics: [
    {
      cause: 'firewall-reject-rst',
      tell: 'byte for byte the same packet; there TcpOutRsts of the server stands still, or the TTL differs from that of its other packets',
    },
    { cause: 'firewall-reject-icmp', tell: 'there an ICMP error answers the SYN' },
    {
      cause: 'listener-closed-pending-reset',
      tell: 'the moment before: connections still in the queue are reset, and from then on SYNs are refused',
    },
  ],
  sources: ['RFC 9293 section 3.5.2', 'net/ipv4/tcp_ipv4.c: tcp_v4_rcv, tcp_v4_send_reset'],
  capture: 'handshake/refused-because-port-is-closed',
};

/** It closed several connections in one instant before: nobody but the kernel does that, when their process ends. */
function endOfProcess({ story, hosts }: Case): string[] {
  const refused = story.client.syns[0]?.time ?? 0;
  const closes = hosts.aborts.closesOf(hostText(story.flow.server)).filter((time) => time < refused && refused - time < SHORTLY);
  const last = Math.max(...closes);
  const together = closes.filter((time) => last - time < TOGETHER).length;
  if (together < SEVERAL) return [];
  return [
    `${durationText(refused - last)} before, that host closed ${countText(together, 'connection')} in the same instant, as when a process ends`,
  ];
}
