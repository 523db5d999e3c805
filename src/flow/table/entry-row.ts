import { ENDS } from './between.js';

/** Words of a row, a line of the processor's cache. Between whom the conversation is comes first, */
export const WIDTH = 16;
/** then what is either so or not, and small numbers, */
export const STATE: number = ENDS;
/** when its last segment was captured, a double, in nanoseconds, */
export const LAST_TIME = 4;
/** the rows of the segments that wait, */
export const FIRST_WAITING = 6;
export const LAST_WAITING = 7;
/** its neighbours in its list, */
export const OLDER = 8;
export const NEWER = 9;
/** where the sequence numbers of both directions begin, for Wireshark, */
export const BASE_THERE = 10;
export const BASE_BACK = 11;
/** its number as Wireshark's `tcp.stream`, */
export const STREAM = 12;
export const HASH = 13;
/** the entry of the conversation between the same two ports that it follows, */
export const PREVIOUS = 14;
/** and the row that has the rest of IPv6 addresses. */
export const LONGER = 15;

/** No entry, no row, nobody who analyses it. */
export const NOBODY = -1;

// Bits of the state. The ends that have sent a FIN, or a reset:
export const THERE_ENDS = 1;
export const BACK_ENDS = 2;
/** Both have, or one a reset: little more is to come. Known of all conversations, whoever analyses them. */
export const ENDED: number = THERE_ENDS | BACK_ENDS;
/** Where the sequence numbers begin is known, for Wireshark. */
export const THERE_NUMBERED = 4;
export const BACK_NUMBERED = 8;
export const NUMBERED: number = THERE_NUMBERED | BACK_NUMBERED;
/** It is to be told of: one of its segments passes the reader's filter. */
export const IS_WANTED = 16;
/** Its analyst has been told of it. */
export const IS_KNOWN = 32;
/** The list it is in, two bits; 0 when in none. */
export const LIST = 0xc0;
export const LIST_SHIFT = 6;
/** How many segments wait, eight bits. */
export const WAITING = 0xff00;
export const WAITING_SHIFT = 8;
/** Who analyses it, and one: 0 when another process does. */
export const ANALYST_SHIFT = 16;
