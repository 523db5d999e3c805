import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressFrom, hostText } from '../../src/hosts/address.js';

/** Zeros are frequent: what IPv6 leaves out depends on them. */
const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
const address4 = fc.record({ family: fc.constant(4), address0: fc.constant(0), address1: fc.constant(0), address2: fc.constant(0), address3: word });
const address6 = fc.record({ family: fc.constant(6), address0: word, address1: word, address2: word, address3: word });

test('an address is read as it was written', () => {
  fc.assert(
    fc.property(fc.oneof(address4, address6), (address) => {
      const text = hostText(address);
      expect(isIP(text)).toBe(address.family);
      expect(addressFrom(text)).toEqual(address);
    }),
  );
});

test('other texts are no addresses', () => {
  for (const text of [
    '',
    'capture',
    '10.0.0',
    '10.0.0.1.2',
    '010.0.0.1',
    '256.0.0.1',
    ':',
    ':::',
    '1::2::3',
    '0:0:0:0:0:0:0:1',
    'fe80::1%eth0',
    '::G',
  ])
    expect(addressFrom(text)).toBeUndefined();
});
