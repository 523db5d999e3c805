import { countText } from '../../hosts/wording.js';
import { offloadSegments } from '../../patterns/capture/offload-segments.js';
import { type Cause, explainHost } from '../cause.js';

export const captureOffloadArtefact: Cause = {
  id: 'capture-offload-artefact',
  title: 'Captured on a host that leaves segmentation and checksums to its network card',
  where: 'the capture',
  isBenign: true,
  mechanism: `A packet socket sees what is sent in dev_queue_xmit_nit(), before the network card works on it: tcp_write_xmit() has built one
    super-segment of up to 64 KB (more with BIG TCP) which the card cuts into segments of the MSS (TSO; veth and other virtual devices pass it on
    whole), and __tcp_v4_send_check() has left only the sum of the pseudo header for the card to complete. What is received, the tap sees after GRO
    has joined segments. On the wire every segment kept to the MSS and had a right checksum.`,
  explains: [
    explainHost(offloadSegments, ({ oversized, largest, mss, unsummed, unsummedBothWays }) => {
      const because = [];
      if (oversized > 0) because.push(`a payload of ${largest} bytes does not fit an MSS of ${mss}: no such segment crosses a network`);
      if (unsummed > 0) because.push(`an end's checksums are wrong throughout in ${countText(unsummed, 'conversation')}, and its peer took the data`);
      const against = [];
      if (unsummedBothWays > 0) {
        against.push(
          `both ends have wrong checksums in ${countText(unsummedBothWays, 'conversation')}: one host has both, or the addresses were rewritten`,
        );
      }
      return { certainty: oversized > 0 || unsummedBothWays === 0 ? 'certain' : 'likely', because, against };
    }),
  ],
  confirm: [
    {
      run: "ethtool -k IF | grep -E 'segmentation-offload|receive-offload|tx-checksumming'",
      expect: '"on" on the host that captured: tcp-segmentation-offload, generic-receive-offload, tx-checksumming',
    },
    {
      run: 'nstat -az TcpInCsumErrors; sleep 10; nstat -z TcpInCsumErrors',
      expect: 'on the receiving host: stays 0 while the capture shows wrong checksums',
    },
  ],
  remedy: [
    'Nothing on the network. To see sizes and damage capture on the path, at a mirror port or a tap.',
    'For a short test: ethtool -K IF tso off gso off gro off lro off tx off, and on again afterwards. It costs CPU time and throughput.',
  ],
  avoid: [
    'Calling it an MTU problem, or damaged packets: neither can be seen in such a capture.',
    'Switching offloads off for good because captures look better without them: at 10 Gbit/s the host may not keep up.',
  ],
  mimics: [
    { cause: 'bad-checksum-drop', tell: 'there single segments are wrong, on the way in, and they are sent again' },
    { cause: 'pmtu-blackhole', tell: 'there large segments are never acknowledged; here they are, at once' },
  ],
  sources: [
    'Documentation/networking/segmentation-offloads.rst',
    'Documentation/networking/checksum-offloads.rst',
    'net/core/dev.c: dev_queue_xmit_nit, __netif_receive_skb_core',
    'RFC 9293 section 3.7.1',
  ],
  capture: 'capture/offload-super-segments',
};
