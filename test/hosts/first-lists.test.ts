import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Slab } from '../../src/flow/memory/slab.js';
import { First } from '../../src/hosts/memory/first.js';
import { FirstLists, NO_LIST } from '../../src/hosts/memory/first-lists.js';
import { rowOf } from '../../src/hosts/memory/row.js';

const Item = rowOf<{ time: number; isLate: boolean; frame: number }>({ time: 'real', isLate: 'flag', frame: 'int' });
const item = new Item();

interface Said {
  readonly stream: number;
  readonly time: number;
  readonly isLate: boolean;
  readonly frame: number;
}

function saidOf(stream: number): Said {
  return { stream, time: stream * 1e9 + 0.5, isLate: stream % 3 === 0, frame: -1 - stream };
}

function add(lists: FirstLists, list: number, stream: number): number {
  if (!lists.isOpenTo(list, stream)) return list;
  const own = lists.add(list, stream, item);
  const { time, isLate, frame } = saidOf(stream);
  Object.assign(item, { time, isLate, frame });
  return own;
}

function all(lists: FirstLists, list: number): Said[] {
  return lists.map(list, item, ({ time, isLate, frame }, stream) => ({ stream, time, isLate, frame }));
}

type Doing =
  | { readonly what: 'add'; readonly part: number; readonly list: number; readonly stream: number }
  | { readonly what: 'end' | 'ask'; readonly part: number; readonly list: number };

const LISTS = 4;
const place = { part: fc.nat(2), list: fc.nat(LISTS - 1) };
const doings: fc.Arbitrary<Doing[]> = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.record({ what: fc.constant('add' as const), ...place, stream: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('end' as const, 'ask' as const), ...place }) },
  ),
  { maxLength: 300 },
);

test('lists in one memory hold what as many lists of objects do, whatever is added to them, ended and merged', () => {
  fc.assert(
    fc.property(doings, fc.integer({ min: 1, max: 12 }), (done, most) => {
      const parts = [0, 1, 2].map(() => ({
        lists: new FirstLists(Item.width, most),
        own: new Array<number>(LISTS).fill(NO_LIST),
        oracle: Array.from({ length: LISTS }, () => new First<Said>(most)),
      }));
      for (const doing of done) {
        const { lists, own, oracle } = parts[doing.part] as (typeof parts)[number];
        const list = own[doing.list] as number;
        if (doing.what === 'add') {
          own[doing.list] = add(lists, list, doing.stream);
          oracle[doing.list]?.add(saidOf(doing.stream));
        } else if (doing.what === 'end') {
          lists.end(list);
          own[doing.list] = NO_LIST;
          oracle[doing.list] = new First(most);
        } else expect(all(lists, list)).toEqual(oracle[doing.list]?.all);
      }
      const [one, ...others] = parts as [(typeof parts)[number], ...(typeof parts)[number][]];
      for (const other of others) {
        for (let i = 0; i < LISTS; i++) {
          one.own[i] = one.lists.merge(one.own[i] as number, other.lists, other.own[i] as number);
          one.oracle[i]?.merge(other.oracle[i] as First<Said>);
        }
      }
      for (const [i, list] of one.own.entries()) {
        expect(all(one.lists, list)).toEqual(one.oracle[i]?.all);
        const late = one.oracle[i]?.all.filter(({ isLate }) => isLate).length;
        expect(one.lists.count(list, item, ({ isLate }) => isLate)).toBe(late);
      }
    }),
  );
});

test('a list that has enough is closed to what comes too late', () => {
  const lists = new FirstLists(Item.width, 2);
  let list = NO_LIST;
  for (const stream of [7, 3, 5]) list = add(lists, list, stream);
  expect(all(lists, list).map(({ stream }) => stream)).toEqual([3, 5]);
  expect([lists.isOpenTo(list, 6), lists.isOpenTo(list, 4), lists.isOpenTo(NO_LIST, 6)]).toEqual([false, true, true]);
});

test('what an ended list or a list that had too much has left is used again', () => {
  const lists = new FirstLists(Item.width, 4);
  let list = NO_LIST;
  const used = new Set<number>();
  for (let round = 0; round < 100; round++) {
    for (let stream = 20; stream > 0; stream--) list = add(lists, list, stream);
    for (const row of lists.rows(list)) used.add(row);
    lists.end(list);
    list = NO_LIST;
  }
  expect(used.size).toBeLessThanOrEqual(5);
});

test('forged lists that lead in a circle, or share what they hold, come to an end', () => {
  const forged = (): { lists: FirstLists; list: number; words: Int32Array; links: number } => {
    const lists = new FirstLists(Item.width, 4);
    let list = NO_LIST;
    for (const stream of [1, 2]) list = add(lists, list, stream);
    const { items } = lists as unknown as { items: Slab };
    return { lists, list, words: items.words, links: Item.width };
  };
  const circle = forged();
  circle.words[circle.links + 1] = 1;
  expect(() => circle.lists.rows(circle.list)).toThrow(RangeError);
  const shared = forged();
  const own = new FirstLists(Item.width, 4);
  own.merge(NO_LIST, shared.lists, shared.list);
  expect(() => own.merge(NO_LIST, shared.lists, shared.list)).toThrow(RangeError);
});
