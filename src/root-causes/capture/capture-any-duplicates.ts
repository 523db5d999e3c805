import { countText } from '../../hosts/wording.js';
import { capturedTwice } from '../../patterns/capture/captured-twice.js';
import { type Cause, explainHost } from '../cause.js';

/** A share of copies from which on one says "each packet twice". */
const NEARLY_ALL = 0.5;
/** Fewer copies than this prove nothing. */
const ENOUGH = 4;

export const captureAnyDuplicates: Cause = {
  id: 'capture-any-duplicates',
  title: 'One packet captured at several places: the any device, several interfaces, a mirror port',
  where: 'the capture',
  isBenign: true,
  mechanism: `The packet socket behind "tcpdump -i any" has a tap on every interface of its network namespace. A packet that crosses a bridge, a
    veth pair, a bond, a VLAN device or a router passes several of them, and each tap (__netif_receive_skb_core() on the way in,
    dev_queue_xmit_nit() on the way out) hands over a copy: same IP ID, same bytes, another interface, after forwarding a TTL one lower. A mirror
    port that copies both the incoming and the outgoing side of a switch does the same.`,
  explains: [
    explainHost(capturedTwice, ({ copies, segments, conversations }) => {
      const isNearlyAll = copies > segments * NEARLY_ALL && copies >= ENOUGH;
      const because = ['the copies have the IP ID and the bytes of the first; only the interface or the TTL differs'];
      if (isNearlyAll) because.push(`${copies} copies of ${segments} packets in ${countText(conversations, 'conversation')}: nearly every packet`);
      const against = isNearlyAll ? [] : [`only ${copies} of ${countText(segments, 'packet')} have a copy: a routing loop does that as well`];
      return { certainty: isNearlyAll ? 'certain' : 'likely', because, against };
    }),
  ],
  confirm: [
    { run: 'capinfos -t -E -I FILE', expect: 'encapsulation linux-sll or linux-sll2 (the any device), or more than one interface' },
    {
      run: "tshark -r FILE -T fields -e sll.ifindex -e ip.id -e ip.ttl -Y 'tcp.stream eq 0'",
      expect: 'the same ip.id twice, with another ifindex or a TTL one lower',
    },
  ],
  remedy: [
    'Nothing: the copies are left out here. For other tools capture on one interface, or keep one: tshark -r FILE -Y "sll.ifindex == 2" -w one.pcap.',
    'On a mirror port copy one direction of each port, or both directions of one port.',
  ],
  avoid: ['Counting retransmissions and duplicate ACKs in such a file with Wireshark: each copy is one.'],
  mimics: [
    { cause: 'network-duplicates', tell: 'there the copy has the same TTL and interface, and the receiver reports it with D-SACK' },
    { cause: 'reordering-spurious-retransmit', tell: 'what a sender repeats has a new IP ID, and usually a newer timestamp' },
  ],
  sources: ['packet(7)', 'net/packet/af_packet.c: tpacket_rcv', 'net/core/dev.c: dev_queue_xmit_nit', 'tcpdump.org: LINKTYPE_LINUX_SLL2'],
  capture: 'capture/copies-from-the-any-device',
};
