import { countText } from '../../hosts/wording.js';
import { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import { type Cause, explain } from '../cause.js';
import { miniSocketAnswered, oldConnectionOf } from '../clues/old-connection.js';

export const timewaitSynPawsRejected: Cause = {
  id: 'timewait-syn-paws-rejected',
  title: 'SYN carries an older timestamp than the TIME_WAIT of its ports remembers (PAWS)',
  where: 'this end',
  mechanism: `A TIME_WAIT keeps the newest timestamp of its peer. When tcp_timewait_state_process() sees a SYN for the same two ports with an
    older one, PAWS takes it for a segment of the old connection, however high its sequence number is: the server repeats its last ACK with the
    old numbers, and starts the 60 s again. The client resets what it does not know; that ends the TIME_WAIT while net.ipv4.tcp_rfc1337 is 0, and
    the next SYN succeeds. It takes a second clock behind the same address and port: clients behind one NAT, or a port used again by a client that
    starts each connection at a timestamp of its own, as Linux does since 4.10.`,
  explains: [
    explain(synStrangelyAnswered, (evidence, { story }) => {
      const { previous, clientReset, answers } = evidence;
      const old = oldConnectionOf(story);
      const weight = miniSocketAnswered(evidence);
      if (old === undefined || weight === undefined) return undefined;
      const isOlder = old.ticksAhead === undefined ? previous?.hasOlderTimestamp === true : old.ticksAhead < 0;
      if (!isOlder) return undefined;
      const howOld =
        old.ticksAhead === undefined
          ? 'the timestamp of the SYN is older than the last one of the old connection'
          : `the timestamp of the SYN is ${countText(-old.ticksAhead, 'tick')} older than the one that the ACK echoes`;
      const because = [howOld, ...weight.because];
      if (old.startsBeyond) because.push('the sequence number of the SYN alone would have been accepted');
      if (!clientReset && answers > 1) because.push('no reset of the client was captured: without one each SYN renews the TIME_WAIT');
      return { ...weight, because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_timestamps', 'net.ipv4.tcp_rfc1337', 'net.ipv4.tcp_invalid_ratelimit'],
  counters: ['TcpExtPAWSTimewait', 'TcpExtPAWSEstab', 'TcpOutRsts'],
  dropReasons: ['TCP_RFC7323_TW_PAWS'],
  resetReasons: ['TCP_INVALID_ACK_SEQUENCE'],
  facts: [{ proof: [['TcpExtPAWSTimewait', 'TcpExtPAWSEstab']] }],
  confirm: [
    {
      run: 'nstat -az TcpExtPAWSTimewait TcpExtPAWSEstab; sleep 10; nstat -z TcpExtPAWSTimewait TcpExtPAWSEstab',
      expect: 'on the server: PAWSTimewait rises with every such SYN (up to 6.12 it is PAWSEstab)',
    },
    { run: "ss -tan state time-wait 'sport = :PORT and dst ADDRESS'", expect: 'on the server: the client port in question is there' },
    {
      run: "tcpdump -ni any -v 'port PORT and tcp[tcpflags] & tcp-syn != 0'",
      expect: 'SYNs of one address and port whose TS val jumps back: several clients behind it',
    },
  ],
  remedy: [
    'Make the NAT or load balancer use a port not twice within 60 s towards the same server: more addresses, more ports, random allocation.',
    'Let the clients close first, or keep connections open: then no TIME_WAIT waits on the server.',
    'Let the ACK and the reset that answers it pass the firewalls in both directions: with them it costs one round trip, without them a minute.',
  ],
  avoid: [
    'Setting net.ipv4.tcp_timestamps = 0: then the sequence number decides, which is random as well, and RTT measurement and PAWS are lost.',
    'Setting net.ipv4.tcp_rfc1337 = 1: the reset then no longer ends the TIME_WAIT, and the client fails for up to a minute.',
    'Blaming net.ipv4.tcp_tw_recycle on a kernel of 4.12 or later: it does not exist there; this is the check of TIME_WAIT, per pair of ports.',
  ],
  mimics: [
    { cause: 'timewait-syn-challenged', tell: 'there the SYN has no timestamp, or the same one, and starts below the old sequence numbers' },
    { cause: 'tw-recycle-nat-syn-drop', tell: 'there the ports are new, only the address is the same, and nothing at all is answered' },
    { cause: 'syn-on-live-connection-challenged', tell: 'there the old connection had never been closed, and the IP ID of the ACK is not 0' },
  ],
  sources: ['RFC 7323 section 5.5', 'RFC 6191', 'net/ipv4/tcp_minisocks.c: tcp_timewait_state_process', 'include/net/tcp.h: tcp_paws_reject'],
  capture: 'handshake/syn-challenged-because-time-wait-has-newer-timestamp',
};
