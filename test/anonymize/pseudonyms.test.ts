import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cipherOf } from '../../src/anonymize/cipher.js';
import { prefixPreserving } from '../../src/anonymize/prefix.js';
import { keyed, numbered } from '../../src/anonymize/pseudonyms.js';

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const address = (length: 4 | 16): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
/** Two addresses, often with many bits in common. */
const pair = fc.constantFrom<(4 | 16)[]>(4, 16).chain((length) =>
  fc.tuple(address(length), address(length), fc.nat(length * 8)).map(([a, b, bits]) => {
    const joined = a.map((byte, i) => {
      const own = Math.min(8, Math.max(0, bits - i * 8));
      const mask = 0xff & ~(0xff >> own);
      return (byte & mask) | ((b[i] ?? 0) & ~mask);
    });
    return [a, joined] as const;
  }),
);

function commonBits(a: Uint8Array, b: Uint8Array): number {
  const bits = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const [one, other] = [bits(a), bits(b)];
  let count = 0;
  while (count < one.length && one[count] === other[count]) count++;
  return count;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return commonBits(a, b) === a.length * 8;
}

describe('pseudonyms that keep prefixes', () => {
  test('have as many first bits in common as the addresses, and no more', () => {
    const pseudonym = prefixPreserving(cipherOf(key(1)));
    fc.assert(fc.property(pair, ([a, b]) => commonBits(pseudonym(a), pseudonym(b)) === commonBits(a, b)));
  });

  test('depend on the key', () => {
    const [one, other] = [prefixPreserving(cipherOf(key(1))), prefixPreserving(cipherOf(key(2)))];
    const a = new Uint8Array([10, 19, 0, 2]);
    expect(one(a)).not.toEqual(other(a));
    expect(one(a)).toEqual(prefixPreserving(cipherOf(key(1)))(a));
  });
});

describe('pseudonyms by a key', () => {
  test('are never the same for two addresses, and always for one', () => {
    const pseudonym = keyed(cipherOf(key(3)));
    fc.assert(fc.property(pair, ([a, b]) => isSame(pseudonym(a), pseudonym(b)) === isSame(a, b)));
  });

  test('of a whole network are all different', () => {
    const pseudonym = keyed(cipherOf(key(4)));
    const all = Array.from({ length: 65_536 }, (_, i) => pseudonym(new Uint8Array([10, 19, i >> 8, i & 0xff])).join('.'));
    expect(new Set(all).size).toBe(65_536);
  });
});

test('pseudonyms by number count up from addresses that belong to nobody', () => {
  const pseudonym = numbered();
  const next = (length: number): string => pseudonym(new Uint8Array(length)).join('.');
  expect([next(4), next(4), next(16), next(4)]).toEqual(['240.0.0.1', '240.0.0.2', '63.255.0.0.0.0.0.0.0.0.0.0.0.0.0.1', '240.0.0.3']);
});
