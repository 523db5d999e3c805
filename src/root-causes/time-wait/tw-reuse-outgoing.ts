import { durationText } from '../../hosts/wording.js';
import { timeWaitReopened } from '../../patterns/time-wait/time-wait-reopened.js';
import { type Cause, explain } from '../cause.js';
import { not } from '../testimony/sign.js';

export const twReuseOutgoing: Cause = {
  id: 'tw-reuse-outgoing',
  title: 'The client takes its own TIME_WAIT ports again (tcp_tw_reuse)',
  where: 'this end',
  isBenign: true,
  mechanism: `Nothing is wrong. The client closed the old connection first and had its ports in TIME_WAIT. When connect() finds such a pair,
    tcp_twsk_unique() gives it away if timestamps were in use and a second has passed (net.ipv4.tcp_tw_reuse_delay since 6.14), provided that
    net.ipv4.tcp_tw_reuse is 1; its default is 2 (loopback only) since 4.19 and was 0 before. An application that binds the source port itself
    gets it without that setting and at once. The new connection starts 65537 beyond the old sequence numbers and goes on with the old peer's
    timestamp, so that the first SYN carries a TSecr: a fresh one never does.`,
  explains: [
    explain(timeWaitReopened, ({ by, age, previousStream }, { part }) => {
      const syn = part.syns[0];
      if (by !== 'client' || syn === undefined) return undefined;
      const because = [
        `the SYN starts exactly 65537 beyond the last sequence number that the client sent in stream ${previousStream}`,
        'it echoes a timestamp of the old connection (TSecr is not 0)',
      ];
      if (age < 0.99e9)
        because.push(`only ${durationText(age)} after the old end: the application chose the port itself, or tcp_tw_reuse_delay is shorter`);
      else because.push(`it came ${durationText(age)} after the end of the old connection`);
      return { certainty: 'certain', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_tw_reuse', 'net.ipv4.tcp_tw_reuse_delay', 'net.ipv4.tcp_timestamps', 'net.ipv4.ip_local_port_range'],
  counters: ['TcpExtTWRecycled'],
  facts: [{ needs: { 'net.ipv4.tcp_tw_reuse': not('0') }, proof: ['TcpExtTWRecycled'] }],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_tw_reuse', expect: '= 1 on the client, unless the application binds its source port' },
    { run: 'nstat -az TcpExtTWRecycled; sleep 10; nstat -z TcpExtTWRecycled', expect: 'on the client: rises by one with each such connection' },
    {
      run: 'ss -tan state time-wait dst SERVER | wc -l; sysctl net.ipv4.ip_local_port_range',
      expect: 'on the client: as many TIME_WAITs as ports would mean that they run out',
    },
  ],
  remedy: [
    'Nothing. Timestamps keep the two connections apart.',
    'If it happens all the time the client opens connections very fast: a pool of connections that stay open saves all of the handshakes.',
  ],
  avoid: [
    'net.ipv4.tcp_tw_recycle as the stronger brother: it breaks clients behind NAT, and was removed in 4.12.',
    'Lowering net.ipv4.tcp_fin_timeout: it ends orphans in FIN_WAIT2, and does nothing to TIME_WAIT.',
  ],
  mimics: [{ cause: 'timewait-reopen-accepted', tell: 'there the server had been in TIME_WAIT: the SYN-ACK is the one that starts 65537 beyond' }],
  sources: [
    'RFC 6191',
    'net/ipv4/tcp_ipv4.c: tcp_twsk_unique',
    'net/ipv4/inet_hashtables.c: __inet_check_established',
    'Documentation/networking/ip-sysctl.rst: tcp_tw_reuse',
  ],
  capture: 'closing/time-wait-reused-by-client',
};
