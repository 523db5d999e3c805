import { addressText } from '../../hosts/address.js';
import type { Part, Story } from '../../patterns/story.js';
import type { Case } from '../cause.js';

/** The address that sent the first ICMP error about segments of this end. */
export function icmpSourceOf({ icmp }: Story, { endpoint }: Part): string | undefined {
  const first = icmp.find(({ side }) => side === endpoint.side);
  if (first === undefined) return undefined;
  const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = first.source;
  return addressText(first.family, word0, word1, word2, word3);
}

/** The other end itself says that it does not take what arrives: a packet filter on that host rejects it. */
export function isRejectedByPeer({ story, part, peer }: Pick<Case, 'story' | 'part' | 'peer'>): boolean {
  const { family, address0, address1, address2, address3 } = peer.endpoint;
  return icmpSourceOf(story, part) === addressText(family, address0, address1, address2, address3);
}
