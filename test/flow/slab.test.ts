import { describe, expect, test } from 'vitest';
import { Slab } from '../../src/flow/memory/slab.js';
import { pack } from '../../src/shards/graph/pack.js';
import { unpack } from '../../src/shards/graph/unpack.js';

const WIDTH = 4;

/** Takes rows and writes the number of each into it. */
function filled(slab: Slab, rows: number): number[] {
  return Array.from({ length: rows }, () => {
    const row = slab.take(1);
    slab.words[row * WIDTH] = row;
    return row;
  });
}

describe('a slab', () => {
  test('keeps what its rows hold while it grows, as words and as doubles', () => {
    const slab = new Slab(WIDTH, 1);
    for (const row of filled(slab, 5_000)) expect(slab.words[row * WIDTH]).toBe(row);
    expect(slab.words.length).toBeLessThan(5_000 * WIDTH * 2);
    expect(slab.doubles.buffer).toBe(slab.words.buffer);
    expect(slab.doubles.length * 2).toBe(slab.words.length);
  });

  test('needs no more room than at first once the last row is given back', () => {
    const slab = new Slab(WIDTH);
    const atFirst = slab.words.buffer.byteLength;
    const [last, ...others] = filled(slab, 5_000) as [number, ...number[]];
    for (const row of others) slab.give(row, 1);
    expect(slab.words.buffer.byteLength).toBeGreaterThan(atFirst);
    slab.give(last, 1);
    expect(slab.words.buffer.byteLength).toBe(atFirst);
    expect(filled(slab, 3)).toEqual([0, 1, 2]);
  });

  test('that has travelled grows into room of its own, not over what travelled with it', () => {
    const slab = new Slab(WIDTH, 4);
    filled(slab, 4);
    const beside = new Int32Array(64).fill(7);
    const [there, neighbour] = unpack(pack([slab, beside]), 1e6) as [Slab, Int32Array];
    filled(there, 4);
    expect([...neighbour]).toEqual([...beside]);
    expect(Array.from({ length: 8 }, (_, row) => there.words[row * WIDTH])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
