import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csv } from '../../src/views/csv.js';
import { reportsOfRecordings } from '../reports.js';
import { comparisonWith, PAYLOADS, reportWith } from './payloads.js';
import { PLAIN } from './view-options.js';

/** Reads as RFC 4180 says, and as strictly. */
function rows(report: Parameters<typeof csv>[0]): ({ title: string } & Record<string, string>)[] {
  const text = `${[...csv(report, PLAIN)].join('\n')}\n`;
  return parse(text, { columns: true, record_delimiter: '\r\n', relax_quotes: false, relax_column_count: false });
}

describe('the report as CSV', () => {
  test('has a row for every finding of every recording', async () => {
    for (const { report } of await reportsOfRecordings()) {
      expect(rows(report).map(({ pattern, sentence }) => [pattern, sentence])).toEqual(
        report.findings.map(({ pattern, sentence }) => [pattern, sentence]),
      );
    }
  }, 300_000);

  test.each(PAYLOADS)('no cell is a formula with %s', (_, payload) => {
    const all = rows(comparisonWith(payload));
    expect(all).toHaveLength(3);
    for (const cell of all.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
  });

  test('any text stays one cell and no formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const all = rows(reportWith(text));
        return all.length === 3 && all.every((row) => Object.keys(row).length === 16 && !/^\s*[=+\-@]/.test(row.title ?? ''));
      }),
    );
  });
});
