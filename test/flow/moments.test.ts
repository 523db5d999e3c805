import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACK, FIN, PSH, RST, SYN } from '../../src/decode/flags.js';
import type { Flow } from '../../src/flow/flow.js';
import { NOWHERE } from '../../src/flow/timeline/moments.js';
import { follow } from '../../src/follow.js';
import { captureOf } from '../bytes.js';
import { recordedTogether } from '../shards/capture.js';

/** Of all recordings. */
const flows: Flow[] = [];
await follow(captureOf(recordedTogether(() => true)), {
  over: (flow) => {
    flow.settle();
    flows.push(flow);
  },
});
const flags = fc.subarray([SYN, FIN, RST, ACK, PSH], { minLength: 1 }).map((bits) => bits.reduce((sum, bit) => sum | bit, 0));

test('headers are read where they lie as they are in the moments made of them', () => {
  for (const { timeline } of flows) {
    const { segments } = timeline;
    const read = timeline.moments.map((_, i) => [segments.sideAt(i), segments.seqAt(i), segments.frameAt(i), segments.timeAt(i)]);
    expect(read).toEqual(timeline.moments.map(({ side, seq, frame, time }) => [side, seq, frame, time]));
  }
});

test('the first with some flags, and how many have one, are the same as a look at all moments finds', () => {
  fc.assert(
    fc.property(fc.constantFrom(...flows), flags, flags, fc.constantFrom(0, 1, undefined), fc.nat(12), ({ timeline }, some, others, side, from) => {
      const { moments, segments } = timeline;
      const isOf = (one: number): boolean => side === undefined || one === side;
      const place = moments.findIndex((moment, i) => i >= from && (moment.flags & (some | others)) === some && isOf(moment.side));
      expect(segments.first(some, some | others, side, from)).toBe(place < 0 ? NOWHERE : place);
      const flag = some & -some;
      expect(segments.count(flag, side)).toBe(moments.filter((moment) => moment.flags & flag && isOf(moment.side)).length);
    }),
    { numRuns: 2000 },
  );
});

test('a state is reached when one of the transitions leads to it', () => {
  for (const { timeline } of flows)
    for (const state of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const)
      expect(timeline.states.reach(state)).toBe(timeline.transitions.some(({ to }) => to === state));
});
