import type { Solicitation } from '../decode/neighbour.js';
import type { Segment } from '../decode/segment.js';

/** Puts a question for a link address into the segment cursor, for a filter to be asked: without ports, from who asks to who is asked for. */
export function describe({ family, asker, target }: Solicitation, segment: Segment): void {
  segment.family = family;
  segment.source0 = asker[0] ?? 0;
  segment.source1 = asker[1] ?? 0;
  segment.source2 = asker[2] ?? 0;
  segment.source3 = asker[3] ?? 0;
  segment.destination0 = target[0] ?? 0;
  segment.destination1 = target[1] ?? 0;
  segment.destination2 = target[2] ?? 0;
  segment.destination3 = target[3] ?? 0;
  segment.sourcePort = segment.destinationPort = segment.flags = 0;
}
