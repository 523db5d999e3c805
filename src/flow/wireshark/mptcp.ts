import { createHash } from 'node:crypto';
import { ACK, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import { Recent } from '../memory/recent.js';
import { mixed, SECRET } from '../memory/secret.js';

const MP_CAPABLE = 1 << 0;
const MP_JOIN = 1 << 1;

/** What the subflows of one MPTCP connection share. */
export interface MptcpConnection {
  /** Set of the option subtypes that its segments have carried. */
  operations: number;
}

/** Of so many connections it is remembered who belongs to them: those of which nothing was heard for longest are forgotten. */
export const MOST_REMEMBERED = 50_000;

/** MPTCP connections by the tokens with which further subflows join them (RFC 8684 section 3.2). */
export class MptcpConnections {
  /** By names of tokens, one of each end. */
  private readonly byToken = new Recent<number, MptcpConnection>(MOST_REMEMBERED * 2);

  /** The connection of a segment with MPTCP options, `known` being what its flow belongs to already. */
  of(segment: Segment, known: MptcpConnection | undefined): MptcpConnection {
    const isJoin = (segment.mptcp & MP_JOIN) !== 0 && (segment.flags & (SYN | ACK)) === SYN;
    const tokens = segment.mptcp & MP_CAPABLE ? tokensOf(segment) : [];
    const [own] = tokens; // captured before: the same connection on the other side of an address translation
    const connection = known ?? this.byToken.get(isJoin ? nameOf(segment.mptcpToken) : (own ?? Number.NaN)) ?? { operations: 0 };
    for (const token of tokens) if (this.byToken.get(token) === undefined) this.byToken.set(token, connection);
    connection.operations |= segment.mptcp;
    return connection;
  }
}

/** The names of the tokens that belong to the keys it carries: those of its sender and of its receiver. */
function tokensOf(segment: Segment): number[] {
  return Array.from({ length: segment.mptcpKeyCount }, (_, i) => nameOf(token(segment, i)));
}

/** Of each token another one: a map finds those quickly that nobody could choose. */
function nameOf(token: number): number {
  return mixed(SECRET, token);
}

/** The first 32 bits of the hash of a key: SHA-1 in version 0, SHA-256 since. */
function token(segment: Segment, index: number): number {
  const key = Buffer.alloc(8);
  key.writeInt32BE(segment.mptcpKeys[index * 2] ?? 0, 0);
  key.writeInt32BE(segment.mptcpKeys[index * 2 + 1] ?? 0, 4);
  return createHash(segment.mptcpVersion === 0 ? 'sha1' : 'sha256')
    .update(key)
    .digest()
    .readInt32BE(0);
}
