import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { hostPatterns, patterns } from '../../src/patterns/index.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

describe('every pattern is recognised in its example, and cites the segments that are marked', () => {
  test.each([...patterns, ...hostPatterns].map((pattern) => [pattern.id, pattern] as const))('%s', async (_, { id, example }) => {
    const { file, lines } = capture(example);
    const report = await analyze(captureOf(file));
    const cited = new Set(report.findings.filter(({ pattern }) => pattern === id).flatMap(({ frames }) => frames));
    const found = lines.map(({ frame, text }) => `${text}${cited.has(frame) ? `  # ${id}` : ''}`);
    const expected = lines.map(({ marks, text }) => `${text}${marks.includes(id) ? `  # ${id}` : ''}`);
    expect(found).toEqual(expected);
    expect(cited.size).toBeGreaterThan(0);
  });
});
