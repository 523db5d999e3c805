import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Segment } from '../../src/decode/segment.js';
import { SECRET } from '../../src/flow/memory/secret.js';
import { hashOf } from '../../src/flow/table/hash.js';
import { threadOf } from '../../src/flow/table/shard.js';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const port = fc.nat({ max: 65_535 });
const ends = fc.record({
  family: fc.constantFrom(4, 6),
  source0: word,
  source3: word,
  sourcePort: port,
  destination0: word,
  destination3: word,
  destinationPort: port,
});

function between(ends: Partial<Segment>): Segment {
  return Object.assign(new Segment(), ends);
}

function back(segment: Segment): Segment {
  const { family, source0, source3, sourcePort, destination0, destination3, destinationPort } = segment;
  const turned = { source0: destination0, source3: destination3, sourcePort: destinationPort, destination0: source0, destination3: source3 };
  return between({ family, ...turned, destinationPort: sourcePort });
}

test('a conversation has the same hash in both directions, under any secret', () => {
  fc.assert(
    fc.property(ends, word, (of, secret) => {
      const there = between(of);
      expect(hashOf(back(there), secret)).toBe(hashOf(there, secret));
      expect(threadOf(back(there), 7)).toBe(threadOf(there, 7));
    }),
  );
});

/** Names that somebody could invent so that they fall together. */
const INVENTED: readonly [name: string, of: (i: number) => Partial<Segment>][] = [
  [
    'IPv6 addresses whose words add up to the same',
    (i) => ({ family: 6, source1: i, source2: Math.imul(i, 0x9e3779b1), source3: i ^ Math.imul(i, 0x9e3779b1) }),
  ],
  ['IPv4 addresses and ports that add up to the same', (i) => ({ family: 4, source3: i, sourcePort: 65_535 - (i & 0xffff), destination3: -i })],
  ['addresses that come one after another', (i) => ({ family: 4, source3: 0x0a000000 + i, destination3: 0x0a000000 - i })],
  ['ports of two hosts', (i) => ({ family: 4, source3: 1, destination3: 2, sourcePort: i & 0xff, destinationPort: i >> 8 })],
];

test.each(INVENTED)('%s have as many hashes as chance gives them, and other ones under another secret', (_, of) => {
  const all = Array.from({ length: 20_000 }, (_, i) => between(of(i)));
  const hashes = (secret: number): number[] => all.map((segment) => hashOf(segment, secret));
  for (const bits of [32, 16])
    expect(new Set(hashes(SECRET).map((hash) => hash >>> (32 - bits))).size).toBeGreaterThan(bits === 32 ? 19_900 : 16_000);
  const others = hashes(SECRET ^ 0x5bd1e995);
  expect(hashes(SECRET).filter((hash, i) => hash === others[i]).length).toBeLessThan(10);
});
