import type { Cipher } from './cipher.js';
import type { Pseudonyms } from './pseudonyms.js';

/**
 * Crypto-PAn (Xu, Fan, Ammar, Moon: Prefix-preserving IP address anonymization, 2002): two addresses that agree in their first n bits, and no
 * more, have pseudonyms that do so too. Whether a bit is turned depends on all bits before it.
 */
export function prefixPreserving(cipher: Cipher): Pseudonyms {
  const pad = cipher(new Uint8Array(16).fill(0x5a));
  return (address) => {
    const pseudonym = address.slice();
    const block = pad.slice();
    for (let bit = 0; bit < address.length * 8; bit++) {
      const turn = (cipher(block)[0] ?? 0) >> 7;
      const [at, mask] = [bit >> 3, 0x80 >> (bit & 7)];
      if (turn) pseudonym[at] = (pseudonym[at] ?? 0) ^ mask;
      block[at] = ((block[at] ?? 0) & ~mask) | ((address[at] ?? 0) & mask);
    }
    return pseudonym;
  };
}
