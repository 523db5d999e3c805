import { bytesText, countText } from '../../hosts/wording.js';
import { packetsMissed } from '../../patterns/capture/packets-missed.js';
import { type Cause, explainHost } from '../cause.js';

export const captureDroppedPackets: Cause = {
  id: 'capture-dropped-packets',
  title: 'The capture lost packets that the network delivered',
  where: 'the capture',
  isBenign: true,
  mechanism: `The kernel hands packets to the capturing process through a buffer; tpacket_rcv() finds it full when the process is too slow, at high
    rates or with a slow disk, counts the packet as dropped by the capture and lets it go on its way. The receiver gets and acknowledges what the
    file lacks. tcpdump prints the count when it ends, pcapng files keep it in an interface statistics block. A mirror port that carries more than
    its own speed loses packets as well, and counts them only on the switch.`,
  explains: [
    explainHost(packetsMissed, ({ missedBytes, conversations, all, dropped }) => {
      const because: string[] = [];
      const against: string[] = [];
      if (dropped > 0) because.push(`the file itself counts ${countText(dropped, 'packet')} that the capturing host dropped`);
      if (missedBytes > 0) because.push(`${bytesText(missedBytes)} were acknowledged that are not in the file: they did arrive`);
      if (conversations > 1) because.push(`it happened in ${conversations} of ${countText(all, 'conversation')}`);
      if (dropped === 0) against.push('packets that take another path, past the point of capture, are missing in the same way');
      return { certainty: dropped > 0 ? 'certain' : 'likely', because, against };
    }),
  ],
  confirm: [
    { run: 'kill -USR1 $(pidof tcpdump)', expect: 'tcpdump prints how many "packets dropped by kernel": the number grows while it captures' },
    {
      run: 'tshark -r FILE -Y tcp.analysis.ack_lost_segment | wc -l',
      expect: 'more than a few: segments were acknowledged that are not in the file',
    },
  ],
  remedy: [
    'Nothing on the connection: the packets arrived. Believe losses only where the sender sends the bytes again.',
    'Capture with less work and more room: tcpdump -B 65536 (KiB) -s 96 with a filter, written to a fast disk or to memory, not printed.',
    'Where a mirror port is the bottleneck mirror fewer ports or one direction, or use a tap.',
  ],
  avoid: [
    'Calling gaps in the capture packet loss: a lost segment is sent again, a segment missing here is acknowledged.',
    'Raising net.core.rmem_max for tcpdump: its ring (PACKET_RX_RING) is not a socket receive buffer, only -B changes it.',
  ],
  mimics: [
    { cause: 'sack-fast-recovery-loss', tell: 'there the receiver asks for the bytes with SACKs or duplicate ACKs, and they are sent again' },
    { cause: 'host-rx-queue-drop', tell: 'there the host loses the packet before the tap, and its sender has to repeat it' },
    { cause: 'capture-one-direction', tell: 'there one direction is missing altogether' },
  ],
  sources: ['tcpdump(1): packets dropped by kernel, -B', 'net/packet/af_packet.c: tpacket_rcv, packet_rcv', 'draft-ietf-opsawg-pcapng section 4.6'],
  capture: 'capture/packets-dropped-by-the-capturing-host',
};
