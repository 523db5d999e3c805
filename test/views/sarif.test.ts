import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { default as Ajv04 } from 'ajv-draft-04';
import { default as addFormats } from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { sarif } from '../../src/views/sarif.js';
import { type Reported, reportsOfRecordings } from '../reports.js';
import { comparisonWith, PAYLOADS, reportWith } from './payloads.js';
import { PLAIN } from './view-options.js';

const require = createRequire(import.meta.url);
/** The schema of OASIS, as the matchers of @microsoft/jest-sarif bring it. */
const schema = require(join(dirname(require.resolve('@microsoft/jest-sarif')), 'schemas', 'sarif-2.1.0-rtm.5.json'));
const ajv = new Ajv04.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv as never);
const isSarif = ajv.compile(schema);

function parsed(report: Reported['report']) {
  return JSON.parse([...sarif(report, PLAIN)].join('\n'));
}

let reports: Reported[] = [];
beforeAll(async () => {
  reports = await reportsOfRecordings();
}, 300_000);

describe('the report as SARIF', () => {
  test('satisfies the schema of SARIF 2.1.0, whatever the recording', () => {
    for (const { name, report } of reports) {
      isSarif(parsed(report));
      expect(isSarif.errors ?? [], name).toEqual([]);
    }
  });

  test('has a result for every finding, whose rule is its pattern', () => {
    for (const { report } of reports) {
      const [{ results, tool }] = parsed(report).runs;
      expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(report.findings.map(({ pattern }) => pattern));
      for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    }
  });

  test('points into the file that holds the first frame of the proof', () => {
    const report = reportWith('a.pcap');
    const input = ['a.pcap', 'b.pcap', 'c.pcap'].map((name) => ({ name, frames: 10, sha256: null }));
    const fileOf = (frame: number): string => {
      const findings = report.findings.slice(0, 1).map((finding) => ({ ...finding, frames: [frame] }));
      return parsed({ ...report, input, findings }).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri;
    };
    expect([1, 10, 11, 20, 21, 30].map(fileOf)).toEqual(['a.pcap', 'a.pcap', 'b.pcap', 'b.pcap', 'c.pcap', 'c.pcap']);
  });

  test.each(PAYLOADS)('stays valid, and without a link, with %s', (_, payload) => {
    const log = parsed(comparisonWith(payload));
    isSarif(log);
    expect(isSarif.errors ?? []).toEqual([]);
    const messages = log.runs[0].results.map(({ message }: { message: { text: string } }) => message.text) as string[];
    for (const message of messages) expect(message).not.toMatch(/\]\(/);
  });
});
