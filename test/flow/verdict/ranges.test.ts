import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ranges } from '../../../src/flow/verdict/ranges.js';

/** The obvious way: each sequence number by itself. */
class Numbers {
  private readonly held = new Set<number>();

  add(from: number, to: number): void {
    for (let seq = from; seq < to; seq++) this.held.add(seq);
  }
  removeBefore(end: number): void {
    for (const seq of this.held) if (seq < end) this.held.delete(seq);
  }
  covers(from: number, to: number): boolean {
    for (let seq = from; seq < to; seq++) if (!this.held.has(seq)) return false;
    return true;
  }
  get shortest(): number {
    const runs: number[] = [];
    for (const seq of [...this.held].sort((a, b) => a - b)) {
      if (this.held.has(seq - 1)) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
      else runs.push(1);
    }
    return runs.length === 0 ? 0 : Math.min(...runs);
  }
}

const number = fc.integer({ min: 0, max: 60 });
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('add' as const), from: number, length: fc.integer({ min: 0, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('removeBefore' as const), from: number, length: fc.constant(0) }) },
);

test('ranges hold what a set of single sequence numbers holds, also where the numbers wrap', () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 1000, 0x7fffffe0, -30), fc.array(command, { maxLength: 40 }), number, number, (base, commands, from, length) => {
      const ranges = new Ranges();
      const numbers = new Numbers();
      const at = (offset: number): number => (base + offset) | 0;
      for (const { kind, from: start, length: size } of commands) {
        if (kind === 'add') {
          ranges.add(at(start), at(start + size));
          numbers.add(start, start + size);
        } else {
          ranges.removeBefore(at(start));
          numbers.removeBefore(start);
        }
        expect(ranges.shortest).toBe(numbers.shortest);
        expect(ranges.isEmpty).toBe(numbers.shortest === 0);
      }
      if (length > 0) expect(ranges.covers(at(from), at(from + length))).toBe(numbers.covers(from, from + length));
    }),
  );
});

test('of more ranges than are kept the lowest go', () => {
  const ranges = new Ranges();
  for (let i = 0; i < 300; i++) ranges.add(i * 10, i * 10 + 5);
  expect(ranges.covers(2990, 2995)).toBe(true);
  expect(ranges.covers(0, 5)).toBe(false);
});
