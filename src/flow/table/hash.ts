import type { Segment } from '../../decode/segment.js';
import { mixed } from '../memory/secret.js';

/** Of a conversation, the same for both directions; another one for each `secret`. */
export function hashOf(segment: Segment, secret: number): number {
  const { family, source0, source1, source2, source3, sourcePort, destination0, destination1, destination2, destination3, destinationPort } = segment;
  let there = mixed(secret, source3);
  let back = mixed(secret, destination3);
  if (family === 6) {
    there = mixed(mixed(mixed(there, source2), source1), source0);
    back = mixed(mixed(mixed(back, destination2), destination1), destination0);
  }
  return (last(there, sourcePort) + last(back, destinationPort)) | 0;
}

/** Mixed once more: of a hash that was mixed with ports alone, two sums would be the same wherever those of the ports are. */
function last(hash: number, port: number): number {
  return mixed(mixed(hash, port), 0);
}
