import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Segment } from '../../../src/decode/segment.js';
import { Holes } from '../../../src/flow/verdict/holes.js';

function segmentAt(seq: number): Segment {
  const segment = new Segment();
  segment.seq = seq | 0;
  return segment;
}

/** The obvious way: every byte that was skipped. */
class Bytes {
  private readonly missing = new Set<number>();

  open(from: number, to: number): void {
    for (let byte = from; byte < to; byte++) this.missing.add(byte);
  }
  fill(from: number, to: number): void {
    for (let byte = from; byte < to; byte++) this.missing.delete(byte);
  }
  close(una: number): number {
    const closed = [...this.missing].filter((byte) => byte < una);
    for (const byte of closed) this.missing.delete(byte);
    return closed.length;
  }
  reachesInto(from: number, to: number): boolean {
    return [...this.missing].some((byte) => byte >= from && byte < to);
  }
  get isEmpty(): boolean {
    return this.missing.size === 0;
  }
}

const step = fc.record({
  kind: fc.constantFrom('skip', 'fill', 'close'),
  start: fc.integer({ min: 0, max: 200 }),
  length: fc.integer({ min: 1, max: 20 }),
});

test('holes know each byte that was skipped and neither seen nor acknowledged since', () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 0x7fffff80), fc.array(step, { maxLength: 60 }), (base, steps) => {
      const holes = new Holes();
      const bytes = new Bytes();
      const at = (offset: number): number => (base + offset) | 0;
      let highest = 0;
      for (const { kind, start, length } of steps) {
        if (kind === 'skip') {
          holes.with(at(highest), segmentAt(at(highest + length)));
          bytes.open(highest, highest + length);
          highest += length + 1;
        } else if (kind === 'fill') {
          expect(holes.at(at(start), at(start + length)) !== undefined).toBe(bytes.reachesInto(start, start + length));
          holes.fill(at(start), at(start + length));
          bytes.fill(start, start + length);
        } else {
          expect(holes.close(at(start))).toBe(bytes.close(start));
        }
        expect(holes.isEmpty).toBe(bytes.isEmpty);
      }
    }),
  );
});

test('of more holes than are kept the oldest is forgotten and counted', () => {
  const holes = new Holes();
  for (let i = 0; i < 260; i++) holes.with(i * 10, segmentAt(i * 10 + 5));
  expect(holes.forgotten).toBe(4);
  expect(holes.first?.from).toBe(40);
});

test('a hole that is divided a thousand times is no more than are kept either, and its lowest parts are forgotten', () => {
  const holes = new Holes();
  holes.with(0, segmentAt(10_000));
  for (let byte = 5; byte < 10_000; byte += 10) holes.fill(byte, byte + 1);
  expect(holes.forgotten).toBe(1001 - 256);
  expect(holes.at(0, 7000)).toBeUndefined();
  expect(holes.at(9990, 10_000)).toBeDefined();
});
