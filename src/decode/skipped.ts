/** What a frame turned out to be. Everything but SEGMENT is counted by reason and shown as a caveat where it matters. */
export const SEGMENT = 0;
/** An ICMP error that quotes the header of a TCP segment. */
export const ICMP_ERROR = 1;
/** ARP or neighbour discovery: who asks for whose link address. */
export const NEIGHBOUR = 2;
export const NOT_IP = 3;
export const NOT_TCP = 4;
export const UNKNOWN_LINK = 5;
/** A fragment of a TCP segment whose other fragments are still missing. */
export const FRAGMENT = 6;
/** The capture holds too few of its bytes (snaplen). */
export const CUT = 7;
/** Its own lengths contradict one another. */
export const MALFORMED = 8;

/** A segment that a switch drew as a sample and sent in an sFlow datagram: it says that the connection exists, and no more. */
export const SAMPLED = 9;

export type Skipped = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** In the order of the numbers, as a reader of the report sees them. */
export const SKIPPED_AS: readonly string[] = [
  'TCP',
  'ICMP errors about TCP',
  'ARP or neighbour discovery',
  'not IP',
  'not TCP',
  'unknown link type',
  'incomplete IP fragments',
  'cut too short',
  'malformed',
  'TCP sampled by sFlow',
];
