import type { Cipher } from './cipher.js';

/** Another address for an address of four or sixteen bytes: always the same for the same, never the same for two. */
export type Pseudonyms = (address: Uint8Array) => Uint8Array;

/** In the order in which they appear: from 240.0.0.1 (RFC 1112, for no host) and 3fff::1 (RFC 9637, for documentation) on. */
export function numbered(): Pseudonyms {
  const counts = { 4: 0, 16: 0 };
  return ({ length }) => {
    const pseudonym = new Uint8Array(length);
    const number = length === 4 ? ++counts[4] : ++counts[16];
    if (length === 4) pseudonym[0] = 240;
    else pseudonym.set([0x3f, 0xff]);
    new DataView(pseudonym.buffer).setUint32(length - 4, new DataView(pseudonym.buffer).getUint32(length - 4) + number);
    return pseudonym;
  };
}

const ROUNDS = 8;

/** By a key alone, whatever else is in the capture: an address of IPv6 is one block of the cipher, one of IPv4 goes through a Feistel network. */
export function keyed(cipher: Cipher): Pseudonyms {
  return (address) => {
    if (address.length === 16) return cipher(address);
    const pseudonym = address.slice();
    const block = new Uint8Array(16);
    for (let round = 0; round < ROUNDS; round++) {
      const [a = 0, b = 0, c = 0, d = 0] = pseudonym;
      block.set([round, c, d]);
      const [turn0 = 0, turn1 = 0] = cipher(block);
      pseudonym.set([c, d, a ^ turn0, b ^ turn1]);
    }
    return pseudonym;
  };
}
