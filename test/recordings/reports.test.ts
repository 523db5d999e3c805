import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixturesIn } from '../../src/cli/check/fixtures.js';
import { verdictOn } from '../../src/cli/check/verdict.js';
import { CAPTURES, recordings } from '../recordings.js';

const fixtures = await fixturesIn(CAPTURES);

test('every recording has its expected report', () => {
  expect(fixtures).toHaveLength(recordings().length);
});

describe('the report on a recording is the expected one (UPDATE=1 rewrites it; read the difference before you commit it)', () => {
  test.each(fixtures.map((fixture) => [relative(CAPTURES, fixture.expected), fixture] as const))('%s', async (_, fixture) => {
    const verdict = await verdictOn(fixture);
    if (process.env.UPDATE && 'actual' in verdict) writeFileSync(fixture.expected, verdict.actual);
    else expect(verdict).toEqual({ kind: 'same' });
  });
});
