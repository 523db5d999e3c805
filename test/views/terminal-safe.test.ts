import { describe, expect, test } from 'vitest';
import { FORMATS } from '../../src/cli/formats.js';
import { comparisonWith, HARMFUL, PAYLOADS } from './payloads.js';
import { PLAIN } from './view-options.js';

describe.each(Object.entries(FORMATS))('%s', (_, { view }) => {
  test.each(PAYLOADS)('brings no control character to a terminal with %s', (_, payload) => {
    const text = [...view(comparisonWith(payload), PLAIN)].join('\n').replaceAll('\r\n', '\n').replace(/\r$/, '');
    expect(text).not.toMatch(HARMFUL);
  });
});
