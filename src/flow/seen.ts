/**
 * What was seen of one segment, a bit each. Flows store the bits; `observations/` gives them their names and questions.
 * The first fifteen are Wireshark's flags, the others are ours.
 */
export const RETRANSMISSION: number = 1 << 0;
export const FAST_RETRANSMISSION: number = 1 << 1;
export const SPURIOUS_RETRANSMISSION: number = 1 << 2;
export const OUT_OF_ORDER: number = 1 << 3;
export const LOST_SEGMENT: number = 1 << 4;
export const ACK_LOST_SEGMENT: number = 1 << 5;
export const DUPLICATE_ACK: number = 1 << 6;
export const KEEP_ALIVE: number = 1 << 7;
export const KEEP_ALIVE_ACK: number = 1 << 8;
export const ZERO_WINDOW: number = 1 << 9;
export const ZERO_WINDOW_PROBE: number = 1 << 10;
export const ZERO_WINDOW_PROBE_ACK: number = 1 << 11;
export const WINDOW_FULL: number = 1 << 12;
export const WINDOW_UPDATE: number = 1 << 13;
export const REUSED_PORTS: number = 1 << 14;
/** All of Wireshark's flags. */
export const WIRESHARK: number = (1 << 15) - 1;
/** Ours: the timestamp is older than one that the same end sent before. */
export const OLD_TIMESTAMP: number = 1 << 15;

/** A set of the bits above. */
export type Seen = number;
