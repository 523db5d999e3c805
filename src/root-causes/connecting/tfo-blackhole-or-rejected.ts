import { countText } from '../../hosts/wording.js';
import { synRepeated } from '../../patterns/connecting/syn-repeated.js';
import { type Cause, explain } from '../cause.js';
import { withBit } from '../testimony/sign.js';

export const tfoBlackholeOrRejected: Cause = {
  id: 'tfo-blackhole-or-rejected',
  title: 'SYN with data (TCP Fast Open) is dropped, the plain repetition gets through',
  where: 'the path',
  kernels: { since: '3.6' },
  mechanism: `A client that has a Fast Open cookie of the server puts data into its SYN. Middleboxes that know nothing of it drop a SYN with data
    or with an unknown option. After the first timeout Linux repeats the SYN with the same sequence number but without option and data, and sends
    the data after the handshake: one second lost. If even the repetitions time out, tcp_fastopen_active_detect_blackhole() switches Fast Open off
    on the whole host for net.ipv4.tcp_fastopen_blackhole_timeout_sec (3600 s from 4.12, 0 = not at all since 5.14). A server that merely refuses
    the cookie loses nothing: its SYN-ACK acknowledges the SYN alone and brings a new cookie.`,
  explains: [
    explain(synRepeated, ({ dropped, syns, answersFirst }, { story, peer }) => {
      if (dropped !== 'Fast Open' || answersFirst) return undefined;
      const [first] = story.client.syns;
      const plain = story.client.syns.filter(({ length }) => length === 0).length;
      const because = [`the first SYN carried ${countText(first?.length ?? 0, 'byte')} of data (Fast Open) and got no answer`];
      if (plain === 1) because.push('the first SYN without data was answered');
      const against = [];
      if (syns > 2) against.push(`${plain - 1} SYNs without data were ignored as well: then Fast Open is not the reason`);
      if (story.isAt(peer)) against.push('the SYN with data was captured at the server, so no box on the path dropped it');
      return { certainty: against.length === 0 ? 'likely' : 'possible', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_fastopen', 'net.ipv4.tcp_fastopen_blackhole_timeout_sec'],
  counters: [
    'TcpExtTCPFastOpenActive',
    'TcpExtTCPFastOpenActiveFail',
    'TcpExtTCPFastOpenBlackhole',
    'TcpExtTCPFastOpenPassiveFail',
    'TcpExtTCPFastOpenListenOverflow',
    'TcpExtTCPFastOpenCookieReqd',
  ],
  dropReasons: ['TCP_FASTOPEN'],
  facts: [{ at: 'this end', needs: { 'net.ipv4.tcp_fastopen': withBit(1) }, shows: ['TcpExtTCPFastOpenActiveFail'] }],
  confirm: [
    {
      run: 'nstat -az TcpExtTCPFastOpenActive TcpExtTCPFastOpenActiveFail; sleep 10; nstat -z TcpExtTCPFastOpenActive TcpExtTCPFastOpenActiveFail',
      expect: 'on the client: ActiveFail rises with each such connection, Active does not',
    },
    { run: 'ip tcp_metrics show SERVER', expect: 'on the client: fo_cookie, and fo_syn_drops that grow' },
    { run: "tcpdump -ni any 'tcp[tcpflags] & tcp-syn != 0 and host CLIENT'", expect: 'on the server: the SYN with data never arrives' },
  ],
  remedy: [
    'Switch Fast Open off in the application (TCP_FASTOPEN_CONNECT, MSG_FASTOPEN), or on the host with net.ipv4.tcp_fastopen = 0.',
    'Let the firewall pass TCP option 34 and data in SYNs, if the box is yours.',
    'Set net.ipv4.tcp_fastopen_blackhole_timeout_sec = 3600 on clients that roam: after repeated timeouts they leave Fast Open alone for an hour.',
  ],
  avoid: ['net.ipv4.tcp_fastopen = 3 on the server as a cure: the SYN does not get there, and the listener needs TCP_FASTOPEN (or 0x400) as well.'],
  mimics: [
    { cause: 'ecn-syn-blackhole', tell: 'there the first SYN carries ECE and CWR and no data' },
    { cause: 'syn-lost-on-path', tell: 'there it hits some SYNs, with or without data; here every Fast Open connection on that path' },
  ],
  sources: [
    'RFC 7413 sections 4.2 and 7.1',
    'net/ipv4/tcp_fastopen.c: tcp_fastopen_active_detect_blackhole, tcp_try_fastopen',
    'Documentation/networking/ip-sysctl.rst: tcp_fastopen, tcp_fastopen_blackhole_timeout_sec',
  ],
  capture: 'handshake/fast-open-syn-dropped',
};
