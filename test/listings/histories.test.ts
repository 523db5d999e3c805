import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histories } from '../../src/listings/histories.js';
import type { Change, End, Expected, History } from '../../src/listings/history.js';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const end = (family: number): fc.Arbitrary<End> =>
  fc.record({
    family: fc.constant(family),
    port: fc.nat(65_535),
    address0: word,
    address1: word,
    address2: word,
    address3: word,
  });
const side = fc.constantFrom<0 | 1>(0, 1);
const state = fc.integer({ min: 0, max: 11 }) as fc.Arbitrary<Change['to']>;
const change: fc.Arbitrary<Change> = fc.record({
  side,
  at: fc.double({ noNaN: true }),
  frame: fc.nat(),
  from: state,
  to: state,
  basis: fc.constantFrom('seen', 'inferred', 'timer'),
});
const expected: fc.Arbitrary<Expected> = fc.record({ change, provenAt: fc.double({ noNaN: true }), isLater: fc.boolean() });
const history = (stream: number): fc.Arbitrary<History> =>
  fc.constantFrom(4, 6).chain((family) =>
    fc.record({
      stream: fc.constant(stream),
      ends: fc.tuple(end(family), end(family)),
      client: side,
      changes: fc.array(change, { maxLength: 200 }),
      expected: fc.array(expected, { maxLength: 2 }),
    }),
  );
const streams = fc.uniqueArray(fc.nat(5000), { maxLength: 20 });
const histories = streams.chain((numbers) => fc.tuple(...numbers.map(history)));

function kept(all: readonly History[]): Histories {
  const packed = new Histories();
  for (const one of all) packed.add(one);
  return packed;
}

test('what was added comes back by the numbers of the conversations', () => {
  fc.assert(
    fc.property(histories, (all) => {
      expect([...kept(all)]).toEqual(all.toSorted((a, b) => a.stream - b.stream));
    }),
  );
});

test('or in the order in which it was added', () => {
  fc.assert(
    fc.property(histories, (all) => {
      expect([...kept(all).inOrderOfAddition()]).toEqual(all);
    }),
  );
});

test('nothing of many is lost where one piece of memory ends and the next begins', () => {
  const [sample] = fc.sample(history(0), { numRuns: 1, seed: 7 }) as [History];
  const [one] = fc.sample(change, { numRuns: 1, seed: 7 }) as [Change];
  const all = Array.from({ length: 700 }, (_, i) => ({
    ...sample,
    stream: 699 - i,
    changes: Array.from({ length: i % 201 }, () => ({ ...one, frame: i })),
  }));
  expect([...kept(all)]).toEqual(all.toReversed());
});
