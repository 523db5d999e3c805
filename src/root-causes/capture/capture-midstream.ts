import { begunMidstream } from '../../patterns/capture/begun-midstream.js';
import { type Cause, explainHost } from '../cause.js';

export const captureMidstream: Cause = {
  id: 'capture-midstream',
  title: 'The capture began after the conversation',
  where: 'the capture',
  isBenign: true,
  mechanism: `Only SYN and SYN-ACK carry the MSS, SACK permitted and the window scale (tcp_syn_options(), tcp_synack_options()). Both kernels keep
    what was agreed, the later segments do not repeat it. Since Linux scales by 7, by 10 where net.ipv4.tcp_rmem allows 32 MB, a window field of 63
    stands for 64,512 bytes or for 63: without the handshake nobody can tell, and who connected to whom is a guess from the port numbers.`,
  explains: [
    explainHost(begunMidstream, ({ midstream, conversations }) => ({
      certainty: 'certain',
      because: [
        midstream === conversations
          ? 'no conversation has a SYN in the capture'
          : `${midstream} of ${conversations} conversations have segments of an open connection, but no SYN in the capture`,
      ],
    })),
  ],
  confirm: [
    { run: "ss -tnio 'dst PEER'", expect: 'on either host while the connection lives: wscale:A,B and mss:N, which the handshake agreed on' },
    { run: "tshark -r FILE -Y 'tcp.flags.syn == 1' -T fields -e tcp.stream | sort -un", expect: 'these conversations are not in the list' },
  ],
  remedy: [
    'Nothing, unless windows matter: then start the capture first and let the application connect again, or restart one of its workers.',
    'For rare trouble let a ring buffer run all the time: tcpdump -i IF -s 96 -C 100 -W 20 -w ring.pcap.',
  ],
  avoid: ['Calling the windows of such a conversation small or limiting. Zero is the only window that needs no scale.'],
  mimics: [
    { cause: 'window-scaling-missing', tell: 'there the handshake is in the capture and lacks the option' },
    { cause: 'capture-dropped-packets', tell: 'there the capture also misses bytes that were acknowledged' },
  ],
  sources: ['RFC 7323 section 2.2', 'net/ipv4/tcp_output.c: tcp_syn_options, tcp_select_window'],
  capture: 'capture/begun-midstream',
};
