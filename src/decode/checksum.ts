import type { Packet } from './packet.js';

const PROTOCOL = 6;

/**
 * Whether the TCP segment at `packet.at` carries the right checksum (RFC 9293 section 3.1): 1 right, -1 wrong,
 * 0 not checked, because it was not captured whole or enough has been checked.
 */
export function checkTcp(packet: Packet): -1 | 0 | 1 {
  const { segment, at, end } = packet;
  const length = end - at;
  if (end !== packet.wireEnd || length > packet.checksumBudget || segment.malformed) return 0;
  packet.checksumBudget -= length;
  let sum = PROTOCOL + length + words(segment.source3) + words(segment.destination3);
  if (segment.family === 6) {
    sum += words(segment.source0) + words(segment.source1) + words(segment.source2);
    sum += words(segment.destination0) + words(segment.destination1) + words(segment.destination2);
  }
  sum += sumOf(packet.view, at, end);
  return folded(sum) === 0xffff ? 1 : -1;
}

/** A sum below 2⁵³ with what exceeds 16 bits added to the rest. */
function folded(sum: number): number {
  const low = sum >>> 0;
  let rest = (low & 0xffff) + (low >>> 16) + Math.floor(sum / 2 ** 32);
  while (rest > 0xffff) rest = (rest & 0xffff) + (rest >>> 16);
  return rest;
}

function words(word: number): number {
  return (word >>> 16) + (word & 0xffff);
}

/** Sum of 16-bit words, taken two at a time; 2⁵³ leaves room for 2²¹ of them. */
function sumOf(view: DataView, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) sum += view.getUint32(at);
  // 2³² is 1 modulo 2¹⁶ - 1, so folding the halves of the sum of double words gives the sum of words.
  if (at + 2 <= end) {
    sum += view.getUint16(at);
    at += 2;
  }
  return at < end ? sum + view.getUint8(at) * 256 : sum;
}
