import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Flow } from '../../src/flow/flow.js';
import { follow } from '../../src/follow.js';
import { Columns } from '../../src/traces/columns.js';
import { thin } from '../../src/traces/thin.js';
import type { Trace } from '../../src/traces/trace.js';
import { Traces } from '../../src/traces/traces.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';
import { longTransfer } from '../views/long-transfer.js';

async function traced(file: Buffer, mostRows?: number): Promise<{ traces: Traces; all: (Trace | undefined)[] }> {
  const traces = new Traces(mostRows);
  const flows: Flow[] = [];
  await follow(captureOf(file), {
    noted: (segment, flow, seen, verdict) => traces.noted(segment, flow, seen, verdict),
    corrected: (frame, verdict) => traces.corrected(frame, verdict),
    over: (flow) => {
      flows.push(flow);
    },
  });
  return { traces, all: flows.map((flow) => traces.of(flow)) };
}

function framesOf(trace: Trace | undefined): number[] {
  return trace === undefined ? [] : [...trace.columns.frame.subarray(0, trace.rows)];
}

const REPAIR = `
  0.000 > S  0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
  0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>
  0.010 > .  1:1(0) ack 1 win 502
  0.020 > P. 1:101(100) ack 1 win 502
  0.021 > P. 101:201(100) ack 1 win 502
  0.030 < .  1:1(0) ack 101 win 509
  0.240 > P. 101:201(100) ack 1 win 502
  0.250 < .  1:1(0) ack 201 win 509 <sack 101:201>
`;

describe('a conversation that fits', () => {
  test('is kept whole, in the order of the capture', async () => {
    const { all } = await traced(capture(REPAIR).file);
    expect(framesOf(all[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('carries what its graphs need: bytes under way, the window, round trips, bytes sent so far', async () => {
    const { all } = await traced(capture(REPAIR).file);
    const columns = all[0]?.columns as Columns;
    expect([...columns.flight.subarray(3, 8)]).toEqual([100, 200, 100, 100, 0]);
    expect([...columns.room.subarray(3, 6)]).toEqual([65160, 65160, 509 * 128]);
    expect(columns.roundTrip[5]).toBeCloseTo(10e6, -3);
    expect([...columns.carried.subarray(3, 7)]).toEqual([100, 200, 0, 300]);
    expect([...columns.edges.subarray(7 * 6, 7 * 6 + 2)]).toEqual([101, 201]);
  });

  test('learns what only later proves: the second copy was needless', async () => {
    const { all } = await traced(capture(REPAIR).file);
    const judged: string[] = [];
    await follow(captureOf(capture(REPAIR).file), { corrected: (frame) => judged.push(String(frame)), over: () => {} });
    expect(judged).toEqual(['7']);
    expect((all[0]?.columns.verdict[6] ?? 0) & 16).toBe(16);
  });
});

describe('a conversation that does not fit', () => {
  const { file, packets, resent } = longTransfer(1100);

  test('keeps an outline, and everything that is marked', async () => {
    const { all } = await traced(file);
    const [trace] = all as [Trace];
    const kept = new Set(framesOf(trace));
    expect(trace.segments).toBe(packets);
    expect(kept.size).toBeLessThan(packets);
    expect([1, 2, ...resent].filter((frame) => !kept.has(frame))).toEqual([]);
  });

  test('stays within its bound, however long it is', async () => {
    const { all } = await traced(file);
    expect(all[0]?.columns.capacity).toBeLessThanOrEqual(16_384);
  });

  test('is kept around its first repair segment by segment, so that a close-up shows everything', async () => {
    const { all } = await traced(file);
    const kept = new Set(framesOf(all[0]));
    const first = resent[0] as number;
    const around = Array.from({ length: 200 }, (_, i) => first - 100 + i);
    expect(around.filter((frame) => !kept.has(frame))).toEqual([]);
  });
});

describe('too many conversations', () => {
  const healthy = (n: number): string => `
    ${n}.000 ${n}> S  0:0(0) win 64240 <mss 1460>
    ${n}.010 ${n}< S. 0:0(0) ack 1 win 65160 <mss 1460>
    ${n}.010 ${n}> .  1:1(0) ack 1 win 502
    ${n}.020 ${n}> F. 1:1(0) ack 1 win 502
    ${n}.030 ${n}< F. 1:1(0) ack 2 win 509
    ${n}.030 ${n}> .  2:2(0) ack 2 win 509
    `;
  const refused = `
    0.100 500> S  0:0(0) win 64240 <mss 1460>
    0.101 500< R. 0:0(0) ack 1 win 0
    `;

  test('those that have ended and were healthy give way, one with something to show does not', async () => {
    const lines = [healthy(1), refused.replaceAll('0.10', '1.90'), ...Array.from({ length: 9 }, (_, i) => healthy(i + 3))];
    const { traces, all } = await traced(capture(lines.join('')).file, 64 * 3);
    expect(traces.refused).toBe(0);
    expect(all.filter((trace) => trace !== undefined)).toHaveLength(3);
    expect(all.some((trace) => trace?.isRemarkable)).toBe(true);
  });

  test('what cannot be recorded is counted', async () => {
    const open = Array.from({ length: 4 }, (_, i) => `${i}.000 ${i + 1}> S 0:0(0) win 64240 <mss 1460>\n`);
    const { traces, all } = await traced(capture(open.join('')).file, 64 * 3);
    expect(all.filter((trace) => trace === undefined)).toHaveLength(1);
    expect(traces.refused).toBe(1);
  });
});

const row = fc.record({
  gap: fc.integer({ min: -1e6, max: 1e6 }),
  side: fc.constantFrom(0, 1),
  flight: fc.integer({ min: 0, max: 1e5 }),
  isMarked: fc.boolean(),
});

test('thinning keeps what is marked, the order, the first row, the highest point of each end, and little else, even where time goes back', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 400 }), fc.integer({ min: 16, max: 100 }), (rows, limit) => {
      const columns = new Columns(rows.length);
      let time = 0;
      for (const [i, { gap, side, flight, isMarked }] of rows.entries()) {
        time += gap;
        columns.time[i] = time;
        columns.frame[i] = i + 1;
        columns.side[i] = side;
        columns.flight[i] = flight;
        columns.isMarked[i] = isMarked ? 1 : 0;
      }
      const left = thin(columns, rows.length, limit);
      const kept = [...columns.frame.subarray(0, left)];
      const marked = rows.flatMap(({ isMarked }, i) => (isMarked ? [i + 1] : []));
      expect(kept).toEqual(kept.toSorted((a, b) => a - b));
      expect(kept[0]).toBe(1);
      expect(marked.filter((frame) => !kept.includes(frame))).toEqual([]);
      for (const side of [0, 1]) {
        const of = (frames: number[]): number =>
          Math.max(-1, ...frames.filter((f) => rows[f - 1]?.side === side).map((f) => rows[f - 1]?.flight ?? 0));
        expect(of(kept)).toBe(of(rows.map((_, i) => i + 1)));
      }
      expect(left).toBeLessThanOrEqual(limit + marked.length + 1 + 8);
    }),
  );
});
