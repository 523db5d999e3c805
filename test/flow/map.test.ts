import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Segment } from '../../src/decode/segment.js';
import { Entry } from '../../src/flow/table/entry.js';
import { EntryMap } from '../../src/flow/table/map.js';
import { WaitingRoom } from '../../src/flow/table/waiting.js';

const room = new WaitingRoom(Number.POSITIVE_INFINITY);

function from(port: number): Segment {
  return Object.assign(new Segment(), { family: 4, source3: 1, destination3: 2, sourcePort: port, destinationPort: 443 });
}

function conversation(port: number, hash: number): Entry {
  const entry = new Entry(room, port);
  entry.begin(port, hash, from(port), undefined, undefined);
  return entry;
}

/** Few hashes, so that many conversations share one or are neighbours. */
const step = fc.record({ port: fc.nat({ max: 60 }), joins: fc.boolean() });

test('a conversation is found from its first segment until it is over, whoever else has come and gone', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.constantFrom(1, 3, 1 << 30, 0x9e3779b1 | 0), (steps, spread) => {
      const hashOf = (port: number): number => Math.imul(port >> 2, spread);
      const map = new EntryMap();
      const oracle = new Map<number, Entry>();
      for (const { port, joins } of steps) {
        const known = oracle.get(port);
        if (joins && known === undefined) {
          const entry = conversation(port, hashOf(port));
          map.add(entry);
          oracle.set(port, entry);
        } else if (!joins && known !== undefined) {
          map.remove(known);
          oracle.delete(port);
        }
        for (let other = 0; other <= 60; other++) expect(map.find(from(other), hashOf(other))).toBe(oracle.get(other));
      }
    }),
  );
});

test('thousands of conversations are found, all with one hash or each with its own', () => {
  for (const hashOf of [() => 7, (port: number) => port, (port: number) => port << 20]) {
    const map = new EntryMap();
    const entries = Array.from({ length: 3000 }, (_, port) => conversation(port, hashOf(port)));
    for (const entry of entries) map.add(entry);
    for (const entry of entries.slice(0, 1500)) map.remove(entry);
    expect(entries.map(({ stream }) => map.find(from(stream), hashOf(stream)))).toEqual(entries.map((entry, i) => (i < 1500 ? undefined : entry)));
  }
});
