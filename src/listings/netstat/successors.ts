import { mixed } from '../../flow/memory/secret.js';
import type { Side } from '../../flow/timeline.js';
import { addressHash, socketText } from '../../hosts/address.js';
import type { Histories } from '../histories.js';
import type { History } from '../history.js';
import { birthOf } from './socket.js';

/** When the next connection between the same two ports began, at an end of this one; infinity when none did. */
export type ReplacedAt = (history: History, side: Side) => number;

interface Birth {
  readonly stream: number;
  readonly at: number;
}

/** Few ports are used twice: only of those the names are compared that have the same hash. */
export function successorsIn(histories: Histories): ReplacedAt {
  const births = new Map<string, Birth[]>();
  const shared = sharedHashes(histories);
  for (const history of shared.size > 0 ? histories : []) {
    for (const side of SIDES) {
      const at = birthOf(history, side);
      if (at === undefined || !shared.has(hashOf(history, side))) continue;
      const name = nameOf(history, side);
      const birth = { stream: history.stream, at };
      if (births.get(name)?.push(birth) === undefined) births.set(name, [birth]);
    }
  }
  return (history, side) => {
    if (!shared.has(hashOf(history, side))) return Number.POSITIVE_INFINITY;
    return births.get(nameOf(history, side))?.find(({ stream }) => stream > history.stream)?.at ?? Number.POSITIVE_INFINITY;
  };
}

export const SIDES: readonly Side[] = [0, 1];

function sharedHashes(histories: Histories): Set<number> {
  const all = new Int32Array(histories.size * 2);
  let count = 0;
  for (const history of histories.inOrderOfAddition()) for (const side of SIDES) all[count++] = hashOf(history, side);
  all.sort();
  return new Set(all.filter((hash, i) => hash === all[i - 1]));
}

function hashOf({ ends }: History, side: Side): number {
  const [own, peer] = side === 0 ? ends : [ends[1], ends[0]];
  return mixed(mixed(addressHash(own), addressHash(peer)), (own.port << 16) | peer.port);
}

function nameOf({ ends: [first, second] }: History, side: Side): string {
  return side === 0 ? `${socketText(first)} ${socketText(second)}` : `${socketText(second)} ${socketText(first)}`;
}
