import type { Segment } from '../decode/segment.js';
import type { Network } from './address.js';

/** Whether a segment is meant. Asked of every segment, so it allocates nothing. */
export type Filter = (segment: Segment) => boolean;

/** Which end an address or a port is asked of. */
export type Direction = 'src' | 'dst' | 'either' | 'both';

export function inNetwork({ family, words, masks }: Network, direction: Direction): Filter {
  const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = words;
  const [mask0 = 0, mask1 = 0, mask2 = 0, mask3 = 0] = masks;
  const isSource: Filter = (s) =>
    s.family === family &&
    (s.source3 & mask3) === word3 &&
    (s.source2 & mask2) === word2 &&
    (s.source1 & mask1) === word1 &&
    (s.source0 & mask0) === word0;
  const isDestination: Filter = (s) =>
    s.family === family &&
    (s.destination3 & mask3) === word3 &&
    (s.destination2 & mask2) === word2 &&
    (s.destination1 & mask1) === word1 &&
    (s.destination0 & mask0) === word0;
  return directed(direction, isSource, isDestination);
}

export function inPorts(low: number, high: number, direction: Direction): Filter {
  const isSource: Filter = ({ sourcePort }) => sourcePort >= low && sourcePort <= high;
  const isDestination: Filter = ({ destinationPort }) => destinationPort >= low && destinationPort <= high;
  return directed(direction, isSource, isDestination);
}

export function ofFamily(family: 4 | 6): Filter {
  return (segment) => segment.family === family;
}

/** IEEE 802.1Q; -1 for any tag. */
export function onVlan(id: number): Filter {
  return id < 0 ? ({ vlan }) => vlan >= 0 : ({ vlan }) => vlan === id;
}

function directed(direction: Direction, isSource: Filter, isDestination: Filter): Filter {
  switch (direction) {
    case 'src':
      return isSource;
    case 'dst':
      return isDestination;
    case 'both':
      return (segment) => isSource(segment) && isDestination(segment);
    case 'either':
      return (segment) => isSource(segment) || isDestination(segment);
  }
}
