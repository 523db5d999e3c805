import { bytesText, countText } from '../../hosts/wording.js';
import { cutShort } from '../../patterns/capture/cut-short.js';
import { type Cause, explainHost } from '../cause.js';

export const captureSnaplen: Cause = {
  id: 'capture-snaplen',
  title: 'Packets cut too short by the capture (snaplen)',
  where: 'the capture',
  isBenign: true,
  mechanism: `A capture filter returns how many bytes of a packet to keep; packet_rcv() and tpacket_rcv() copy no more than that, and the record
    remembers the original length. The lengths in the IP and TCP headers stay true, so sequence numbers, windows and losses can be followed as long
    as the headers are there: 66 bytes for Ethernet, IPv4 and TCP with timestamps, 94 with as many options as TCP can hold, 20 more for IPv6, and
    what VLAN tags and tunnels add. Of a packet that is cut before the TCP header ends nothing can be said, and no checksum can be checked unless
    all of it was kept.`,
  explains: [
    explainHost(cutShort, ({ withoutOptions, withoutHeader, longest }) => ({
      certainty: 'certain',
      because: [
        `the file says that ${countText(withoutOptions + withoutHeader, 'packet')} were longer on the wire; ${bytesText(longest)} were kept of each at most`,
      ],
    })),
  ],
  confirm: [
    { run: 'capinfos -l FILE', expect: '"file hdr: N bytes" or "inferred": below 100 it can cut options, below 60 headers' },
    { run: "tshark -r FILE -Y 'frame.cap_len < frame.len' -T fields -e frame.cap_len | sort -n | uniq -c", expect: 'many frames of one length' },
  ],
  remedy: [
    'Nothing on the network. Capture again with tcpdump -s 128 for the headers alone, -s 192 with tunnels, -s 0 for everything.',
    'To keep secrets out of the file cut the payload, not the headers: -s 96 is enough for IPv4 over Ethernet without tunnels.',
  ],
  avoid: [
    'A snaplen of 64 or 68, the default of very old tcpdump versions: timestamps and SACK blocks do not fit.',
    'Reading missing SACK blocks or a missing window scale out of such a file: perhaps only the capture lacks them.',
  ],
  mimics: [
    { cause: 'sack-unavailable-slow-recovery', tell: 'there the whole SYN was captured and does not have the option' },
    { cause: 'bad-checksum-drop', tell: 'a checksum over a packet that was cut is not wrong, it is not known' },
  ],
  sources: ['tcpdump(1): -s', 'net/packet/af_packet.c: tpacket_rcv, run_filter', 'draft-ietf-opsawg-pcap section 5'],
  capture: 'capture/cut-by-snaplen',
};
