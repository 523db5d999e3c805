import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Segment } from '../../../src/decode/segment.js';
import { Slab } from '../../../src/flow/memory/slab.js';
import { Transmissions, WIDTH } from '../../../src/flow/verdict/transmissions.js';

interface Sent {
  frame: number;
  time: number;
  seq: number;
  end: number;
  ipId: number;
  ttl: number;
  window: number;
}

function segmentOf({ frame, time, seq, end, ipId, ttl, window }: Sent): Segment {
  const segment = new Segment();
  Object.assign(segment, { frame, time, seq, end, ipId, ttl, window, flags: 0x18, hasTimestamps: true, tsval: frame * 7 });
  return segment;
}

const LENGTH = fc.integer({ min: 0, max: 1448 });
const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('send' as const), length: LENGTH, back: fc.integer({ min: 0, max: 3000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), length: LENGTH, back: fc.integer({ min: 0, max: 3000 }) }) },
);

test('what is remembered of the segments is what an array of all of them says', () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 0x7fffff00), fc.array(command, { maxLength: 200 }), (base, commands) => {
      const ring = new Transmissions(new Slab(WIDTH));
      const all: Sent[] = [];
      /** Without the wrap. */
      const ends: number[] = [];
      let acknowledged = 0;
      let highest: number = base;
      let una: number = base;
      for (const { kind, length, back } of commands) {
        if (kind === 'send') {
          const seq = all.length % 5 === 4 ? highest - Math.min(back, highest - una) : highest;
          const sent = {
            frame: all.length + 1,
            time: all.length * 1e6,
            seq: seq | 0,
            end: (seq + length) | 0,
            ipId: 65535 - all.length,
            ttl: 57,
            window: 65000,
          };
          ring.add(segmentOf(sent));
          all.push(sent);
          ends.push(seq + length);
          highest = Math.max(highest, seq + length);
        } else {
          una = Math.max(una, highest - back);
          ring.acknowledge(una | 0);
          while (acknowledged < all.length && (ends[acknowledged] as number) <= una) acknowledged++;
        }
        expect(ring.firstUnacknowledged).toBe(acknowledged);
        for (let position = ring.oldest; position < ring.end; position++) {
          const sent = all[position] as Sent;
          expect([ring.seqOf(position), ring.endOf(position), ring.frameOf(position), ring.timeOf(position)]).toEqual([
            sent.seq,
            sent.end,
            sent.frame,
            sent.time,
          ]);
          expect([ring.ipIdOf(position), ring.ttlOf(position), ring.sumsOf(position) >>> 16]).toEqual([sent.ipId, sent.ttl, sent.window]);
        }
        expect(ring.end).toBe(all.length);
      }
    }),
  );
});

test('nothing unacknowledged is forgotten below the limit of the ring, and the limit holds', () => {
  const ring = new Transmissions(new Slab(WIDTH));
  const sent = (i: number): Sent => ({ frame: i + 1, time: i, seq: i * 100, end: i * 100 + 100, ipId: 1, ttl: 64, window: 1 });
  for (let i = 0; i < 16384; i++) ring.add(segmentOf(sent(i)));
  expect([ring.oldest, ring.end]).toEqual([0, 16384]);
  for (let i = 16384; i < 20000; i++) ring.add(segmentOf(sent(i)));
  expect([ring.oldest, ring.end]).toEqual([20000 - 16384, 20000]);
});

test('the last transmission of some bytes is found by any part of them', () => {
  const ring = new Transmissions(new Slab(WIDTH));
  const rows: [number, number][] = [
    [0, 1000],
    [1000, 2000],
    [0, 1000],
    [2000, 2000],
  ];
  rows.forEach(([seq, end], i) => {
    ring.add(segmentOf({ frame: i + 1, time: i * 10, seq, end, ipId: 1, ttl: 64, window: 1 }));
  });
  expect(ring.lastOf(999, 1001)).toEqual({ frame: 3, time: 20 });
  expect(ring.lastOf(1000, 1100)).toEqual({ frame: 2, time: 10 });
  expect(ring.lastOf(2000, 2100)).toBeUndefined();
});
