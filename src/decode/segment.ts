import { type Direction, UNKNOWN } from '../capture/frame.js';
import { FIN, SYN } from './flags.js';
import type { Seq } from './sequence.js';

/**
 * The cursor the decoder refills: one TCP segment. Whoever wants to keep something copies it.
 * All numbers but `time` are int32 or smaller.
 */
export class Segment {
  /** Frame number, 1-based. */
  frame = 0;
  /** Nanoseconds since the capture's epoch. */
  time = 0;
  interfaceId = 0;
  direction: Direction = UNKNOWN;
  /** Sum over the VLAN tags, labels and tunnels around the segment; 0 without any. Copies of a packet can differ in it. */
  encapsulation = 0;
  /** Of the innermost VLAN tag; -1 without one. */
  vlan = -1;

  // IP
  /** 4 or 6. */
  family = 4;
  /** Addresses as four words; of IPv4 the first three are 0. */
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination0 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  /** TTL or hop limit. */
  ttl = 0;
  /** Identification of an IPv4 header; -1 for IPv6, which has none. */
  ipId = 0;
  /** ECN field: 0 not capable, 1 and 2 capable, 3 congestion experienced (RFC 3168). */
  ecn = 0;

  // TCP
  sourcePort = 0;
  destinationPort = 0;
  seq: Seq = 0;
  ack: Seq = 0;
  flags = 0;
  /** As it stands in the header, not scaled. */
  window = 0;
  checksum = 0;
  /** Bytes of payload, from the IP header: what was on the wire, not what was captured. */
  length = 0;
  /** Sequence number after the segment: SYN and FIN count one each. */
  end: Seq = 0;

  // TCP options
  /** Of a SYN, whose options tell TCP stacks apart: the kinds of the first six in order, five bits each, the last one lowest. */
  optionKinds = 0;
  /** -1 without the option; likewise `windowScale`. */
  mss = -1;
  windowScale = -1;
  sackPermitted = false;
  hasTimestamps = false;
  tsval = 0;
  tsecr = 0;
  /** SACK blocks; their edges, left and right in turn, are in `sackEdges`. */
  sackCount = 0;
  readonly sackEdges: Int32Array = new Int32Array(8);
  /** Length of the Fast Open cookie; 0 asks for one, -1 without the option (RFC 7413). */
  fastOpen = -1;
  /** Kind of the authentication option: 19 MD5, 29 TCP-AO; 0 without. */
  authentication = 0;
  /** Set of MPTCP subtypes (RFC 8684) that the segment carries, a bit each. */
  mptcp = 0;
  /** With MP_CAPABLE: version, and the keys of the sender and the receiver as far as they are sent, two words each. */
  mptcpVersion = 0;
  mptcpKeyCount = 0;
  readonly mptcpKeys: Int32Array = new Int32Array(4);
  /** With MP_JOIN on a SYN: names the connection that is joined. */
  mptcpToken = 0;

  /** The capture holds the fixed TCP header but not all options. */
  optionsCut = false;
  /** The header contradicts itself (header length below 20 or beyond the packet). */
  malformed = false;
  /** Result of checking the TCP checksum over the whole segment: 1 right, -1 wrong, 0 not checked. */
  checksumVerdict = 0;

  /** The rest is set only when the decoder says ICMP_ERROR: the segment is the one that the error quotes. */
  icmpType = 0;
  icmpCode = 0;
  /** Next-hop MTU of "fragmentation needed" and "packet too big"; 0 otherwise. */
  icmpMtu = 0;
  /** Who sent the ICMP error, as four words. */
  readonly icmpSource: Int32Array = new Int32Array(4);
  /** Bytes that are quoted, or sampled, from the TCP header on: at least 8. */
  quotedLength = 0;
}

/** The sequence number behind a segment that was captured. */
export function endOf({ seq, length, flags }: Segment): Seq {
  return (seq + length + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0)) | 0;
}
