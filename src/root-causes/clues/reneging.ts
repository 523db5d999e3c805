import { isAfter, isBefore } from '../../decode/sequence.js';
import { isTwice } from '../../flow/verdict/acknowledge.js';
import { Ranges } from '../../flow/verdict/ranges.js';
import type { Part } from '../../patterns/story.js';

/**
 * The receiver has taken back what it had reported by SACK, as RFC 2018 section 8 allows: it asks for a byte that it had. An old ACK that
 * was overtaken cannot look so, because it asks for nothing that a later one reports.
 */
export function hasReneged({ moments }: Part): boolean {
  const reported = new Ranges();
  let highest: number | undefined;
  for (const { ack, sack } of moments) {
    if (highest !== undefined && isBefore(ack, highest)) continue;
    highest = ack;
    reported.removeBefore(ack);
    if (reported.covers(ack, (ack + 1) | 0)) return true;
    const edges = Int32Array.from(sack);
    for (let i = 0; i < sack.length; i += 2) {
      const [from, to] = [edges[i] as number, edges[i + 1] as number];
      const isRepeated = i === 0 && isTwice(from, to, ack, sack.length / 2, edges);
      if (!isRepeated && isAfter(from, ack)) reported.add(from, to);
    }
  }
  return false;
}
