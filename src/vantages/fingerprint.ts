import { ACK, FIN, RST, SYN } from '../decode/flags.js';

/**
 * What a segment keeps on its way through routers, NAT, offload and a clamped MSS: sequence and acknowledgment number, SYN, FIN and RST,
 * and TSval. Length and PSH are left out, because offload changes them; addresses and IP ID, because NAT may. A hash of 32 bits.
 */
export function fingerprint(seq: number, ack: number, flags: number, tsval: number): number {
  let hash = Math.imul(seq, 0x9e3779b1) ^ Math.imul(flags & ACK ? ack : 0, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) ^ Math.imul(tsval, 0x27d4eb2f) ^ (flags & (SYN | FIN | RST));
  return spread(hash);
}

/** What is left of it when a firewall shifts the sequence numbers: the two timestamps. */
export function stamps(tsval: number, tsecr: number, length: number, flags: number): number {
  const hash = Math.imul(tsval, 0x9e3779b1) ^ Math.imul(tsecr, 0x85ebca6b) ^ Math.imul(length, 0x27d4eb2f) ^ (flags & (SYN | FIN | RST));
  return spread(hash);
}

function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return mixed ^ (mixed >>> 15);
}
