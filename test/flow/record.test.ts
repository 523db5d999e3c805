import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RecordClass, recordOf } from '../../src/flow/memory/record.js';
import { RecordStore } from '../../src/flow/memory/record-store.js';
import { NEVER, type Repeats } from '../../src/flow/timers.js';

interface Numbers {
  small: number;
  large: number;
  isSo: boolean;
  isToo: boolean;
  again: Repeats;
  last: number;
}

const Example: RecordClass<Numbers> = recordOf<Numbers>({ small: 'int', large: 'real', isSo: 'flag', isToo: 'flag', again: 'repeats', last: 'int' });

const write = fc.oneof(
  fc.record({ name: fc.constantFrom('small' as const, 'last' as const), value: fc.integer() }),
  fc.record({ name: fc.constant('large' as const), value: fc.double() }),
  fc.record({ name: fc.constantFrom('isSo' as const, 'isToo' as const), value: fc.boolean() }),
  fc.record({
    name: fc.constant('again' as const),
    value: fc.record({ count: fc.nat(), first: fc.integer(), last: fc.integer(), lastGap: fc.nat() }),
  }),
);

test('a record is to its readers what an object would be, wherever it lies and whoever lies beside it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 2 }), write)), (writes) => {
      const store = new RecordStore(Example.width * 3);
      const place = store.take();
      const records = [0, 1, 2].map((i) => new Example(place, i * Example.width));
      const objects = records.map((): Numbers => ({ small: 0, large: 0, isSo: false, isToo: false, again: NEVER, last: 0 }));
      for (const [which, { name, value }] of writes) {
        Object.assign(records[which] as Numbers, { [name]: value });
        Object.assign(objects[which] as Numbers, { [name]: value });
      }
      const own = store.copy(place);
      place.words.fill(-1);
      for (const [i, record] of records.entries()) {
        record.moveTo(own, i * Example.width);
        const { small, large, isSo, isToo, again, last } = record;
        expect({ small, large, isSo, isToo, again, last }).toEqual(objects[i]);
      }
    }),
  );
});
