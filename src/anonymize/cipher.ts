import { createCipheriv } from 'node:crypto';

/** AES-256 of one block of sixteen bytes. */
export type Cipher = (block: Uint8Array) => Uint8Array;

export function cipherOf(key: Uint8Array): Cipher {
  const aes = createCipheriv('aes-256-ecb', key, null);
  aes.setAutoPadding(false);
  return (block) => new Uint8Array(aes.update(block));
}
