import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FirstNames, type Named } from '../../src/hosts/first-names.js';

interface Name {
  readonly name: string;
}

/** The hash tells only a few names apart. */
class Sum implements Name, Named<Name, Sum> {
  first = 0;
  next: Sum | undefined = undefined;
  total = 0;

  constructor(readonly name: string) {}

  get hash(): number {
    return hashOf(this);
  }

  isNamed({ name }: Name): boolean {
    return this.name === name;
  }

  merge({ total }: Sum): void {
    this.total += total;
  }
}

function hashOf({ name }: Name): number {
  return name.charCodeAt(0) % 3;
}

function sumOf(sums: FirstNames<Name, Sum>, name: string, stream: number): Sum {
  return sums.of({ name }, hashOf({ name }), stream) ?? sums.add(new Sum(name), stream);
}

function namesOf(sums: FirstNames<Name, Sum>): string[] {
  return sums.all.map(({ name }) => name);
}

test('what is known under a name is the same, whatever order it comes in and however it is divided; names are in the order of their first flows', () => {
  const flows = fc.uniqueArray(fc.record({ stream: fc.nat(200), part: fc.nat(2), name: fc.constantFrom(...'abcdefgh') }), {
    selector: ({ stream }) => stream,
    maxLength: 60,
  });
  fc.assert(
    fc.property(flows, (all) => {
      const parts = [0, 1, 2].map(() => new FirstNames<Name, Sum>(10));
      for (const { name, stream, part } of all) sumOf(parts[part] as FirstNames<Name, Sum>, name, stream).total += stream;
      const [merged, ...others] = parts as [FirstNames<Name, Sum>, ...FirstNames<Name, Sum>[]];
      for (const other of others) merged.merge(other);
      const sorted = all.toSorted((a, b) => a.stream - b.stream);
      const names = [...new Set(sorted.map(({ name }) => name))];
      expect(namesOf(merged)).toEqual(names);
      expect(merged.those(({ name }) => name < 'd').map(({ name }) => name)).toEqual(names.filter((name) => name < 'd'));
      for (const name of names) {
        const of = sorted.filter((flow) => flow.name === name);
        const known = merged.get({ name }, hashOf({ name }));
        expect(known).toMatchObject({ first: of[0]?.stream, total: of.reduce((sum, { stream }) => sum + stream, 0) });
        expect(merged.called(name.toUpperCase(), (sum) => sum.name.toUpperCase())).toBe(known);
      }
    }),
  );
});

test('of more names than there is room for those stay that came up first, whatever order they come in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(25), { minLength: 1 }), fc.integer({ min: 1, max: 12 }), (streams, most) => {
      const sums = new FirstNames<Name, Sum>(most);
      const nameOf = (stream: number): string => String.fromCharCode(97 + stream);
      for (const stream of streams) sumOf(sums, nameOf(stream), stream);
      expect(sums.isCrowded).toBe(streams.length > most);
      const kept = streams.toSorted((a, b) => a - b).slice(0, most);
      expect(namesOf(sums)).toEqual(kept.map(nameOf));
      for (const stream of streams) {
        const known = sums.get({ name: nameOf(stream) }, hashOf({ name: nameOf(stream) }));
        expect(known?.first).toBe(kept.includes(stream) ? stream : undefined);
      }
    }),
  );
});

test('a name that comes too late is turned away at once', () => {
  const sums = new FirstNames<Name, Sum>(2);
  for (const stream of [5, 2, 9]) sumOf(sums, `n${stream}`, stream);
  expect([sums.isOpenTo(4), sums.isOpenTo(6)]).toEqual([true, false]);
  sumOf(sums, 'n6', 6);
  expect(namesOf(sums)).toEqual(['n2', 'n5']);
  sumOf(sums, 'n5', 1);
  expect(namesOf(sums)).toEqual(['n5', 'n2']);
});

test('what is called by a text is known anew when more comes up', () => {
  const sums = new FirstNames<Name, Sum>(5);
  const called = (text: string): string | undefined => sums.called(text, ({ name }) => `<${name}>`)?.name;
  sumOf(sums, 'a', 1);
  expect([called('<a>'), called('<b>')]).toEqual(['a', undefined]);
  sumOf(sums, 'b', 2);
  expect(called('<b>')).toBe('b');
});

test('that there are more names than are kept is known of all parts together as it is of the whole', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ stream: fc.nat(25), part: fc.nat(2) }), { selector: ({ stream }) => stream }),
      fc.integer({ min: 1, max: 12 }),
      (all, most) => {
        const parts = [0, 1, 2].map(() => new FirstNames<Name, Sum>(most));
        for (const { stream, part } of all) sumOf(parts[part] as FirstNames<Name, Sum>, String.fromCharCode(97 + stream), stream);
        const [merged, ...others] = parts as [FirstNames<Name, Sum>, ...FirstNames<Name, Sum>[]];
        for (const other of others) merged.merge(other);
        expect(merged.isCrowded).toBe(all.length > most);
        const kept = all
          .map(({ stream }) => stream)
          .toSorted((a, b) => a - b)
          .slice(0, most);
        expect(namesOf(merged)).toEqual(kept.map((stream) => String.fromCharCode(97 + stream)));
      },
    ),
  );
});
