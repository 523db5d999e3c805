import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Slab } from '../../src/flow/memory/slab.js';
import { Counts } from '../../src/reporting/counts.js';
import { pack } from '../../src/shards/graph/pack.js';
import { NoRoom, unpack } from '../../src/shards/graph/unpack.js';

function travelled<Value>(value: Value): Value {
  return unpack(pack(value), Number.POSITIVE_INFINITY) as Value;
}

const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, 0, 239, 240, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53));
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '__proto__', ''));
const typed = fc.oneof(fc.uint8Array(), fc.uint16Array(), fc.int32Array(), fc.float64Array());
const { anything } = fc.letrec((tie) => ({
  anything: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(number, text, typed, fc.constantFrom<unknown>(undefined, null, true, false)),
    fc.array(tie('anything')),
    fc.dictionary(text, tie('anything'), { noNullPrototype: true }),
    fc.array(tie('anything')).map((items) => new Set(items)),
    fc.array(fc.tuple(tie('anything'), tie('anything'))).map((entries) => new Map(entries)),
  ),
}));

describe('a graph that was packed', () => {
  test('is the same when it is unpacked, whatever it holds', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(travelled(value)).toStrictEqual(value);
      }),
    );
  });

  test('has its classes back', () => {
    const counts = new Counts();
    counts.count('reset', 7);
    counts.count('reset', 3);
    expect(travelled([counts])[0]?.all).toEqual([['reset', 2]]);
  });

  test('has what was one object as one, circles as circles, and the order of fields', () => {
    const one = { b: 1, a: 2 };
    const graph: { list: unknown[] } = { list: [one, one, { a: 2, b: 1 }] };
    graph.list.push(graph);
    const { list } = travelled(graph);
    expect(list[1]).toBe(list[0]);
    expect((list[3] as typeof graph).list).toBe(list);
    expect(list.slice(0, 3).map((item) => Object.keys(item as object).join())).toEqual(['b,a', 'b,a', 'a,b']);
  });

  test('has the words and doubles of a slab once', () => {
    const slab = new Slab(4, 100);
    slab.doubles[7] = Math.PI;
    const there = travelled(slab);
    expect(there).toEqual(slab);
    expect(there.words.buffer).toBe(there.doubles.buffer);
    expect(pack(slab).length).toBeLessThan(slab.words.byteLength + 200);
  });

  test('may begin anywhere in a buffer', () => {
    const packed = pack([1, new Float64Array([0.5])]);
    for (let before = 0; before < 9; before++) {
      const within = Buffer.concat([Buffer.alloc(before), packed]).subarray(before);
      expect(unpack(within, 1e6)).toEqual([1, new Float64Array([0.5])]);
    }
  });
});

test.each<[string, unknown, string]>([
  ['functions', { inner: () => 1 }, 'a function is not known to travel'],
  ['objects of other classes', [new (class Unheard {})()], 'Unheard is not known to travel'],
  ['other typed arrays', new BigInt64Array(1), 'BigInt64Array is not known to travel'],
  ['bigints', [1n], 'a bigint is not known to travel'],
])('%s are not packed', (_, value, message) => {
  expect(() => pack(value)).toThrow(message);
});

describe('bytes that are no packed graph', () => {
  const graph = pack([{ a: 'text', b: [0.5, -1, 1e6] }, new Map([['key', new Int32Array(9)]]), new Set([null]), new Counts()]);

  test('are refused wherever a graph is cut off', () => {
    for (let end = 0; end < graph.length; end++) expect(() => unpack(graph.subarray(0, end), 1e9), `${end}`).toThrow();
  });

  test('are refused, or another graph, wherever one was changed', () => {
    fc.assert(
      fc.property(fc.nat(graph.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(graph);
        changed[at] = byte;
        refusedOrRead(changed);
      }),
      { numRuns: 5000 },
    );
  });

  test('are refused, or a graph, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 20, maxLength: 40 }), (bytes) => refusedOrRead(Buffer.from(bytes))),
      { numRuns: 20_000 },
    );
  });

  function refusedOrRead(bytes: Buffer): void {
    let read: unknown;
    try {
      read = unpack(bytes, 1e5);
    } catch (error) {
      expect(error).toSatisfy((it) => it instanceof RangeError || it instanceof TypeError);
      return;
    }
    expect(travelled(read)).toEqual(read);
  }
});

test('no more is unpacked than there is room for', () => {
  const packed = pack(Array.from({ length: 1000 }, () => ({ a: 1 })));
  expect(() => unpack(packed, 50_000)).toThrow(NoRoom);
  expect(unpack(packed, 500_000)).toHaveLength(1000);
});
