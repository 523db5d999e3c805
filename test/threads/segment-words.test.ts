import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Segment } from '../../src/decode/segment.js';
import { readSegment, SEGMENT_WORDS, writeSegment } from '../../src/threads/segment-words.js';

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

/** A segment with any value in every field. */
const anySegment = fc.record(
  Object.fromEntries(
    Object.entries(new Segment()).map(([name, value]) => {
      if (name === 'time') return [name, fc.double({ noNaN: true })];
      if (typeof value === 'boolean') return [name, fc.boolean()];
      return [
        name,
        typeof value === 'object' ? fc.array(int, { minLength: value.length, maxLength: value.length }).map((all) => Int32Array.from(all)) : int,
      ];
    }),
  ),
);

test('what the decoder knows of a segment gets to another thread whole', () => {
  fc.assert(
    fc.property(anySegment, fc.nat({ max: 3 }), (fields, place) => {
      const doubles = new Float64Array((place + 1) * SEGMENT_WORDS);
      const words = new Int32Array(doubles.buffer);
      const sent = Object.assign(new Segment(), fields);
      const arrived = new Segment();
      writeSegment(sent, words, doubles, place * 2);
      readSegment(arrived, words, doubles, place * 2);
      expect(arrived).toEqual(sent);
    }),
  );
});
