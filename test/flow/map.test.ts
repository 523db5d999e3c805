import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Segment } from '../../src/decode/segment.js';
import { Entries } from '../../src/flow/table/entries.js';
import { Entry } from '../../src/flow/table/entry.js';
import { NOBODY } from '../../src/flow/table/entry-row.js';
import { EntryMap } from '../../src/flow/table/map.js';
import { WaitingRoom } from '../../src/flow/table/waiting.js';

const entries = new Entries(new WaitingRoom(Number.POSITIVE_INFINITY));

/** Between a client and a server: the even ones by IPv4 with a port each, of the odd ones sixteen on one port, by IPv6 from neighbouring networks. */
function from(client: number): Segment {
  const ends = client % 2 === 0 ? { family: 4, sourcePort: client } : { family: 6, sourcePort: client >> 5, source2: client % 32, destination0: 7 };
  return Object.assign(new Segment(), { source3: 1, destination3: 2, destinationPort: 443 }, ends);
}

function answerTo(segment: Segment): Segment {
  const { source0, source1, source2, source3, sourcePort, destination0, destination1, destination2, destination3, destinationPort } = segment;
  const to = { destination0: source0, destination1: source1, destination2: source2, destination3: source3, destinationPort: sourcePort };
  const by = { source0: destination0, source1: destination1, source2: destination2, source3: destination3, sourcePort: destinationPort };
  return Object.assign(new Segment(), { family: segment.family }, to, by);
}

function conversation(port: number, hash: number): number {
  const number = entries.add();
  new Entry(entries, number).begin(port, hash, from(port), NOBODY, NOBODY);
  return number;
}

/** Few hashes, so that many conversations share one or are neighbours. */
const step = fc.record({ port: fc.nat({ max: 60 }), joins: fc.boolean() });

test('a conversation is found from its first segment until it is over, whoever else has come and gone', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.constantFrom(1, 3, 1 << 30, 0x9e3779b1 | 0), (steps, spread) => {
      const hashOf = (port: number): number => Math.imul(port >> 2, spread);
      const map = new EntryMap(entries);
      const oracle = new Map<number, number>();
      for (const { port, joins } of steps) {
        const known = oracle.get(port);
        if (joins && known === undefined) {
          const entry = conversation(port, hashOf(port));
          map.add(entry);
          oracle.set(port, entry);
        } else if (!joins && known !== undefined) {
          map.remove(known);
          new Entry(entries, known).end();
          oracle.delete(port);
        }
        for (let other = 0; other <= 60; other++) {
          expect(map.find(from(other), hashOf(other))).toBe(oracle.get(other) ?? NOBODY);
          expect(map.find(answerTo(from(other)), hashOf(other))).toBe(oracle.get(other) ?? NOBODY);
        }
      }
    }),
  );
});

test('thousands of conversations are found, all with one hash or each with its own', () => {
  for (const hashOf of [() => 7, (port: number) => port, (port: number) => port << 20]) {
    const map = new EntryMap(entries);
    const numbers = Array.from({ length: 3000 }, (_, port) => conversation(port, hashOf(port)));
    for (const number of numbers) map.add(number);
    for (const number of numbers.slice(0, 1500)) map.remove(number);
    expect(numbers.map((_, port) => map.find(from(port), hashOf(port)))).toEqual(numbers.map((number, port) => (port < 1500 ? NOBODY : number)));
  }
});
