import { addressText } from '../../hosts/address.js';
import type { Part, Story } from '../../patterns/story.js';

/** The address that sent the first ICMP error about segments of this end. */
export function icmpSourceOf({ icmp }: Story, { endpoint }: Part): string | undefined {
  const first = icmp.find(({ side }) => side === endpoint.side);
  if (first === undefined) return undefined;
  const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = first.source;
  return addressText(first.family, word0, word1, word2, word3);
}
