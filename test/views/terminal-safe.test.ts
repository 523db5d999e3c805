import { describe, expect, test } from 'vitest';
import { FORMATS } from '../../src/cli/formats.js';
import { HARMFUL, PAYLOADS, reportWith } from './payloads.js';
import { PLAIN } from './view-options.js';

describe.each(Object.entries(FORMATS))('%s', (_, { view }) => {
  test.each(PAYLOADS)('brings no control character to a terminal with %s', (_, payload) => {
    const text = [...view(reportWith(payload), PLAIN)].join('\n').replaceAll('\r\n', '\n').replace(/\r$/, '');
    expect(text).not.toMatch(HARMFUL);
  });
});
