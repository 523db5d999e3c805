import { countText } from '../../hosts/wording.js';
import { optionsWithheld } from '../../patterns/connecting/options-withheld.js';
import { halfOpenPile } from '../../patterns/listening/half-open-pile.js';
import { type Cause, explain, explainHost } from '../cause.js';
import { queuesDuring } from '../clues/queues.js';
import { not } from '../testimony/sign.js';

const MANY_HALF_OPEN = 4;

export const syncookiesInUse: Cause = {
  id: 'syncookies-in-use',
  title: 'SYN cookies: the server answers without remembering the SYN',
  where: 'this end',
  mechanism: `When a listener's SYN queue is full, tcp_conn_request() makes the sequence number of the SYN-ACK a cookie and forgets the SYN.
    cookie_init_sequence() finds room in it for the MSS only, rounded down to one of four (536, 1300, 1440, 1460 for IPv4). Window scale, SACK and
    ECN survive only in the timestamp (since 2.6.26), so a client without timestamps gets a SYN-ACK with nothing but the MSS: no window above 64 KB
    and no SACK for the whole life of the connection. Such a SYN-ACK is never repeated. With timestamps a cookie does not show: since 4.10 a random
    offset covers the bits.`,
  explains: [
    explain(optionsWithheld, ({ missing, onlyMss, clientOfferedTimestamps }, given) => {
      const { story, hosts, part, looks } = given;
      if (!onlyMss || !missing.includes('window scaling')) return undefined;
      const start = story.client.syns[0]?.time ?? 0;
      const { halfOpen } = queuesDuring(given, start, start);
      const because: string[] = ['the SYN-ACK has nothing but the MSS, which is all that a cookie can hold without timestamps'];
      if (!clientOfferedTimestamps) because.push('the client offered no timestamps to keep the rest in');
      if (halfOpen >= MANY_HALF_OPEN) because.push(`${halfOpen} half-open connections were waiting at the same listener`);
      const answered = hosts.listeners.called(story.serverSocket).attempts.filter(({ attempt }) => attempt !== 'unanswered' && attempt !== 'refused');
      const whole = answered.filter(({ fullOptions }) => fullOptions).length;
      if (whole > 0) because.push(`the same listener took up all options of ${countText(whole, 'other connection')}`);
      const against: string[] = [];
      if (clientOfferedTimestamps)
        against.push('the client offered timestamps: a cookie leaves them out only where net.ipv4.tcp_timestamps is 0 on the server');
      if (whole === 0 && answered.length > 2)
        against.push(`all ${answered.length} SYN-ACKs of this listener are like that: a middlebox, or another TCP stack, does so as well`);
      if (!looks(part).isLinux) against.push('the SYN-ACK does not look like one of Linux');
      return { certainty: against.length === 0 ? 'likely' : 'possible', because, against };
    }),
    explainHost(halfOpenPile, ({ most, ignored, accepted, withoutOptions }) => {
      if (ignored > 0) return undefined; // with cookies no SYN goes unanswered for want of room
      const because = [`no SYN was ignored though ${most} requests were waiting`];
      if (accepted > 0) because.push(`${countText(accepted, 'connection')} came about meanwhile`);
      if (withoutOptions > 0) because.push(`${countText(withoutOptions, 'SYN-ACK')} took up fewer options than were offered`);
      const against =
        withoutOptions > 0
          ? []
          : ['no option was withheld: with timestamps a cookie does not show in the packets, and the queue may simply have room'];
      return { certainty: 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_syncookies', 'net.core.somaxconn', 'net.ipv4.tcp_timestamps'],
  counters: ['TcpExtSyncookiesSent', 'TcpExtSyncookiesRecv', 'TcpExtSyncookiesFailed', 'TcpExtTCPReqQFullDoCookies'],
  facts: [{ needs: { 'net.ipv4.tcp_syncookies': not('0') }, proof: ['TcpExtSyncookiesSent'], quotes: ['TcpExtTCPReqQFullDoCookies'] }],
  confirm: [
    {
      run: 'nstat -n; sleep 10; nstat -z TcpExtSyncookiesSent TcpExtSyncookiesRecv TcpExtSyncookiesFailed TcpExtTCPReqQFullDoCookies',
      expect: 'on the server: SyncookiesSent and TCPReqQFullDoCookies rise; SyncookiesRecv follows closely under real load, and hardly under a flood',
    },
    { run: "dmesg | grep 'Possible SYN flooding'", expect: '"Sending cookies", once for each listener, however long it lasts' },
    { run: "ss -tin 'sport = :PORT'", expect: 'on the server: connections without wscale: and sack in their line' },
    { run: 'sysctl net.ipv4.tcp_syncookies', expect: '1: only when a queue is full; 2: for every SYN, which is meant for tests' },
  ],
  remedy: [
    'Real load: raise the backlog of listen() together with net.core.somaxconn, and accept faster, so that no cookies are needed.',
    'A flood: leave cookies on, they are what lets your clients in; filter the flood upstream.',
    'Turn net.ipv4.tcp_timestamps on again where it was turned off, on clients and server: then cookies cost no options.',
    'Set net.ipv4.tcp_syncookies back to 1 where it is 2.',
  ],
  avoid: [
    'net.ipv4.tcp_syncookies = 0 to get the options back: instead of options, SYNs are then lost.',
    'Fear of cookies from old guides: they do not make lost packets wait for an MSL, and have nothing to do with TIME_WAIT.',
  ],
  mimics: [
    { cause: 'window-scaling-missing', tell: 'there one option is gone from every connection on that path, and captures of both ends differ' },
    { cause: 'syn-flood-half-open', tell: 'the reason for cookies when SyncookiesRecv stays far behind SyncookiesSent' },
    { cause: 'sack-unavailable-slow-recovery', tell: 'there the option is switched off on one host, whatever the load' },
  ],
  sources: [
    'RFC 4987 section 3.6',
    'Documentation/networking/ip-sysctl.rst: tcp_syncookies',
    'net/ipv4/syncookies.c: cookie_v4_init_sequence, cookie_init_timestamp, cookie_timestamp_decode',
    'net/ipv4/tcp_input.c: tcp_conn_request',
  ],
  capture: 'handshake/options-withheld-because-syn-cookies',
};
