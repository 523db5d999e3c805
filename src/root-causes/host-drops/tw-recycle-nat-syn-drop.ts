import { countText } from '../../hosts/wording.js';
import { olderTimestampsIgnored } from '../../patterns/connecting/older-timestamps-ignored.js';
import { type Cause, explainHost } from '../cause.js';
import { not } from '../testimony/sign.js';

export const twRecycleNatSynDrop: Cause = {
  id: 'tw-recycle-nat-syn-drop',
  title: 'tcp_tw_recycle drops SYNs of clients behind one address (PAWS per host)',
  where: 'the peer',
  mechanism: `With net.ipv4.tcp_tw_recycle = 1 the server remembers, for each address, the timestamp of the last connection that it closed first, and for 60 s tcp_conn_request()
    (tcp_v4_conn_request() before 4.1) drops every SYN of that address whose timestamp is older. Clients behind one NAT address have clocks of their own, and since
    4.10 even one Linux client starts each connection at a random timestamp. On 4.4 and 4.9 a SYN without timestamps is dropped as well. Removed in 4.12.`,
  kernels: { before: '4.12' },
  explains: [
    explainHost(olderTimestampsIgnored, ({ ignored, withoutTimestamp, answered, contradicting, otherIgnored, server }, hosts) => {
      if (contradicting > ignored) return undefined; // the server takes such SYNs
      const looks = hosts.fingerprints.ofHost(server);
      if (looks.isLinux && looks.since === '4.20') return undefined;
      const because = [`every ignored SYN met a newer timestamp of its address, at most 60 s old`];
      if (answered > 0) because.push(`${countText(answered, 'SYN')} of the same address got an answer`);
      if (looks.before !== undefined) because.push(`the server's first window is that of a kernel before ${looks.before}`);
      const against = [];
      if (otherIgnored > 0) against.push(`${otherIgnored} SYNs were ignored that no timestamp forbade`);
      if (withoutTimestamp === ignored) against.push('none of the ignored SYNs carried a timestamp');
      const isProven = answered > 0 && looks.before !== undefined && withoutTimestamp < ignored;
      return { certainty: isProven ? 'likely' : 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'],
  counters: ['TcpExtPAWSPassive', 'TcpExtListenDrops'],
  facts: [{ needs: { 'net.ipv4.tcp_tw_recycle': not('0') }, proof: ['TcpExtPAWSPassive'], raises: ['TcpExtListenDrops'] }],
  confirm: [
    { run: 'sysctl net.ipv4.tcp_tw_recycle', expect: '= 1 on the server; "cannot stat" on 4.12 and later, where this cannot be the cause' },
    { run: 'uname -r', expect: 'older than 4.12' },
    {
      run: "netstat -s | grep 'rejected because of time stamp'",
      expect: '"passive connections rejected because of time stamp" rises with every ignored SYN',
    },
  ],
  remedy: [
    'Set net.ipv4.tcp_tw_recycle = 0 on the server, at once and in /etc/sysctl.d.',
    'Upgrade the kernel: 4.12 and later do not have it any more.',
  ],
  avoid: [
    'Disabling net.ipv4.tcp_timestamps on the clients: 4.4 and 4.9 drop their SYNs as well while the stamp is fresh, and PAWS, precise round trips and tcp_tw_reuse are lost.',
    'Setting tcp_tw_recycle = 1 against many TIME_WAITs, as old guides advise: this is what it does.',
  ],
  mimics: [
    { cause: 'syn-dropped-accept-queue-full', tell: 'there the clocks do not matter: SYNs of any address are ignored while the queue is full' },
    { cause: 'timewait-syn-paws-rejected', tell: 'there the same two ports are used again, and the SYN is answered with an ACK' },
  ],
  sources: ['Linux 4.4 net/ipv4/tcp_input.c: tcp_conn_request, net/ipv4/tcp_metrics.c: tcp_peer_is_proven', 'RFC 7323 section 5.8'],
  capture: 'handshake/syns-ignored-because-tw-recycle-behind-nat',
};
