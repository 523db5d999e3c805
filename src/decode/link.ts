import type { Frame } from '../capture/frame.js';
import { decodeCooked, decodeCooked2 } from './link/cooked.js';
import { decodeEthernet } from './link/ethernet.js';
import { decodeJuniper } from './link/juniper.js';
import { decodeNetlink, decodeNflog } from './link/nflog.js';
import { decodeArcnet, decodeCiscoHdlc, decodeFrameRelay, decodePpp, decodePppoe, decodeTokenRing } from './link/serial.js';
import { decodeRadiotap, decodeWireless } from './link/wireless.js';
import { decodeByVersion } from './network.js';
import type { Packet } from './packet.js';
import { type Skipped, UNKNOWN_LINK } from './skipped.js';

/**
 * Peels a frame down to the TCP header in it and fills `packet.segment`. When the frame carries more packets, `packet.rest` holds them.
 * Never throws, whatever the bytes are.
 */
export function decode(frame: Frame, packet: Packet): Skipped {
  const { segment } = packet;
  packet.begin(frame.view, frame.start, frame.start + frame.capturedLength, frame.start + frame.originalLength);
  packet.depth = 0;
  packet.rest.clear();
  segment.frame = frame.number;
  segment.time = frame.time;
  segment.interfaceId = frame.interfaceId;
  segment.direction = frame.direction;
  return decodeLink(packet, frame.linkType);
}

/** LINKTYPE_ numbers, https://www.tcpdump.org/linktypes.html */
function decodeLink(packet: Packet, linkType: number): Skipped {
  switch (linkType) {
    case 1: // ETHERNET
      return decodeEthernet(packet);
    case 0: // NULL: the address family in the byte order of the host
    case 108: // LOOP: in network byte order
      return decodeByVersion(packet, 4);
    case 12: // RAW, as most systems number it
    case 14: // RAW, as OpenBSD numbers it
    case 101: // RAW
    case 228: // IPV4
    case 229: // IPV6
      return decodeByVersion(packet, 0);
    case 113: // LINUX_SLL
      return decodeCooked(packet);
    case 276: // LINUX_SLL2
      return decodeCooked2(packet);
    case 9: // PPP
    case 50: // PPP_HDLC
      return decodePpp(packet);
    case 51: // PPP_ETHER
      return decodePppoe(packet);
    case 104: // C_HDLC
      return decodeCiscoHdlc(packet);
    case 107: // FRELAY
      return decodeFrameRelay(packet);
    case 6: // IEEE802_5
      return decodeTokenRing(packet);
    case 7: // ARCNET_BSD
      return decodeArcnet(packet, 2);
    case 129: // ARCNET_LINUX
      return decodeArcnet(packet, 4);
    case 105: // IEEE802_11
      return decodeWireless(packet);
    case 127: // IEEE802_11_RADIOTAP
      return decodeRadiotap(packet);
    case 178: // JUNIPER_ETHER
      return decodeJuniper(packet);
    case 239: // NFLOG
      return decodeNflog(packet);
    case 253: // NETLINK
      return decodeNetlink(packet);
    default:
      return UNKNOWN_LINK;
  }
}

/** Link types by name, for the first lines of the report. */
export function linkTypeName(linkType: number): string {
  return NAMES.get(linkType) ?? `link type ${linkType}`;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'BSD loopback'],
  [1, 'Ethernet'],
  [6, 'token ring'],
  [7, 'ARCNET'],
  [9, 'PPP'],
  [12, 'raw IP'],
  [14, 'raw IP'],
  [50, 'PPP'],
  [51, 'PPPoE'],
  [101, 'raw IP'],
  [104, 'Cisco HDLC'],
  [105, '802.11'],
  [107, 'frame relay'],
  [108, 'OpenBSD loopback'],
  [113, 'Linux cooked'],
  [129, 'ARCNET'],
  [127, '802.11 with radiotap'],
  [178, 'Juniper Ethernet'],
  [228, 'raw IPv4'],
  [229, 'raw IPv6'],
  [239, 'NFLOG'],
  [253, 'netlink'],
  [276, 'Linux cooked v2'],
]);
