import { expect, test } from 'vitest';
import { boundsOf } from '../../src/flow/bounds.js';

const MIB = 1024 * 1024;

test('whoever wants more conversations followed than usual gets as much more room for their segments; for fewer it is not less', () => {
  const usual = boundsOf({});
  expect(boundsOf({ maxFlows: usual.flows * 10 })).toEqual({ flows: usual.flows * 10, slabBytes: usual.slabBytes * 10 });
  expect(boundsOf({ maxFlows: 100 })).toEqual({ flows: 100, slabBytes: usual.slabBytes });
});

test('a bound on memory holds whatever number of conversations is asked for', () => {
  const within = boundsOf({ maxMemory: 400 * MIB });
  expect(within.flows).toBeLessThan(boundsOf({}).flows);
  expect(boundsOf({ maxMemory: 400 * MIB, maxFlows: 3_000_000 })).toEqual(within);
  expect(boundsOf({ maxMemory: 400 * MIB, maxFlows: 100 })).toEqual({ ...within, flows: 100 });
});
