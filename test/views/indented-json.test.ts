import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indentedJson } from '../../src/views/indented-json.js';

test('the lines are those of JSON.stringify', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect([...indentedJson(value)].join('\n')).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

test('each member of a long list comes by itself', () => {
  expect([...indentedJson({ rows: [{ a: 1 }, {}], none: [], unknown: undefined })]).toEqual([
    '{',
    '  "rows": [',
    '    {',
    '      "a": 1',
    '    },',
    '    {}',
    '  ],',
    '  "none": []',
    '}',
  ]);
});
