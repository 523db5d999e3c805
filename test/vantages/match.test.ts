import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { match, unmistakable } from '../../src/vantages/match.js';
import { passageOf, SAME_CLOCK, type Spec } from './traces.js';

const MSS = 1000;
const DELAY = 10e6;

interface Traveller {
  spec: Spec;
  sent: number;
}

/** A transfer with everything that can happen on a way; which arrival is which transmission is known. */
const transfers = fc.record({
  isn: fc.integer({ min: 0, max: 0xffffffff }),
  hasTimestamps: fc.boolean(),
  shift: fc.constantFrom(0, 0, 123456789, -987654321),
  fortunes: fc.array(
    fc.record({
      kind: fc.constantFrom('data', 'data', 'data', 'ack', 'again'),
      isLost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      isDoubled: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      late: fc.integer({ min: 0, max: 9 }).map((n) => (n === 0 ? 25e6 : 0)),
      gap: fc.integer({ min: 1, max: 20_000_000 }),
    }),
    { minLength: 1, maxLength: 80 },
  ),
});

type Transfer = typeof transfers extends fc.Arbitrary<infer T> ? T : never;

function travel({ isn, hasTimestamps, shift, fortunes }: Transfer): { up: Spec[]; down: Traveller[] } {
  const up: Spec[] = [];
  const down: Traveller[] = [];
  let time = 0;
  let next = isn;
  for (const [i, { kind, isLost, isDoubled, late, gap }] of fortunes.entries()) {
    time += gap;
    const seq = kind === 'again' ? next - MSS : next;
    const spec = {
      time,
      seq,
      length: kind === 'ack' ? 0 : MSS,
      ack: 1 + i,
      ipId: (i + 1) & 0xffff,
      tsval: hasTimestamps ? 1 + Math.floor(time / 1e6) : 0,
    };
    if (kind === 'data') next += MSS;
    up.push(spec);
    if (isLost) continue;
    const arrival = { ...spec, time: time + DELAY + late, seq: seq + shift };
    down.push({ spec: arrival, sent: i });
    if (isDoubled) down.push({ spec: { ...arrival, time: arrival.time + 100e3 }, sent: i });
  }
  return { up, down: down.toSorted((a, b) => a.spec.time - b.spec.time) };
}

/** What the slow, obvious comparison finds: the first transmission that is the same field for field and not taken yet; the rest are copies. */
function obvious({ up, down }: { up: Spec[]; down: Traveller[] }, shift: number): { origins: number[]; copies: number[] } {
  const taken = new Set<number>();
  const origins = down.map(() => -1);
  const copies = down.map(() => -1);
  for (const [j, { spec }] of down.entries()) {
    const i = up.findIndex(
      (sent) => sent.seq + shift === spec.seq && sent.length === spec.length && sent.ack === spec.ack && sent.ipId === spec.ipId,
    );
    if (taken.has(i)) copies[j] = i;
    else origins[j] = i;
    taken.add(i);
  }
  return { origins, copies };
}

describe('every segment is found again', () => {
  test('through loss, doubling, overtaking, retransmission and shifted sequence numbers, as a comparison of all with all finds it', () => {
    fc.assert(
      fc.property(transfers, (transfer) => {
        const way = travel(transfer);
        const { arrivals, origins, copies, missing } = match(
          passageOf(
            way.up,
            way.down.map(({ spec }) => spec),
            { seq: transfer.shift },
          ),
          SAME_CLOCK,
          DELAY,
        );
        const slow = obvious(way, transfer.shift);
        expect([...origins]).toEqual(slow.origins);
        expect([...copies]).toEqual(slow.copies);
        expect([...arrivals].map((j, i) => (j < 0 ? transfer.fortunes[i]?.isLost : !transfer.fortunes[i]?.isLost))).toEqual(way.up.map(() => true));
        expect(missing).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('without timestamps, and with an IP ID that something rewrites, by their order and the time they take', () => {
    const up = [0, 1e9, 3e9].map((time, i) => ({ time, seq: 1, length: 0, flags: 2, ack: 0, ipId: i + 1 }));
    const down = [{ time: 3e9 + DELAY, seq: 1, length: 0, flags: 2, ack: 0, ipId: 40000 }];
    expect([...match(passageOf(up, down), SAME_CLOCK, DELAY).arrivals]).toEqual([-1, -1, 0]);
  });

  test('a retransmission that arrives is not taken for the original that was lost', () => {
    const up = [
      { time: 0, seq: 1, length: MSS, ipId: 1 },
      { time: 5e6, seq: 1 + MSS, length: MSS, ipId: 2 },
      { time: 200e6, seq: 1, length: MSS, ipId: 3 },
    ];
    const down = [
      { time: 15e6, seq: 1 + MSS, length: MSS, ipId: 2 },
      { time: 210e6, seq: 1, length: MSS, ipId: 3 },
      { time: 211e6, seq: 1, length: MSS, ipId: 3 },
    ];
    const { arrivals, copies } = match(passageOf(up, down), SAME_CLOCK, DELAY);
    expect([...arrivals]).toEqual([-1, 0, 1]);
    expect([...copies]).toEqual([-1, -1, 2]);
  });
});

describe('offload', () => {
  const cuts = fc.record({
    supers: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 15 }),
    joins: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 15 }),
    lost: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
  });

  test('what the sender captured in super-segments and the receiver in others, or in pieces, is compared byte by byte', () => {
    fc.assert(
      fc.property(cuts, ({ supers, joins, lost }) => {
        let seq = 1;
        const up = supers.map((pieces, i) => {
          const spec = { time: i * 1e6, seq, length: pieces * MSS, ipId: seq & 0xffff, tsval: 7 };
          seq += pieces * MSS;
          return spec;
        });
        const pieces = up.flatMap((spec, i) =>
          Array.from({ length: spec.length / MSS }, (_, k) => ({ seq: spec.seq + k * MSS, time: spec.time + DELAY + k, i })),
        );
        const arrived = pieces.filter((_, k) => !lost[k % lost.length]);
        const down: Spec[] = [];
        for (let at = 0, k = 0; at < arrived.length; k++) {
          const most = joins[k % joins.length] as number;
          let count = 1;
          while (count < most && arrived[at + count]?.seq === (arrived[at]?.seq as number) + count * MSS) count++;
          const last = arrived[at + count - 1] as { time: number };
          down.push({ time: last.time, seq: arrived[at]?.seq as number, length: count * MSS, ipId: 60000 - k, tsval: 7 });
          at += count;
        }
        const { arrivals, missing } = match(passageOf(up, down), SAME_CLOCK, DELAY);
        const bytesLost = (i: number): number => pieces.filter((piece, k) => piece.i === i && lost[k % lost.length]).length * MSS;
        for (const [i, { length }] of up.entries()) {
          const gone = bytesLost(i);
          expect((arrivals[i] as number) >= 0).toBe(gone < length);
          const found = missing.filter(({ position }) => position === i).reduce((sum, { range }) => sum + range.to - range.from, 0);
          expect(found).toBe(gone < length ? gone : 0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what a pair of segments tells of the clocks', () => {
  const sent = [10e6, 30e6].map((time, i) => ({ time, seq: 1 + i * MSS, length: MSS }));
  const twice = sent.flatMap((spec) => [spec, spec].map((copy, k) => ({ ...copy, time: spec.time + DELAY + k * 1e6 })));

  test('comes from the first copy of each where everything is doubled on the way, whichever way that is', () => {
    expect(unmistakable(passageOf(sent, twice))).toEqual([
      { up: 0, down: 0 },
      { up: 1, down: 2 },
    ]);
    expect(unmistakable(passageOf(twice, sent))).toEqual([
      { up: 0, down: 0 },
      { up: 2, down: 1 },
    ]);
  });

  test('comes from single ones alone where there are any', () => {
    expect(unmistakable(passageOf(sent, twice.slice(1)))).toEqual([{ up: 0, down: 0 }]);
  });
});
