import { createHash } from 'node:crypto';
import { ACK, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';

const MP_CAPABLE = 1 << 0;
const MP_JOIN = 1 << 1;

/** What the subflows of one MPTCP connection share. */
export interface MptcpConnection {
  /** Set of the option subtypes that its segments have carried. */
  operations: number;
}

/** MPTCP connections by the tokens with which further subflows join them (RFC 8684 section 3.2). */
export class MptcpConnections {
  private readonly byToken = new Map<number, MptcpConnection>();

  /** The connection of a segment with MPTCP options, `known` being what its flow belongs to already. */
  of(segment: Segment, known: MptcpConnection | undefined): MptcpConnection {
    const isJoin = (segment.mptcp & MP_JOIN) !== 0 && (segment.flags & (SYN | ACK)) === SYN;
    const connection = known ?? (isJoin ? this.byToken.get(segment.mptcpToken) : undefined) ?? { operations: 0 };
    if (segment.mptcp & MP_CAPABLE) {
      for (let i = 0; i < segment.mptcpKeyCount; i++) this.byToken.set(token(segment, i), connection);
    }
    connection.operations |= segment.mptcp;
    return connection;
  }
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
