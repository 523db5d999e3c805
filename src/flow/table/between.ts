import type { Segment } from '../../decode/segment.js';

/** Words that say between whom a conversation is: ports, and the last words of the two addresses, which are all of them for IPv4, */
export const ENDS = 3;
/** and the other words, three and three, of which IPv6 has more. They may lie elsewhere: most have none. */
export const LONGER_BY = 6;
/** They lie nowhere: it is IPv4. */
export const NOT_LONGER = -1;

/** Writes from whom and to whom the segment is sent: at the word `at`, and what IPv6 has more at the word `more`. */
export function writeEnds(s: Segment, words: Int32Array, at: number, more: number): void {
  words[at] = (s.sourcePort << 16) | s.destinationPort;
  words[at + 1] = s.source3;
  words[at + 2] = s.destination3;
  if (more !== NOT_LONGER) words.set([s.source0, s.source1, s.source2, s.destination0, s.destination1, s.destination2], more);
}

/** Sent from the one end to the other, as the segment whose ends stand there. */
export function isThere(s: Segment, words: Int32Array, at: number, more: number): boolean {
  if (words[at] !== ((s.sourcePort << 16) | s.destinationPort) || words[at + 1] !== s.source3 || words[at + 2] !== s.destination3) return false;
  if (more === NOT_LONGER || s.family === 4) return more === NOT_LONGER && s.family === 4;
  if (words[more] !== s.source0 || words[more + 1] !== s.source1 || words[more + 2] !== s.source2) return false;
  return words[more + 3] === s.destination0 && words[more + 4] === s.destination1 && words[more + 5] === s.destination2;
}

/** Sent the other way. */
export function isBack(s: Segment, words: Int32Array, at: number, more: number): boolean {
  if (words[at] !== ((s.destinationPort << 16) | s.sourcePort) || words[at + 1] !== s.destination3 || words[at + 2] !== s.source3) return false;
  if (more === NOT_LONGER || s.family === 4) return more === NOT_LONGER && s.family === 4;
  if (words[more] !== s.destination0 || words[more + 1] !== s.destination1 || words[more + 2] !== s.destination2) return false;
  return words[more + 3] === s.source0 && words[more + 4] === s.source1 && words[more + 5] === s.source2;
}

/** Fills in from whom and to whom segments in both directions are sent. */
export function address(there: Segment, back: Segment, words: Int32Array, at: number, more: number): void {
  const ports = words[at] as number;
  const isLonger = more !== NOT_LONGER;
  const word = (i: number): number => (isLonger ? (words[more + i] as number) : 0);
  there.family = back.family = isLonger ? 6 : 4;
  there.sourcePort = back.destinationPort = ports >>> 16;
  there.destinationPort = back.sourcePort = ports & 0xffff;
  there.source3 = back.destination3 = words[at + 1] as number;
  there.destination3 = back.source3 = words[at + 2] as number;
  there.source0 = back.destination0 = word(0);
  there.source1 = back.destination1 = word(1);
  there.source2 = back.destination2 = word(2);
  there.destination0 = back.source0 = word(3);
  there.destination1 = back.source1 = word(4);
  there.destination2 = back.source2 = word(5);
}
