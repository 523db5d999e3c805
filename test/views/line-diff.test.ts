import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineDiff } from '../../src/views/line-diff.js';

describe('the difference between two texts', () => {
  test('is nothing when they are the same', () => {
    expect(lineDiff('a\nb\n', 'a\nb\n')).toEqual([]);
  });

  test('shows what goes and what comes, with two lines around it', () => {
    expect(lineDiff('1\n2\n3\n4\n5\n6\n7', '1\n2\n3\nfour\n5\n6\n7')).toEqual(['  ...', '  2', '  3', '- 4', '+ four', '  5', '  6', '  ...']);
  });

  test('read backwards or forwards it yields either text', () => {
    const line = fc.constantFrom('a', 'b', 'c', '- x', '');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), fc.array(line, { maxLength: 5 }), (old, recent) => {
        const [before, after] = [old.join('\n'), recent.join('\n')];
        const diff = lineDiff(before, after);
        if (before === after) return diff.length === 0;
        const kept = diff.filter((text) => text !== '  ...');
        const side = (mark: string): string[] => kept.filter((text) => text.startsWith(mark) || text.startsWith('  ')).map((text) => text.slice(2));
        const [goes, comes] = [side('- '), side('+ ')];
        return (
          contains(before.split('\n'), goes) &&
          contains(after.split('\n'), comes) &&
          before.split('\n').length - goes.length === after.split('\n').length - comes.length
        );
      }),
    );
  });
});

/** Whether a list occurs in another, perhaps with gaps. */
function contains(all: readonly string[], part: readonly string[]): boolean {
  let at = 0;
  for (const line of all) if (line === part[at]) at++;
  return at === part.length;
}
